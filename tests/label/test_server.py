"""A real Label Studio, and its page in a real browser. Run with `make test-label`."""

import os
import secrets
import socket
import subprocess
import time
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from govnews.formats.documents import read_documents, write_documents
from govnews.label.client import Server
from govnews.label.merge import Side, merge_file
from govnews.label.pull import pull
from govnews.label.push import plan_push, push
from govnews.records import Document, Entity

pytestmark = pytest.mark.label

ADDRESS, PASSWORD, TOKEN = "li@example.com", secrets.token_hex(8), secrets.token_hex(20)
PLAIN = Document("plain", "😀𠮷县\t雨湖区新增学位3700余个。\r\n第二段，雨湖区增长5%。")


@pytest.fixture(scope="module")
def url(tmp_path_factory):
    """A server with an empty database, which calls nobody."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    quiet = {"COLLECT_ANALYTICS": "False", "LATEST_VERSION_CHECK": "False", "SENTRY_DSN": "", "FRONTEND_SENTRY_DSN": ""}
    folder = tmp_path_factory.mktemp("label-studio")
    command = [os.environ.get("LABEL_STUDIO", "label-studio"), "start", "--no-browser", "--internal-host", "127.0.0.1"]
    command += ["-p", str(port), "--data-dir", str(folder), "--username", ADDRESS, "--password", PASSWORD]
    command += ["--user-token", TOKEN, "--enable-legacy-api-token"]
    url = f"http://127.0.0.1:{port}"
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, env={**os.environ, **quiet})
    try:
        for _ in range(240):
            try:
                if httpx.get(f"{url}/health", timeout=5).status_code == 200:
                    break
            except httpx.TransportError:
                assert process.poll() is None, (folder / "log").read_text()
            time.sleep(1)
        yield url
    finally:
        process.terminate()
        process.wait(30)


@pytest.fixture(scope="module")
def server(url):
    with Server(url, TOKEN) as server:
        server.check()
        yield server


@pytest.fixture(scope="module")
def api(url):
    with httpx.Client(base_url=url, headers={"Authorization": f"Token {TOKEN}"}, timeout=60) as client:
        yield client


@pytest.fixture
def project(server, ten, request):
    """A project of one test with the ten sentences and a plain text."""
    scored = replace(ten, entities=tuple(replace(e, score=0.9) for e in ten.entities))
    plan = plan_push(server, request.node.name[:50], [scored, PLAIN])
    assert (len(plan.new), plan.problems) == (2, [])
    return push(server, plan, model_version="test-1")


@pytest.fixture
def open_task(browser, url, server, project):
    """Open a task as its annotator does; no error may appear."""
    problems = []
    context = browser.new_context(viewport={"width": 1500, "height": 950})
    page = context.new_page()
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto(f"{url}/user/login/")
    page.fill("#email", ADDRESS)
    page.fill("#password", PASSWORD)
    page.press("#password", "Enter")
    page.wait_for_url(lambda found: "login" not in found)

    def open_one(name):
        [task] = [task for task in server.list_tasks(project) if task.document == name]
        page.goto(server.task_url(project, task.id))
        page.get_by_role("button", name="Submit").wait_for()
        page.wait_for_timeout(1000)
        return page

    yield open_one
    context.close()
    assert problems == []


def shoot(page, name):
    """Keep a picture for whoever wants to look at it."""
    if folder := os.environ.get("SCREENSHOTS"):
        page.screenshot(path=Path(folder) / f"{name}.png")


def submit(api, server, project, name, *, drop=0):
    """Accept the prediction of a task, but for some of its regions."""
    [task] = [task for task in server.export_tasks(project) if task["data"]["id"] == name]
    [prediction] = api.get(f"/api/tasks/{task['id']}").json()["predictions"]
    result = prediction["result"]
    gone = {item["id"] for item in result[:drop]}
    kept = [r for r in result if not gone & {r.get("id"), r.get("from_id"), r.get("to_id")}]
    api.post(f"/api/tasks/{task['id']}/annotations/", json={"result": kept}).raise_for_status()


def test_the_page_shows_entities_and_relations(open_task, ten):
    page = open_task("ten")
    shown = page.locator(".htx-highlight")
    found = [text.replace("\n", "") for text in shown.all_inner_texts()]
    assert sorted(found) == sorted(ten.surface(entity) for entity in ten.entities)
    assert page.locator(".relations-overlay text").count() == len(ten.relations)
    colours = shown.evaluate_all("marks => marks.map(mark => getComputedStyle(mark).backgroundColor)")
    assert len(set(colours)) == 4
    shoot(page, "ten")


def test_characters_are_marked_with_key_and_mouse(open_task, server, project):
    page = open_task("plain")
    page.keyboard.press("1")
    place = page.evaluate("""() => {
      const walker = document.createTreeWalker(document.querySelector('[class*=htx-richtext]'), NodeFilter.SHOW_TEXT);
      for (let node; (node = walker.nextNode()); ) {
        const at = node.data.indexOf('雨湖区');
        if (at < 0) continue;
        const range = document.createRange();
        range.setStart(node, at);
        range.setEnd(node, at + 3);
        const box = range.getBoundingClientRect();
        return [box.left + 1, box.right - 1, (box.top + box.bottom) / 2];
      }
    }""")
    page.mouse.move(place[0], place[2])
    page.mouse.down()
    page.mouse.move(place[1], place[2], steps=5)
    page.mouse.up()
    page.locator(".htx-highlight").first.wait_for()
    shoot(page, "plain")
    with page.expect_response(lambda answer: "/annotations" in answer.url and answer.request.method == "POST"):
        page.get_by_role("button", name="Submit").click()
    [document] = pull(server, project).single
    start = PLAIN.text.index("雨湖区")
    assert document.text == PLAIN.text
    assert document.entities == (Entity(start, start + 3, "ORG"),)
    assert document.meta["annotator"] == ADDRESS


def test_pushing_again_pushes_nothing(server, project, ten):
    plan = plan_push(server, project.title, [ten, PLAIN])
    assert (plan.new, plan.known, plan.added) == ([], 2, [])
    changed = plan_push(server, project.title, [replace(PLAIN, text="县。")])
    assert "has another text" in changed.problems[0].message


def test_pull_correct_edit_conflict(api, server, project, ten, tmp_path):
    path = tmp_path / "mine.ann"
    pulled = pull(server, project)
    assert (pulled.single, pulled.open) == ([], 2)
    submit(api, server, project, "ten", drop=2)
    pulled = pull(server, project)
    assert (pulled.problems, pulled.open) == ([], 1)
    assert merge_file(path, pulled.single).new == 1
    [document] = read_documents(path)
    assert document.entities == ten.entities[2:]
    before = path.read_bytes()
    assert merge_file(path, pull(server, project).single).documents == [document]
    assert path.read_bytes() == before

    write_documents([replace(document, relations=())], path)
    merge = merge_file(path, pull(server, project).single)
    [conflict] = merge.conflicts
    assert len(conflict.differences()) == len(document.relations)
    assert read_documents(path)[0].relations == ()
    assert merge_file(path, pull(server, project).single, keep=Side.theirs).conflicts == []
    assert read_documents(path) == [document]


def test_skipped_tasks_and_drafts_are_left(api, server, project):
    first, second = list(server.list_tasks(project))
    api.post(f"/api/tasks/{first.id}/annotations/", json={"result": [], "was_cancelled": True}).raise_for_status()
    api.post(f"/api/tasks/{second.id}/drafts", json={"result": [], "lead_time": 1}).raise_for_status()
    pulled = pull(server, project)
    assert (pulled.single, pulled.open, pulled.skipped, pulled.drafts) == ([], 2, 1, 1)


def test_a_personal_token_opens_the_server_too(url, api, project):
    token = api.post("/api/token").json()["token"]
    with Server(url, token) as server:
        server.check()
        assert server.get_project(project.title) == project
