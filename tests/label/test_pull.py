from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govnews.label.client import Server
from govnews.label.pull import name_people, pull
from govnews.label.push import plan_push, push
from govnews.records import Document, Entity, Relation, Section
from strategies import documents
from studio import TOKEN, Studio, running

TEXT = "😀雨湖区新增学位3700余个"
ORG, METRIC = Entity(1, 4, "ORG"), Entity(6, 14, "METRIC")
A = Document("a", TEXT, (ORG, METRIC), (Relation(ORG, METRIC, "HAS_METRIC"),), meta={"date": "2024-12-20"})


def span(start, end, label, id="x", **more):
    value = {"start": start, "end": end, "text": TEXT[start:end], "labels": [label]} | more
    return {"id": id, "type": "labels", "from_name": "label", "to_name": "text", "value": value}


def fetch(server, **options):
    return pull(server, server.get_project("县的项目"), **options)


@pytest.fixture
def pushed(studio, server):
    """Three tasks that nobody has looked at."""
    plan = plan_push(server, "县的项目", [A, replace(A, id="b"), replace(A, id="c")])
    push(server, plan, model_version="m")
    return studio


def test_nothing_is_pulled_before_anybody_has_submitted(pushed, server):
    pulled = fetch(server)
    assert (pulled.single, pulled.problems, pulled.open) == ([], [], 3)


def test_what_was_submitted_comes_with_who_and_when(pushed, server):
    pushed.accept(pushed.task("a"))
    [document] = fetch(server).single
    assert (document.text, document.entities, document.relations) == (A.text, A.entities, A.relations)
    assert document.meta == {
        "date": "2024-12-20",
        "annotator": "li@example.com",
        "annotated": "2026-11-24T15:27:20.076871Z",
    }


def test_skipped_tasks_and_drafts_are_counted_and_left(pushed, server):
    pushed.accept(pushed.task("a"))
    pushed.annotate(pushed.task("b"), [], was_cancelled=True)
    pushed.task("c")["drafts"].append({"id": 1, "result": [span(1, 4, "ORG")]})
    pulled = fetch(server)
    assert [document.id for document in pulled.single] == ["a"]
    assert (pulled.open, pulled.skipped, pulled.drafts) == (2, 1, 1)


def test_an_annotation_of_nothing_is_finished(pushed, server):
    pushed.annotate(pushed.task("a"), [])
    [document] = fetch(server).single
    assert document.entities == ()


def test_scores_go_since_a_person_stands_behind_it(studio, server):
    scored = replace(A, entities=(replace(ORG, score=0.9), replace(METRIC, score=0.5)))
    push(server, plan_push(server, "县的项目", [scored]), model_version="m")
    studio.accept(studio.task("a"))
    [document] = fetch(server).single
    assert [item.score for item in (*document.entities, *document.relations)] == [None] * 3
    assert document.relations[0].head.score is None


def test_what_several_annotated_is_kept_apart(pushed, server):
    pushed.accept(pushed.task("a"))
    pushed.annotate(pushed.task("a"), [span(1, 4, "ORG")], by=2)
    pushed.accept(pushed.task("b"), by=2)
    pulled = fetch(server)
    assert [document.id for document in pulled.single] == ["b"]
    assert {name: [len(d.entities) for d in found] for name, found in pulled.readings.items()} == {
        "li": [2],
        "wang": [1],
    }
    assert pulled.several == {"a"}


def test_the_one_that_is_marked_as_ground_truth_settles_it(pushed, server):
    pushed.accept(pushed.task("a"))
    pushed.annotate(pushed.task("a"), [span(1, 4, "ORG")], by=2, ground_truth=True)
    pulled = fetch(server)
    assert [len(document.entities) for document in pulled.single] == [1]
    assert pulled.readings == {}


def test_of_several_of_one_person_the_last_counts(pushed, server):
    pushed.annotate(pushed.task("a"), [span(1, 4, "ORG")], time="2026-11-25T00:00:00Z")
    pushed.accept(pushed.task("a"))
    pulled = fetch(server)
    assert [len(document.entities) for document in pulled.single] == [1]
    assert "more than once" in pulled.notes[0].message


@pytest.mark.parametrize(
    ("by", "name"), [(3, "user 3"), ({"id": 2, "email": "wang@example.com"}, "wang@example.com"), (None, "unknown")]
)
def test_an_annotator_who_cannot_be_seen_has_a_number(pushed, server, by, name):
    pushed.accept(pushed.task("a"), by=by)
    assert fetch(server).single[0].meta["annotator"] == name


@given(st.dictionaries(st.integers(1, 99), st.emails(), min_size=1))
def test_people_have_names_of_their_own_that_can_stand_in_file_names(addresses):
    names = [name for _, name in name_people(addresses).values()]
    assert all(set(name) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-") for name in names)
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(
    ("result", "message"),
    [
        ([span(1, 99, "ORG", text=TEXT[1:])], "spans 1..99, but the text has 14 characters"),
        ([span(1, 4, "ORG", text="雨湖县")], "does not stand at 1..4, where the text is '雨湖区'"),
        ([span(1, 4, "ORG"), span(1, 4, "ORG", "y")], "stands twice"),
        ([span(1, 4, "ORG", labels=[])], "has no label"),
        ([span(1, 4, "GPE")], "unknown label 'GPE' on '雨湖区'"),
        ([span(1, 4, "ORG"), span(3, 6, "DATE", "y")], "overlaps ORG '雨湖区'"),
        ([span(4, 6, "METRIC")], "holds no figure"),
        ([span(1, 4, "ORG"), {"type": "relation", "from_id": "x", "to_id": "y"}], "joins 'y', which is no entity"),
        ([{"type": "labels"}], "has no 'value'"),
        ([5], "should be a JSON object, found 5"),
    ],
    ids=str,
)
def test_what_is_wrong_is_told_with_its_task_and_not_pulled(pushed, server, result, message):
    pushed.annotate(pushed.task("a"), result)
    pushed.accept(pushed.task("b"))
    pulled = fetch(server)
    assert [document.id for document in pulled.single] == ["b"]
    [problem] = pulled.problems
    assert message in problem.message
    assert problem.path == f"{pushed.url}/projects/1/data?task=1"


def test_relations_are_checked_too(pushed, server):
    relation = {"type": "relation", "from_id": "x", "to_id": "y", "direction": "right", "labels": ["RUNS"]}
    pushed.annotate(pushed.task("a"), [span(1, 4, "ORG"), span(6, 14, "METRIC", "y"), relation])
    [problem] = fetch(server).problems
    assert "RUNS" in problem.message


def test_one_wrong_reading_holds_back_the_others_of_its_task(pushed, server):
    pushed.accept(pushed.task("a"))
    pushed.annotate(pushed.task("a"), [span(1, 4, "GPE")], by=2)
    pulled = fetch(server)
    assert (pulled.single, pulled.readings) == ([], {})


def test_labels_of_ones_own_are_pulled_where_that_is_asked_for(pushed, server):
    pushed.annotate(pushed.task("a"), [span(1, 4, "GPE")])
    assert [e.label for e in fetch(server, any_label=True).single[0].entities] == ["GPE"]


def test_what_another_tag_gave_is_told_and_the_rest_pulled(pushed, server):
    pushed.annotate(pushed.task("a"), [span(1, 4, "ORG"), {"id": "c", "type": "choices", "value": {"choices": ["x"]}}])
    pulled = fetch(server)
    assert len(pulled.single[0].entities) == 1
    assert "is no span and no relation" in pulled.notes[0].message


def test_a_document_that_is_two_tasks_is_told(pushed, server):
    pushed.task("b")["data"]["id"] = "a"
    pushed.accept(pushed.tasks[0])
    pushed.accept(pushed.tasks[1])
    pulled = fetch(server)
    assert len(pulled.single) == 1
    assert pulled.problems[0].message == "a second task has document 'a'"


def test_a_task_without_a_text_is_told(pushed, server):
    pushed.task("a")["data"] = {"image": "a.png", "caption": "县"}
    pushed.annotate(pushed.tasks[0], [])
    [problem] = fetch(server).problems
    assert 'has no string "text"' in problem.message


@settings(max_examples=25, deadline=None)
@given(documents())
def test_what_is_pushed_and_accepted_comes_back_as_it_was(document):
    with running(Studio()) as studio, Server(studio.url, TOKEN) as server:
        plan = plan_push(server, "县的项目", [document], any_label=True)
        if plan.problems:  # told: such as a text of blanks
            return
        push(server, plan, model_version="m")
        studio.accept(studio.tasks[0])
        pulled = fetch(server, any_label=True)
        for found in pulled.single:
            assert (found.text, found.entities, found.relations) == (
                document.text,
                document.entities,
                document.relations,
            )
            assert found.sections == document.sections
        assert len(pulled.single) + bool(pulled.problems) == 1


def test_sections_come_back(studio, server):
    whole = replace(A, sections=(Section("head", 0, 5), Section("rest", 5, 14)))
    push(server, plan_push(server, "县的项目", [whole]), model_version="m")
    studio.accept(studio.task("a"))
    assert fetch(server).single[0].sections == whole.sections
