import json

import pytest

from foreign import GOLD, check_fault, check_loss, read, write
from govnews.formats.label_studio import FROM_NAME, TO_NAME
from govnews.records import Document, Entity, Relation

TEXT = "雨湖区新增学位3700余个"


def span(id="a", start=0, end=3, text="雨湖区", labels=("ORG",), **more):
    value = {"start": start, "end": end, "text": text, "labels": list(labels)}
    return {"id": id, "type": "labels", "from_name": "label", "to_name": "text", "value": value} | more


METRIC = span("b", 5, 13, "学位3700余个", ["METRIC"])


def relation(**change):
    base = {"type": "relation", "from_id": "a", "to_id": "b", "direction": "right", "labels": ["HAS_METRIC"]}
    return base | change


def task(*result, **more):
    return {"data": {"text": TEXT}, "annotations": [{"result": list(result)}]} | more


def save(tmp_path, *tasks):
    path = tmp_path / "a.json"
    path.write_text("[\n" + ",\n".join(t if isinstance(t, str) else json.dumps(t) for t in tasks) + "\n]")
    return path


def test_what_is_written_is_what_the_server_takes(tmp_path):
    write("label-studio", [GOLD], tmp_path / "a.json")
    [written] = json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))
    assert written["data"] == {"id": "5", "text": GOLD.text, "date": "2024-12-20"}
    [annotation] = written["annotations"]
    assert annotation["result"][1] == {
        "id": "e1",
        "type": "labels",
        "from_name": FROM_NAME,
        "to_name": TO_NAME,
        "value": {"start": 4, "end": 6, "text": "𠮷县", "labels": ["ORG"]},
    }
    assert annotation["result"][3] == {
        "type": "relation",
        "from_id": "e1",
        "to_id": "e2",
        "direction": "right",
        "labels": ["HAS_METRIC"],
    }


def test_what_has_scores_is_a_prediction_and_keeps_them(tmp_path):
    org, metric = Entity(0, 3, "ORG", 0.75), Entity(5, 13, "METRIC", 0.25)
    document = Document("a", TEXT, (org, metric), (Relation(org, metric, "HAS_METRIC", 0.5),))
    assert write("label-studio", [document], tmp_path / "a.json") == []
    [written] = json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))
    assert "annotations" not in written
    assert written["predictions"][0]["score"] == 0.5
    [[found], _] = read("label-studio", tmp_path / "a.json")
    assert [e.score for e in found.entities] == [0.75, 0.25]
    assert found.relations[0].score == 0.5


def test_an_annotation_comes_before_a_prediction_and_a_prediction_before_nothing(tmp_path):
    predictions = [{"result": [METRIC], "score": 0.5}]
    path = save(tmp_path, task(span(), predictions=predictions), task(predictions=predictions, annotations=[]))
    [[first, second], losses] = read("label-studio", path)
    assert [e.label for e in first.entities] == ["ORG"]
    assert [e.label for e in second.entities] == ["METRIC"]
    assert losses == []


def test_tasks_may_stand_one_a_line_and_call_their_text_otherwise(tmp_path):
    path = tmp_path / "tasks.jsonl"
    path.write_text('{"id": 7, "data": {"news": "县"}}\n{"data": {"news": "市"}}\n', encoding="utf-8")
    [found, _] = read("label-studio", path)
    assert found == [Document("7", "县"), Document("tasks-2", "市")]


@pytest.mark.parametrize(
    ("result", "kind", "why"),
    [
        ([span(end=14)], "entity", "spans 0..14, but the text has 13 characters"),
        ([span(start=-1)], "entity", "spans -1..3"),
        ([span(start=3)], "entity", "spans 3..3"),
        ([span(start=1, end=4)], "entity", "does not stand at 1..4, where the text is '湖区新'"),
        ([span(labels=[])], "entity", "has no label"),
        ([span(labels=["ORG", "GPE"])], "entity", "is a second label of one span"),
        ([span(), span("b")], "entity", "stands twice"),
        ([span(), {"id": "c", "type": "choices", "value": {"choices": ["x"]}}], "result", "no span and no relation"),
        ([span(), METRIC, relation(labels=[])], "relation", "has no label"),
        ([span(), METRIC, relation(), relation()], "relation", "stands twice"),
        ([span(), METRIC, relation(direction="bi")], "direction", "is read as right"),
    ],
)
def test_what_does_not_fit_is_listed_with_its_line(tmp_path, result, kind, why):
    check_loss("label-studio", save(tmp_path, task(), task(*result)), 3, kind, why)


def test_a_relation_of_what_is_lost_is_lost_too(tmp_path):
    [_, losses] = read("label-studio", save(tmp_path, task(span(end=99), METRIC, relation())))
    assert [loss.kind for loss in losses] == ["entity", "relation"]


def test_a_second_annotator_is_listed(tmp_path):
    two = task(annotations=[{"result": [span()]}, {"result": []}])
    [found] = check_loss("label-studio", save(tmp_path, two), 2, "annotation", "stands beside the first")
    assert len(found.entities) == 1


def test_labels_of_ones_own_and_overlaps_are_kept(tmp_path):
    [[found], losses] = read("label-studio", save(tmp_path, task(span(), span("b", 0, 5, "雨湖区新增", ["事 件"]))))
    assert [e.label for e in found.entities] == ["ORG", "事 件"]
    assert losses == []


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        ('{"data": {"text": "县"', "is no JSON"),
        ('{"data": }', "is no JSON: Expecting value"),
        ("5", "a document should be a JSON object, found 5"),
        ({"text": "县"}, "a task has no 'data'"),
        ({"data": []}, "a task.data should be a JSON object, found a list"),
        ({"data": {"a": "县", "b": "区"}}, 'data has no string "text"'),
        ({"data": {"text": 5}}, 'data has no string "text"'),
        (task(annotations={}), "annotations should be a list, found an object"),
        (task(annotations=[5]), "annotations[0] should be a JSON object, found 5"),
        (task(5), "result[0] should be a JSON object, found 5"),
        (task({"id": "a"}), "result[0] has no 'type'"),
        (task(span(id=5)), "result[0].id should be a string, found 5"),
        (task(span(start="0")), 'result[0].value.start should be a whole number, found "0"'),
        (task(span(text=5)), "result[0].value.text should be a string, found 5"),
        (task(span(labels=[5])), "result[0].value.labels should be a list of strings"),
        (task(span(score=2)), "result[0].score should be a number from 0 to 1, found 2"),
        (task(span() | {"value": {"labels": ["ORG"]}}), "result[0].value has no 'start'"),
        (task(span(), METRIC | {"id": "a"}), "a second entity is called 'a'"),
        (task(span(), relation()), "a relation 'HAS_METRIC' joins 'b', which is no entity"),
        (task(span(), METRIC, relation(from_id=None)), "result[2].from_id should be a string, found null"),
        (task(span(), METRIC, relation(labels=[1])), "result[2].labels should be a list of strings"),
        (task(id="first"), "a second document is called 'first'"),
        (r'{"data": {"text": "\ud83d"}}', "half of a character"),
    ],
    ids=str,
)
def test_a_fault_names_file_line_and_what_was_found(tmp_path, bad, message):
    check_fault("label-studio", save(tmp_path, task(id="first"), bad), 3, message)
