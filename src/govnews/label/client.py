"""Speak with a Label Studio server over HTTP, and say in words what goes wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlsplit

from govnews.errors import FormatError, ServerError
from govnews.formats.fields import expected, field, items

if TYPE_CHECKING:
    import httpx

_PERSONAL = re.compile(r"[\w-]+\.[\w-]+\.[\w-]+")
_PAGE = 500
_SECONDS = 300  # a large project takes its time to be exported
_AGAIN = "Try again; what is there is not pushed twice."
_TOKEN_HINT = (
    "Copy it from Account & Settings in Label Studio: a personal access token, or a legacy token where those are "
    "allowed; pass it in LABEL_STUDIO_API_KEY."
)


@dataclass(frozen=True, slots=True)
class Project:
    """A project of a server."""

    id: int
    title: str
    config: str


@dataclass(frozen=True, slots=True)
class Task:
    """A task of a project, without what was made of it."""

    id: int
    document: str
    text: str


class Server:
    """A Label Studio server, with a token of one of its users.

    Args:
        url: Where it is, such as `http://localhost:8080`.
        token: A personal access token, or a legacy one.

    Raises:
        ServerError: The address or the token is none, or httpx is not installed.
    """

    def __init__(self, url: str, token: str) -> None:
        httpx = _import_httpx()
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ServerError(f"{url!r} is no address of a server", hint="Write it as http://localhost:8080.")
        if not re.fullmatch(r"[!-~]+", token.strip()):
            raise ServerError("the token is empty, or holds what no token holds", hint=_TOKEN_HINT)
        self.url = url.rstrip("/")
        self._refresh_token = token.strip() if _PERSONAL.fullmatch(token.strip()) else None
        self._headers = {} if self._refresh_token else {"Authorization": f"Token {token.strip()}"}
        self._http = httpx.Client(timeout=httpx.Timeout(_SECONDS, connect=10))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def check(self) -> None:
        """Make sure that a Label Studio of a known version is there and takes the token.

        Raises:
            ServerError: It is not, or does not.
        """
        version = self._call("GET", "/api/version")
        release = version.get("release") if isinstance(version, dict) else None
        if not isinstance(release, str):
            raise self._error("answers, but is no Label Studio", hint="Check the address, and the path in it.")
        if not release.startswith("1."):
            raise self._error(f"is Label Studio {release}, which speaks another language", hint="Supported is 1.x.")
        self._call("GET", "/api/current-user/whoami")

    def find_project(self, name: str) -> Project | None:
        """The project of a title, or of a number.

        Raises:
            ServerError: Several have that title.
        """
        if name.isascii() and name.isdigit():
            return next((project for project in self._projects() if project.id == int(name)), None)
        found = [project for project in self._projects() if project.title == name]
        if len(found) > 1:
            numbers = ", ".join(str(project.id) for project in found)
            raise self._error(f"has several projects called {name!r}", hint=f"Give --project a number: {numbers}.")
        return found[0] if found else None

    def get_project(self, name: str) -> Project:
        """The project of a title, or of a number.

        Raises:
            ServerError: There is none, or several.
        """
        project = self.find_project(name)
        if project is None:
            titles = ", ".join(f"{project.title!r} ({project.id})" for project in self._projects())
            raise self._error(f"has no project {name!r}", hint=f"Projects: {titles or 'none'}.")
        return project

    def create_project(self, title: str, config: str) -> Project:
        """Set up a new project."""
        if not 3 <= len(title) <= 50:
            raise self._error(f"cannot have a project {title!r}", hint="Titles have 3 to 50 characters.")
        return self._project(self._call("POST", "/api/projects", json={"title": title, "label_config": config}))

    def set_config(self, project: Project, config: str) -> None:
        """Change a project's labelling configuration."""
        self._call("PATCH", f"/api/projects/{project.id}", json={"label_config": config})

    def list_tasks(self, project: Project) -> Iterator[Task]:
        """The tasks of a project that have an id and a text."""
        options = {"project": project.id, "page_size": _PAGE, "include": "id,data"}
        page, total, seen = 1, 1, 0
        while seen < total:
            answer = self._call("GET", "/api/tasks", params={**options, "page": page})
            with self._reading():
                total = field(answer, "total", int, "the list of tasks")
                tasks = items(answer, "tasks")
            if not tasks:
                return
            for task in tasks:
                with self._reading():
                    number, data = field(task, "id", int, "a task"), field(task, "data", dict, "a task")
                if isinstance(data.get("text"), str) and isinstance(data.get("id"), (str, int)):
                    yield Task(number, str(data["id"]), data["text"])
            page, seen = page + 1, seen + len(tasks)

    def import_tasks(self, project: Project, tasks: Sequence[dict[str, Any]]) -> None:
        """Add tasks to a project, all of them or none.

        Raises:
            ServerError: It did not take them all.
        """
        answer = self._call("POST", f"/api/projects/{project.id}/import", json=tasks)
        with self._reading():
            count = field(answer, "task_count", int, "what the import answered")
        if count != len(tasks):
            raise self._error(
                f"took {count} of {len(tasks)} tasks", hint="Push again: what is there is not pushed twice."
            )

    def export_tasks(self, project: Project) -> list[dict[str, Any]]:
        """All tasks of a project with everything that was made of them."""
        path = f"/api/projects/{project.id}/export"
        answer = self._call("GET", path, params={"exportType": "JSON", "download_all_tasks": "true"})
        with self._reading():
            if not isinstance(answer, list) or not all(isinstance(task, dict) for task in answer):
                raise expected("the export", "a list of tasks", answer)
        return answer

    def list_people(self) -> dict[int, str]:
        """The addresses of the users one can see, by number."""
        answer = self._call("GET", "/api/users")
        with self._reading():
            if not isinstance(answer, list):
                raise expected("the list of users", "a list", answer)
            return {field(user, "id", int, "a user"): field(user, "email", str, "a user") for user in answer}

    def task_url(self, project: Project, task: int) -> str:
        """Where people open a task."""
        return f"{self.url}/projects/{project.id}/data?task={task}"

    def _projects(self) -> Iterator[Project]:
        page: int | None = 1
        while page is not None:
            answer = self._call("GET", "/api/projects", params={"page": page, "page_size": _PAGE})
            with self._reading():
                results = items(answer, "results") if isinstance(answer, dict) else []
            yield from map(self._project, results)
            page = page + 1 if results and answer.get("next") else None

    def _project(self, data: Any) -> Project:
        with self._reading():
            what = "a project"
            return Project(
                field(data, "id", int, what), field(data, "title", str, what), field(data, "label_config", str, what)
            )

    def _call(self, method: str, path: str, **options: Any) -> Any:
        """Ask for something; what is answered is JSON."""
        if self._refresh_token and not self._headers:
            self._refresh()
        response = self._send(method, path, **options)
        if response.status_code == 401 and self._refresh_token:  # what a personal token gives holds for minutes
            self._refresh()
            response = self._send(method, path, **options)
        return self._read(response)

    def _refresh(self) -> None:
        self._headers = {}
        answer = self._read(self._send("POST", "/api/token/refresh", json={"refresh": self._refresh_token}))
        with self._reading():
            self._headers = {"Authorization": f"Bearer {field(answer, 'access', str, 'a fresh token')}"}

    def _send(self, method: str, path: str, **options: Any) -> httpx.Response:
        import httpx

        try:
            response: httpx.Response = self._http.request(method, self.url + path, headers=self._headers, **options)
        except httpx.ConnectError as error:
            raise self._error(
                f"cannot be reached: {error}", hint="Start it with `label-studio start`, or check --server."
            ) from None
        except httpx.TimeoutException:
            raise self._error("does not answer", hint="Look whether it is busy, and try again.") from None
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise self._error(f"broke off: {error}", hint=_AGAIN) from None
        return response

    def _read(self, response: httpx.Response) -> Any:
        status = response.status_code
        if status in (401, 403):
            raise self._error("refuses the token" if status == 401 else "does not allow this user to", hint=_TOKEN_HINT)
        if 300 <= status < 400:
            where = response.headers.get("location", "another place")
            raise self._error(f"sends on to {where}", hint="Pass the address it has itself, as --server.")
        if status == 404:
            path = response.url.path
            raise self._error(f"has no {path}", hint="Was the project deleted? Or is this no Label Studio 1.x?")
        if status >= 500:
            raise self._error(f"failed with status {status}", hint="Look at what it prints, and try again.")
        try:
            answer = response.json()
        except ValueError:
            raise self._error("answers with what is no JSON", hint="Check that Label Studio is there.") from None
        if status >= 400:
            raise self._error(f"refuses with status {status}: {_reasons(answer)}", hint="Correct it, and try again.")
        return answer

    def _error(self, message: str, *, hint: str) -> ServerError:
        return ServerError(message, path=self.url, hint=hint)

    @contextmanager
    def _reading(self) -> Iterator[None]:
        """Turn errors of what an answer holds into errors of the server."""
        try:
            yield
        except FormatError as error:
            raise self._error(
                f"answers in an unknown way: {error.message}", hint="Supported is Label Studio 1.x; tested was 1.23."
            ) from None


def _reasons(answer: Any) -> str:
    """What the server says of what it refuses."""
    if not isinstance(answer, dict):
        return "no reason given"
    errors = answer.get("validation_errors")
    if not isinstance(errors, dict) or not errors:
        return str(answer.get("detail", "no reason given"))
    reasons = {key: found if isinstance(found, list) else [found] for key, found in errors.items()}
    return "; ".join(f"{key}: {' '.join(map(str, found))}" for key, found in reasons.items())


def _import_httpx() -> Any:
    try:
        import httpx
    except ImportError:
        raise ServerError(
            "to speak with a server needs the package httpx", hint='Install it with: pip install "govnews[label]"'
        ) from None
    return httpx
