import socket

import pytest

from govnews.errors import ServerError
from govnews.label.client import Project, Server, Task
from studio import PERSONAL, TOKEN, refuse

HTML = "<!doctype html><title>404</title>"


def use(server):
    """Everything one can ask for."""
    server.check()
    project = server.get_project("县")
    list(server.list_tasks(project))
    server.import_tasks(project, [{"data": {"id": "a", "text": "县"}}])
    server.export_tasks(project)
    server.list_people()


@pytest.mark.parametrize("token", [TOKEN, f" {TOKEN}\n", PERSONAL])
def test_legacy_and_personal_tokens_open_the_server(studio, token):
    studio.add_project("县")
    with Server(f"{studio.url}/", token) as server:
        use(server)


def test_a_personal_token_is_refreshed_when_what_it_gave_has_run_out(studio):
    with Server(studio.url, PERSONAL) as server:
        server.check()
        studio.access += 1
        server.check()
    assert [path for _, path, _ in studio.asked].count("/api/token/refresh") == 2


def test_a_personal_token_that_was_revoked_is_told(studio):
    with Server(studio.url, "a.b.c") as server, pytest.raises(ServerError, match="refuses the token"):
        server.check()
    assert [path for _, path, _ in studio.asked] == ["/api/token/refresh"]


def test_pages_are_read_to_their_end(studio, server):
    for number in range(5):
        studio.add_project(f"project {number}")
        studio.tasks.append({"id": number + 1, "project": 1, "data": {"id": f"a{number}", "text": "县"}})
    assert server.get_project("project 4") == Project(5, "project 4", "<View/>")
    project = server.get_project("1")
    assert list(server.list_tasks(project)) == [Task(n + 1, f"a{n}", "县") for n in range(5)]


def test_tasks_of_others_that_have_no_id_or_text_are_passed_over(studio, server):
    project = studio.add_project("县")
    for number, data in enumerate([{"image": "a.png"}, {"id": "a"}, {"text": "县"}, {"id": 7, "text": "县"}], start=1):
        studio.tasks.append({"id": number, "project": project["id"], "data": data})
    assert list(server.list_tasks(server.get_project("县"))) == [Task(4, "7", "县")]


def test_a_project_that_is_not_there_is_told_with_those_that_are(studio, server):
    studio.add_project("县一")
    assert server.find_project("县") is None
    with pytest.raises(ServerError, match=r"has no project '县'\n  Projects: '县一' \(1\)"):
        server.get_project("县")


def test_two_projects_of_one_title_are_told_apart_by_number(studio, server):
    studio.add_project("县")
    studio.add_project("县")
    with pytest.raises(ServerError, match=r"several projects called '县'\n.*a number: 1, 2"):
        server.get_project("县")
    assert server.get_project("2").id == 2


@pytest.mark.parametrize("title", ["县", "县" * 51])
def test_a_title_that_the_server_would_refuse_is_refused(server, title):
    with pytest.raises(ServerError, match="3 to 50 characters"):
        server.create_project(title, "<View/>")


@pytest.mark.parametrize("url", ["", "localhost:8080", "ftp://localhost", "http://", "8080"])
def test_what_is_no_address_is_refused(url):
    with pytest.raises(ServerError, match="is no address of a server"):
        Server(url, TOKEN)


@pytest.mark.parametrize("token", ["", " ", "令牌", "a b"])
def test_what_is_no_token_is_refused(token):
    with pytest.raises(ServerError, match="the token is empty, or holds"):
        Server("http://localhost:8080", token)


def test_a_server_that_is_down_is_told():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with Server(f"http://127.0.0.1:{port}", TOKEN) as server, pytest.raises(ServerError, match="cannot be reached"):
        server.check()


@pytest.mark.parametrize(
    ("failure", "message"),
    [
        (refuse(401, "Invalid token."), "refuses the token"),
        (refuse(403), "does not allow"),
        ((404, HTML), "has no /api/"),
        ((500, HTML), "failed with status 500"),
        ((502, ""), "failed with status 502"),
        ((302, ""), "sends on to https://studio.example.com/"),
        (refuse(400, label_config=["unclosed token", "line 1"]), "status 400: label_config: unclosed token line 1"),
        (refuse(409, "You already have a valid token."), "status 409: You already have a valid token."),
        ((400, '"no"'), "status 400: no reason given"),
        ((200, HTML), "answers with what is no JSON"),
        ((200, ""), "answers with what is no JSON"),
        ((200, '{"release": "1.2'), "answers with what is no JSON"),
        ((200, b'{"release": "1.23.2"'), "broke off"),
        ((200, b"\xff"), "broke off"),
    ],
    ids=str,
)
@pytest.mark.parametrize(
    "where", ["GET /api/version", "GET /api/projects", "GET /api/tasks", "POST .*/import", "GET .*/export"]
)
def test_whatever_the_server_does_it_is_named_with_what_to_do(studio, server, failure, message, where):
    studio.add_project("县")
    studio.fail[where] = failure
    with pytest.raises(ServerError) as caught:
        use(server)
    assert message in caught.value.message
    assert caught.value.path == studio.url
    assert caught.value.hint
    assert TOKEN not in str(caught.value)


@pytest.mark.parametrize(
    ("where", "answer", "message"),
    [
        ("GET /api/version", {}, "is no Label Studio"),
        ("GET /api/version", ["1.23"], "is no Label Studio"),
        ("GET /api/version", {"release": "0.9.1"}, "is Label Studio 0.9.1"),
        ("GET /api/version", {"release": "2.0.0"}, "is Label Studio 2.0.0"),
        ("GET /api/projects", [], "has no project '县'"),
        ("GET /api/projects", {"results": {}}, "results should be a list, found an object"),
        ("GET /api/projects", {"results": [{"title": "县"}]}, "a project has no 'id'"),
        ("GET /api/projects", {"results": [5]}, "a project should be a JSON object, found 5"),
        ("GET /api/tasks", {"tasks": []}, "the list of tasks has no 'total'"),
        ("GET /api/tasks", {"total": 1, "tasks": [{"data": {}}]}, "a task has no 'id'"),
        ("GET /api/tasks", {"total": 1, "tasks": [{"id": 1, "data": []}]}, "a task.data should be a JSON object"),
        ("POST .*/import", {"task_ids": [1]}, "what the import answered has no 'task_count'"),
        ("POST .*/import", {"task_count": 0}, "took 0 of 1 tasks"),
        ("GET .*/export", {"tasks": []}, "the export should be a list of tasks"),
        ("GET .*/export", [5], "the export should be a list of tasks"),
        ("GET /api/users", {}, "the list of users should be a list"),
        ("GET /api/users", [{"id": 1}], "a user has no 'email'"),
    ],
)
def test_an_answer_of_another_shape_is_named(studio, server, where, answer, message):
    studio.add_project("县")
    studio.fail[where] = (200, answer)
    with pytest.raises(ServerError) as caught:
        use(server)
    assert message in caught.value.message


def test_a_list_that_shrinks_while_it_is_read_ends(studio, server):
    studio.add_project("县")
    studio.fail["GET /api/tasks"] = (200, {"total": 9, "tasks": []})
    assert list(server.list_tasks(server.get_project("县"))) == []
