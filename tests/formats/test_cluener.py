import json

import pytest

from foreign import GOLD, check_fault, check_loss, read, write
from govnews.records import Document

TEXT = "雨湖区新增学位，雨湖区的事"


def save(tmp_path, *lines):
    path = tmp_path / "a.json"
    path.write_text("\n".join(x if isinstance(x, str) else json.dumps(x) for x in lines), encoding="utf-8")
    return path


def test_ends_are_inclusive_both_ways(tmp_path):
    path = save(tmp_path, {"text": TEXT, "label": {"ORG": {"雨湖区": [[0, 2], [8, 10]]}}})
    [[found], losses] = read("cluener", path)
    assert [(e.start, e.end) for e in found.entities] == [(0, 3), (8, 11)]
    assert losses == []
    write("cluener", [found], tmp_path / "b.json")
    written = json.loads((tmp_path / "b.json").read_text(encoding="utf-8"))
    assert written["label"] == {"ORG": {"雨湖区": [[0, 2], [8, 10]]}}


def test_a_line_of_the_test_part_has_no_labels(tmp_path):
    assert read("cluener", save(tmp_path, {"id": 0, "text": "县"})) == ([Document("0", "县")], [])


def test_relations_are_not_carried(tmp_path):
    losses = write("cluener", [GOLD], tmp_path / "a.json")
    assert [loss.kind for loss in losses] == ["relation", "relation", "metadata"]
    assert losses[0].what == "'𠮷县' HAS_METRIC '学位\\u30003700余个' (document '5')"


@pytest.mark.parametrize(
    ("spans", "why"),
    [
        ([[0, 3]], "does not stand at 0..4, where the text is '雨湖区新'"),
        ([[1, 3]], "does not stand at 1..4"),
        ([[8, 99]], "spans 8..100"),
        ([[0, -1]], "spans 0..0"),
        ([[-1, 2]], "spans -1..3"),
        ([[0, 2], [0, 2]], "stands twice"),
    ],
)
def test_what_does_not_fit_is_listed_with_its_line(tmp_path, spans, why):
    path = save(tmp_path, {"text": "县"}, {"text": TEXT, "label": {"ORG": {"雨湖区": spans}}})
    check_loss("cluener", path, 2, "entity", why)


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        ('{"text": "县", "label": {"ORG": {"县": [[0', "is no JSON"),
        ({"label": {}}, "a document has no 'text'"),
        ({"text": "县", "label": []}, "a document.label should be a JSON object, found a list"),
        ({"text": "县", "label": {"ORG": []}}, "label.ORG should be a JSON object, found a list"),
        ({"text": "县", "label": {"ORG": {"县": 0}}}, "县 should be a list, found 0"),
        (
            {"text": "县", "label": {"ORG": {"县": [0, 0]}}},
            "label.ORG.县 should hold lists of first and last character",
        ),
        ({"text": "县", "label": {"ORG": {"县": [[0]]}}}, "label.ORG.县 should hold lists of first and last character"),
        (
            {"text": "县", "label": {"ORG": {"县": [["0", 0]]}}},
            'label.ORG.县.start should be a whole number, found "0"',
        ),
        (
            {"text": "县", "label": {"ORG": {"县": [[0, True]]}}},
            "label.ORG.县.end should be a whole number, found true",
        ),
        ({"text": "县", "id": "first"}, "a second document is called 'first'"),
        ([], "a document should be a JSON object, found a list"),
    ],
    ids=str,
)
def test_a_fault_names_file_line_and_what_was_found(tmp_path, bad, message):
    check_fault("cluener", save(tmp_path, {"text": "县", "id": "first"}, "", bad), 3, message)
