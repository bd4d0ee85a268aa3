"""A Label Studio in this process that answers as version 1.23.2 was seen to."""

import json
import re
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

TOKEN = "0123456789abcdef0123456789abcdef01234567"
PERSONAL = "eyJh.eyJ0b2tlbl90eXBl.a0XeVR-BDpuLv1"


class Studio:
    """What the server knows, and how it fails: `fail` gives (status, type, body) for what matches a method and path."""

    def __init__(self):
        self.release = "1.23.2"
        self.projects, self.tasks, self.people = {}, [], {1: "li@example.com", 2: "wang@example.com"}
        self.fail, self.asked, self.access, self.page = {}, [], 0, 2

    def add_project(self, title, config="<View/>"):
        number = len(self.projects) + 1
        self.projects[number] = {"id": number, "title": title, "label_config": config}
        return self.projects[number]

    def annotate(self, task, result, *, by=1, time="2026-11-24T15:27:20.076871Z", **more):
        annotation = {"id": len(self.tasks) + 100, "completed_by": by, "result": result, "was_cancelled": False}
        task["annotations"].append(annotation | {"ground_truth": False, "created_at": time, "updated_at": time} | more)

    def accept(self, task, **more):
        """Submit the first prediction of a task as it is."""
        self.annotate(task, task["predictions"][0]["result"], **more)

    def task(self, name):
        return next(task for task in self.tasks if task["data"].get("id") == name)

    def answer(self, method, path, query, body, authorization):
        for pattern, failure in self.fail.items():
            if re.fullmatch(pattern, f"{method} {path}"):
                return failure
        if path == "/api/token/refresh":
            self.access += body["refresh"] == PERSONAL
            return (200, {"access": f"access-{self.access}"}) if body["refresh"] == PERSONAL else refuse(401)
        if authorization not in (f"Token {TOKEN}", f"Bearer access-{self.access}"):
            return refuse(401, "Invalid token.")
        rest = re.fullmatch(r"/api/projects/(\d+)(/.*)?", path)
        if rest and int(rest[1]) not in self.projects:
            return refuse(404, "No Project matches the given query.")
        return self.route(method, path, query, body, rest)

    def route(self, method, path, query, body, rest):  # noqa: PLR0911
        page, size = int(query.get("page", 1)), min(int(query.get("page_size", 100)), self.page)
        part = slice((page - 1) * size, page * size)
        match method, path if rest is None else rest[2] or "":
            case "GET", "/api/version":
                return 200, {"release": self.release, "edition": "Community"}
            case "GET", "/api/current-user/whoami":
                return 200, {"id": 1, "email": "li@example.com"}
            case "GET", "/api/users":
                return 200, [{"id": number, "email": email} for number, email in self.people.items()]
            case "GET", "/api/projects":
                found = list(self.projects.values())[part]
                if page > 1 and not found:
                    return refuse(404, "Invalid page.")
                more = "next" if part.stop < len(self.projects) else None
                return 200, {"count": len(self.projects), "next": more, "previous": None, "results": found}
            case "POST", "/api/projects":
                return 201, self.add_project(body["title"], body["label_config"])
            case "PATCH", "":
                self.projects[int(rest[1])] |= body
                return 200, self.projects[int(rest[1])]
            case "GET", "/api/tasks":
                mine = [task for task in self.tasks if task["project"] == int(query["project"])]
                if page > 1 and not mine[part]:
                    return refuse(404, "Invalid page.")
                return 200, {"total": len(mine), "tasks": [{"id": t["id"], "data": t["data"]} for t in mine[part]]}
            case "POST", "/import":
                for task in body:
                    base = {"id": len(self.tasks) + 1, "project": int(rest[1]), "annotations": [], "drafts": []}
                    self.tasks.append(base | {"predictions": []} | task)
                return 201, {"task_count": len(body), "annotation_count": 0, "prediction_count": len(body)}
            case "GET", "/export":
                return 200, [task for task in self.tasks if task["project"] == int(rest[1])]
        return 404, "<!doctype html>"


def refuse(status, detail="no", **errors):
    return status, {"status_code": status, "version": "1.23.2", "detail": detail, "validation_errors": errors}


@contextmanager
def running(studio):
    """Serve a studio on a free port."""

    class Handler(BaseHTTPRequestHandler):
        def answer(self):
            parts = urlsplit(self.path)
            query = {key: values[0] for key, values in parse_qs(parts.query).items()}
            content = self.rfile.read(int(self.headers.get("content-length") or 0))
            body = json.loads(content) if content else None
            studio.asked.append((self.command, parts.path, body))
            status, data = studio.answer(self.command, parts.path, query, body, self.headers.get("authorization"))
            text = data if isinstance(data, (str, bytes)) else json.dumps(data)
            content = text if isinstance(text, bytes) else text.encode()
            self.send_response(status)
            if status in (301, 302):
                self.send_header("location", "https://studio.example.com/")
            self.send_header("content-length", str(len(content) + 10 * isinstance(data, bytes)))  # bytes break off
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PATCH = answer  # noqa: N815

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    studio.url = f"http://127.0.0.1:{server.server_address[1]}"
    yield studio
    server.shutdown()
    server.server_close()
