import json

import pytest
from hypothesis import given, settings

from govnews.errors import FormatError
from govnews.formats.jsonl import iter_jsonl, parse_document, read_jsonl, scan_jsonl, to_dict, write_jsonl
from govnews.records import Document, Entity, Relation, Section
from strategies import documents

TEXT = "雨湖区新增学位3700余个"
GOOD = {
    "id": "a",
    "text": TEXT,
    "entities": [{"start": 0, "end": 3, "label": "ORG"}, {"start": 5, "end": 13, "label": "METRIC"}],
}


def write(tmp_path, *lines):
    path = tmp_path / "a.jsonl"
    path.write_text("\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines), encoding="utf-8")
    return path


@settings(max_examples=200, deadline=None)
@given(documents())
def test_a_document_survives_plain_json_values(document):
    assert parse_document(json.loads(json.dumps(to_dict(document)))) == document


def test_documents_survive_a_file_and_lines_end_with_line_feeds_only(tmp_path):
    odd = [
        Document(str(i), f"县{c}区\0", (Entity(0, 3, "ORG"),))
        for i, c in enumerate("\r\n\u2028\u2029\x85\x0b😀𠮷\ufeff\t")
    ]
    write_jsonl(odd, tmp_path / "b.jsonl")
    assert read_jsonl(tmp_path / "b.jsonl") == odd
    assert (tmp_path / "b.jsonl").read_bytes().count(b"\n") == len(odd)


def test_a_line_of_the_file_is_what_the_documentation_shows(ten, tmp_path):
    write_jsonl([ten], tmp_path / "b.jsonl")
    data = json.loads((tmp_path / "b.jsonl").read_text(encoding="utf-8"))
    assert data["entities"][1] == {"start": 3, "end": 6, "label": "ORG", "text": "青禾县"}
    assert [data["entities"][data["relations"][0][key]]["text"] for key in ("head", "tail")] == [
        "青禾县",
        "地区生产总值86.4亿元",
    ]
    assert data["date"] == "2023-01-15"


def test_scores_sections_and_metadata_come_back():
    head, tail = Entity(0, 3, "ORG", 0.5), Entity(5, 13, "METRIC", 1.0)
    relation = Relation(head, tail, "HAS_METRIC", 0.25)
    document = Document(
        "a", TEXT, (head, tail), (relation,), (Section("头", 0, 4), Section("尾", 4, 13)), {"title": "好"}
    )
    again = parse_document(to_dict(document))
    assert again == document
    assert ([e.score for e in again.entities], again.relations[0].score) == ([0.5, 1.0], 0.25)


def test_positions_of_relations_follow_the_order_of_the_line():
    data = GOOD | {"entities": GOOD["entities"][::-1], "relations": [{"head": 1, "tail": 0, "label": "HAS_METRIC"}]}
    [relation] = parse_document(data).relations
    assert (relation.head.label, relation.tail.label) == ("ORG", "METRIC")


def test_blank_lines_are_skipped_and_a_missing_id_is_the_line(tmp_path):
    path = write(tmp_path, "", {"text": "县"}, "  ", {"text": "市", "id": 7}, "")
    assert [(line, document.id) for line, document in iter_jsonl(path)] == [(2, "line-2"), (4, "7")]


def entity(**change):
    return GOOD | {"entities": [{"start": 0, "end": 3, "label": "ORG"} | change]}


def relation(**change):
    return GOOD | {"relations": [{"head": 0, "tail": 1, "label": "HAS_METRIC"} | change]}


def sections(*spans):
    return GOOD | {"sections": [{"name": name, "start": start, "end": end} for name, start, end in spans]}


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('{"id": "b", "text": "雨湖', "is no JSON: Unterminated string starting at at column 21"),
        ('{"id": "b", "text": "雨湖"', "is no JSON: Expecting ',' delimiter"),
        ("雨湖区", "is no JSON: Expecting value at column 1"),
        ("{'text': '县'}", "is no JSON"),
        ('{"text": "县"} {"text": "区"}', "is no JSON: Extra data"),
        ("[" * 100_000, "nested too deeply"),
        ('{"text": ' + "[" * 900 + "]" * 900 + "}", "a document.text should be a string, found a list"),
        ("1" * 5000, "a number of thousands of digits"),
        (r'{"text": "\ud83d"}', "half of a character"),
        (r'{"text": "县", "title": "\uDE00"}', "half of a character"),
        ("[1, 2]", "a line should be a JSON object, found a list"),
        ("null", "a line should be a JSON object, found null"),
        ({"id": "b"}, "a document has no 'text'"),
        ({"id": "b", "text": None}, "a document.text should be a string, found null"),
        ({"id": None, "text": "县"}, "id should be a string that is not empty, found null"),
        ({"id": "", "text": "县"}, 'id should be a string that is not empty, found ""'),
        ({"id": True, "text": "县"}, "id should be a string that is not empty, found true"),
        (GOOD | {"entities": {}}, "entities should be a list, found an object"),
        (GOOD | {"entities": 0}, "entities should be a list, found 0"),
        (GOOD | {"relations": "x"}, 'relations should be a list, found "x"'),
        (GOOD | {"entities": [[0, 3, "ORG"]]}, "entities[0] should be a JSON object, found a list"),
        (entity(start=-1), "entities[0] spans -1..3, but the text has 13 characters"),
        (entity(end=14), "entities[0] spans 0..14, but the text has 13 characters"),
        (entity(end=0), "entities[0] spans 0..0"),
        (entity(start=5, end=4), "entities[0] spans 5..4"),
        (entity(start="0"), 'entities[0].start should be a whole number, found "0"'),
        (entity(start=0.0), "entities[0].start should be a whole number, found 0.0"),
        (entity(start=False), "entities[0].start should be a whole number, found false"),
        (entity(label=None), "entities[0].label should be a string, found null"),
        (entity(text="湖区新"), "entities[0] says '湖区新', but the text at 0..3 is '雨湖区'"),
        (entity(text="雨湖"), "entities[0] says '雨湖', but the text at 0..3 is '雨湖区'"),
        (entity(text=["雨湖区"]), "entities[0].text should be a string, found a list"),
        (entity(score=1.5), "entities[0].score should be a number from 0 to 1, found 1.5"),
        (entity(score=True), "entities[0].score should be a number from 0 to 1, found true"),
        (entity(score=float("nan")), "entities[0].score should be a number from 0 to 1, found NaN"),
        (relation(head=2), "relations[0].head is 2, but there are 2 entities"),
        (relation(tail=-1), "relations[0].tail is -1, but there are 2 entities"),
        (relation(head="0"), "relations[0].head should be a whole number"),
        (relation(label=3), "relations[0].label should be a string, found 3"),
        (GOOD | {"relations": [{"head": 0}]}, "relations[0] has no 'label'"),
        (sections(("头", 0, 14)), "sections[0] spans 0..14"),
        (sections(("头", 5, 2)), "sections[0] spans 5..2"),
        (sections(("头", 0, 5), ("尾", 4, 13)), "sections[1] spans 4..13, but begins after 5"),
        (sections(("头", 0, 5), ("头", 5, 13)), "sections[1] is called '头' as one before it"),
        (GOOD | {"id": "first"}, "a document called 'first' stands in line 1 already"),
    ],
    ids=str,
)
def test_a_fault_names_file_line_and_what_was_found(tmp_path, line, message):
    path = write(tmp_path, {"id": "first", "text": "县"}, "", line)
    with pytest.raises(FormatError) as caught:
        read_jsonl(path)
    assert (caught.value.path, caught.value.line) == (str(path), 3)
    assert message in caught.value.message
    assert len(caught.value.message) < 200


def test_a_fault_does_not_keep_the_other_lines_from_being_read(tmp_path):
    found = [item for _, item in scan_jsonl(write(tmp_path, GOOD, "{", {"text": "县"}, "5"))]
    assert [getattr(item, "line", item) and type(item) for item in found] == [
        Document,
        FormatError,
        Document,
        FormatError,
    ]


@pytest.mark.parametrize(
    ("document", "what"),
    [
        (Document("b", "县\ud83d"), "half of a character"),
        (Document("b", "县", meta={"title": "\ude00"}), "half of a character"),
        (
            Document("b", "县", (), (Relation(Entity(0, 1, "ORG"), Entity(0, 1, "ORG"), "PART_OF"),)),
            "is no entity of it",
        ),
        (Document("b", "县", meta={"text": "区"}), "metadata called 'text'"),
    ],
)
def test_what_the_format_cannot_carry_is_refused_and_the_old_file_stays(tmp_path, document, what):
    path = write(tmp_path, "old")
    with pytest.raises(FormatError) as caught:
        write_jsonl([Document("a", "县"), document], path)
    assert "document 'b'" in caught.value.message
    assert what in caught.value.message
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_source_that_breaks_off_leaves_nothing_behind(tmp_path):
    def broken():
        yield Document("a", "县")
        raise RuntimeError

    with pytest.raises(RuntimeError):
        write_jsonl(broken(), tmp_path / "b.jsonl")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("quick")
def test_many_entities_that_cover_the_whole_text_take_no_time():
    text = "县" * 1_000_000
    spans = [{"start": i % 2, "end": len(text), "label": "ORG"} for i in range(100_000)]
    assert len(parse_document({"id": "a", "text": text, "entities": spans}).entities) == 100_000
