import json

import pytest

from foreign import GOLD, check_fault, check_loss, read, write
from govnews.records import Entity

TEXT = "雨湖区新增学位3700余个"


def entity(**change):
    return {"id": 1, "label": "ORG", "start_offset": 0, "end_offset": 3} | change


METRIC = entity(id=2, label="METRIC", start_offset=5, end_offset=13)


def relation(**change):
    return {"id": 1, "from_id": 1, "to_id": 2, "type": "HAS_METRIC"} | change


def line(*entities, relations=(), **more):
    return {"text": TEXT, "entities": list(entities), "relations": list(relations)} | more


def save(tmp_path, *lines):
    path = tmp_path / "a.jsonl"
    path.write_text("\n".join(x if isinstance(x, str) else json.dumps(x) for x in lines), encoding="utf-8")
    return path


def test_the_second_shape_is_written(tmp_path):
    write("doccano", [GOLD], tmp_path / "a.jsonl")
    written = json.loads((tmp_path / "a.jsonl").read_text(encoding="utf-8"))
    assert written["entities"][1] == {"id": 1, "label": "ORG", "start_offset": 4, "end_offset": 6}
    assert written["relations"][0] == {"id": 0, "from_id": 1, "to_id": 2, "type": "HAS_METRIC"}


@pytest.mark.parametrize("key", ["label", "labels", "entities"])
def test_lists_stand_under_any_of_their_names(tmp_path, key):
    [[found], losses] = read("doccano", save(tmp_path, {"text": TEXT, key: [[5, 13, "METRIC"], [0, 3, "ORG"]]}))
    assert found.entities == (Entity(0, 3, "ORG"), Entity(5, 13, "METRIC"))
    assert losses == []


@pytest.mark.parametrize(
    ("bad", "kind", "why"),
    [
        (line(entity(end_offset=14)), "entity", "spans 0..14"),
        (line(entity(end_offset=0)), "entity", "spans 0..0"),
        (line(entity(), entity(id=2)), "entity", "stands twice"),
        ({"text": TEXT, "label": [[-1, 3, "ORG"]]}, "entity", "spans -1..3"),
        ({"text": TEXT, "label": [[0, 3, ""]]}, "entity", "has no label"),
        (line(entity(), METRIC, relations=[relation(), relation(id=2)]), "relation", "stands twice"),
        (line(entity(), Comments=["？"]), "comment", "is no annotation"),
        (line(entity(), cats=["工业"]), "category", "is of the whole text"),
    ],
)
def test_what_does_not_fit_is_listed_with_its_line(tmp_path, bad, kind, why):
    check_loss("doccano", save(tmp_path, line(), bad), 2, kind, why)


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        ('{"text": "县", "label": [[0, 1, "ORG"', "is no JSON"),
        ("雨湖区", "is no JSON"),
        ('"县"', 'a document should be a JSON object, found "县"'),
        ({"text": "县"}, "has neither entities nor a label"),
        ({"label": []}, "a document has no 'text'"),
        ({"text": ["县"], "label": []}, "a document.text should be a string, found a list"),
        ({"text": TEXT, "label": 5}, "label should be a list, found 5"),
        ({"text": TEXT, "label": [[0, 3]]}, "label[0] should be start, end and label, found 2 values"),
        ({"text": TEXT, "label": [["0", 3, "ORG"]]}, 'label[0].start should be a whole number, found "0"'),
        ({"text": TEXT, "label": [[0, 3, 5]]}, "label[0].label should be a string, found 5"),
        ({"text": TEXT, "label": ["ORG"]}, 'label[0] should be a JSON object, found "ORG"'),
        (line({"label": "ORG"}), "entities[0] has no 'id'"),
        (line(entity(start_offset=0.0)), "entities[0].start_offset should be a whole number, found 0.0"),
        (line(entity(label=None)), "entities[0].label should be a string, found null"),
        (line(entity(), METRIC | {"id": 1}), "a second entity is called 1"),
        (line(entity(), relations=[relation()]), "a relation 'HAS_METRIC' joins 2, which is no entity"),
        (line(entity(), METRIC, relations=[relation(type=None)]), "relations[0].type should be a string, found null"),
        (line(id="first"), "a second document is called 'first'"),
        (line(id=""), 'id should be a string that is not empty, found ""'),
        (line(sections=[{"name": "头", "start": 0, "end": 99}]), "sections[0] spans 0..99"),
    ],
    ids=str,
)
def test_a_fault_names_file_line_and_what_was_found(tmp_path, bad, message):
    check_fault("doccano", save(tmp_path, line(id="first"), "", bad), 3, message)
