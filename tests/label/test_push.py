import json
from dataclasses import replace

import pytest

from govnews.errors import FormatError, GovnewsError
from govnews.label.interface import Interface, read_interface
from govnews.label.push import check_task, plan_push, push
from govnews.records import LABELS, SIGNATURES, Document, Entity, Relation, Section
from studio import refuse

TEXT = "😀雨湖区新增学位3700余个"
ORG, METRIC = Entity(1, 4, "ORG"), Entity(6, 14, "METRIC")
A = Document("a", TEXT, (ORG, METRIC), (Relation(ORG, METRIC, "HAS_METRIC"),), meta={"date": "2024-12-20"})


def send(server, *documents, name="县的项目", **options):
    plan = plan_push(server, name, documents, **options)
    if plan.new:
        push(server, plan, model_version="m-1")
    return plan


def test_a_new_project_has_the_labels_and_a_task_what_is_marked(studio, server):
    plan = send(server, A)
    assert (len(plan.new), plan.known, plan.problems) == (1, 0, [])
    [project] = studio.projects.values()
    assert project["title"] == "县的项目"
    assert read_interface(project["label_config"]) == Interface(tuple(LABELS), tuple(SIGNATURES))
    [task] = studio.tasks
    assert task["data"] == {"id": "a", "text": TEXT, "date": "2024-12-20"}
    assert task["annotations"] == []  # nobody has looked at it yet
    [prediction] = task["predictions"]
    assert prediction["model_version"] == "m-1"
    first, second, relation = prediction["result"]
    assert (first["from_name"], first["to_name"]) == ("label", "text")
    assert first["value"] == {"start": 1, "end": 4, "text": "雨湖区", "labels": ["ORG"]}
    assert relation == {
        "type": "relation",
        "from_id": first["id"],
        "to_id": second["id"],
        "direction": "right",
        "labels": ["HAS_METRIC"],
    }


def test_scores_come_along(studio, server):
    send(server, replace(A, entities=(replace(ORG, score=0.9), replace(METRIC, score=0.5)), relations=()))
    [prediction] = studio.tasks[0]["predictions"]
    assert [item["score"] for item in prediction["result"]] == [0.9, 0.5]
    assert prediction["score"] == 0.7


def test_pushing_again_pushes_nothing(studio, server):
    documents = [replace(A, id=f"a{number}", text=f"{TEXT}{number}") for number in range(120)]
    assert len(send(server, *documents).new) == 120
    again = send(server, *reversed(documents))
    assert (again.new, again.known, again.problems) == ([], 120, [])
    assert len(studio.tasks) == 120
    assert len(studio.projects) == 1
    assert [path for method, path, _ in studio.asked if method == "POST"].count("/api/projects/1/import") == 3


def test_what_was_marked_since_makes_no_other_task_of_a_text(studio, server):
    send(server, A)
    assert send(server, replace(A, entities=(), relations=())).known == 1


def test_an_interruption_is_made_up_for(studio, server):
    documents = [replace(A, id=f"a{number}") for number in range(120)]
    shown = []
    plan = plan_push(server, "县的项目", documents)

    def progress(count):
        shown.append(count)
        studio.fail["POST .*/import"] = (500, "")

    with pytest.raises(GovnewsError, match="failed with status 500"):
        push(server, plan, model_version="m", progress=progress)
    studio.fail.clear()
    again = send(server, *documents)
    assert (shown, len(again.new), again.known) == ([50], 70, 50)
    assert len({task["data"]["id"] for task in studio.tasks}) == len(studio.tasks) == 120


def test_a_text_that_changed_is_told_and_the_task_stays(studio, server):
    send(server, A)
    plan = send(server, replace(A, text=TEXT + "。"))
    assert (plan.new, plan.known) == ([], 0)
    [problem] = plan.problems
    assert problem.message == "document 'a' has another text than its task"
    assert problem.path == f"{studio.url}/projects/1/data?task=1"
    assert [task["data"]["text"] for task in studio.tasks] == [TEXT]


def test_a_project_gets_the_labels_it_lacks(studio, server):
    studio.add_project("县的项目", Interface(("ORG",), ("RUNS",)).to_xml())
    plan = send(server, A)
    assert plan.added == ["METRIC", "PROGRAM", "DATE", "HAS_METRIC", "HAS_DATE", "PART_OF"]
    assert set(read_interface(studio.projects[1]["label_config"]).labels) == set(LABELS)


def test_labels_of_ones_own_are_pushed_where_that_is_asked_for(studio, server):
    own = Document("a", "张三任镇长", (Entity(0, 2, "人物"), Entity(2, 5, "POST")))
    refused = send(server, own)
    assert "ORG, METRIC, PROGRAM, DATE" in refused.problems[0].hint
    assert studio.projects == {}
    send(server, own, any_label=True)
    assert set(read_interface(studio.projects[1]["label_config"]).labels) == {*LABELS, "人物", "POST"}


def test_a_model_marks_only_what_is_new(studio, server):
    send(server, A)
    asked = []

    def annotate(documents):
        asked.extend(documents)
        return [replace(document, entities=(ORG,), relations=()) for document in documents]

    send(server, A, replace(A, id="b"), annotate=annotate)
    assert [document.id for document in asked] == ["b"]
    assert len(studio.task("b")["predictions"][0]["result"]) == 1


def test_a_project_for_something_else_is_left_alone(studio, server):
    studio.add_project("县的项目", '<View><Image name="img" value="$image"/></View>')
    with pytest.raises(GovnewsError, match="set up for something else"):
        send(server, A)
    assert {method for method, _, _ in studio.asked} == {"GET"}


def test_a_number_is_no_title_for_a_new_project(studio, server):
    with pytest.raises(GovnewsError, match="has no project '2025'"):
        send(server, A, name="2025")


def test_what_the_server_says_of_a_configuration_is_told(studio, server):
    studio.fail["POST /api/projects"] = refuse(400, label_config=["bad"])
    with pytest.raises(GovnewsError, match="label_config: bad"):
        send(server, A)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"text": " \n"}, "has no text"),
        ({"text": "\ud83d"}, "half of a character"),
        ({"entities": (Entity(0, 99, "ORG"),)}, "spans 0..99, but the text has 14 characters"),
        ({"entities": (Entity(-1, 2, "ORG"),)}, "spans -1..2"),
        ({"entities": (Entity(3, 3, "ORG"),)}, "spans 3..3"),
        ({"entities": (ORG, ORG)}, "stands twice"),
        ({"entities": (Entity(1, 4, "GPE"),)}, "GPE '雨湖区', a label that the project does not have"),
        ({"entities": (Entity(1, 4, ""),)}, "has a label that"),
        ({"relations": (Relation(ORG, METRIC, "OWNS"),)}, "'雨湖区' OWNS '学位3700余个', a label that"),
        ({"relations": (Relation(ORG, Entity(0, 1, "DATE"), "RUNS"),)}, "has an argument that is no entity"),
        ({"meta": {"text": "b"}}, "has metadata called 'text'"),
        ({"meta": {"sections": "b"}}, "has metadata called 'sections'"),
    ],
    ids=str,
)
def test_what_the_page_could_not_show_is_not_pushed(studio, server, change, message):
    bad = replace(replace(A, id="bad", entities=(), relations=()), **change)
    if "relations" in change:
        bad = replace(bad, entities=(ORG, METRIC))
    with pytest.raises(FormatError) as caught:
        check_task(bad, Interface())
    assert message in caught.value.message
    plan = send(server, bad, A)
    assert [problem.message for problem in plan.problems] == [caught.value.message]
    assert [task["data"]["id"] for task in studio.tasks] == ["a"]


def test_sections_are_kept_in_the_data(studio, server):
    send(server, replace(A, sections=(Section("head", 0, 5),)))
    assert json.dumps(studio.tasks[0]["data"]["sections"]) == '[{"name": "head", "start": 0, "end": 5}]'
