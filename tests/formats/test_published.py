import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govnews.errors import FormatError
from govnews.formats.published import read_published
from govnews.records import Document, Entity, Relation
from strategies import CHARACTERS

TEXT = "幽兰在山谷"
SPANS = {"text": TEXT, "entities": [[0, 2, "NAME"], [3, 5, "LOC"]]}
PAIR = {"text": TEXT, "head": [0, 2], "tail": [3, 5], "label": "Located"}
HEAD, TAIL = Entity(0, 2, "HEAD"), Entity(3, 5, "TAIL")


def write(tmp_path, *lines, end="\n"):
    path = tmp_path / "set.jsonl"
    path.write_bytes(end.join(line if isinstance(line, str) else json.dumps(line) for line in lines).encode())
    return path


def read_one(tmp_path, line):
    [document] = read_published(write(tmp_path, line))
    return document


def test_both_shapes_are_read_and_a_document_is_called_after_file_and_line(tmp_path):
    assert read_published(write(tmp_path, SPANS, PAIR)) == [
        Document("set-1", TEXT, (Entity(0, 2, "NAME"), Entity(3, 5, "LOC"))),
        Document("set-2", TEXT, (HEAD, TAIL), (Relation(HEAD, TAIL, "Located"),)),
    ]


def test_blank_lines_are_skipped_and_counted(tmp_path):
    found = read_published(write(tmp_path, "", SPANS, "  \t", "", PAIR, ""))
    assert [document.id for document in found] == ["set-2", "set-5"]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_line_ends_and_a_byte_order_mark_do_no_harm(tmp_path, end):
    path = write(tmp_path, SPANS, PAIR, "", end=end)
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert [len(document.entities) for document in read_published(str(path))] == [2, 2]


def test_separators_that_are_no_line_feed_stay_in_the_text(tmp_path):
    text = "一\u2028二\x85三\u2029四\x0b五"
    line = json.dumps({"text": text, "entities": [[2, 3, "A"]]}, ensure_ascii=False).replace("\x0b", "\\u000b")
    document = read_one(tmp_path, line)
    assert document.text == text
    assert document.surface(document.entities[0]) == "二"


def test_the_tail_may_stand_first(tmp_path):
    document = read_one(tmp_path, PAIR | {"head": [3, 5], "tail": [0, 2]})
    assert document.entities == (Entity(0, 2, "TAIL"), Entity(3, 5, "HEAD"))
    [relation] = document.relations
    assert (document.surface(relation.head), document.surface(relation.tail)) == ("山谷", "幽兰")


def test_unknown_is_no_relation_but_the_mentions_stay(tmp_path):
    document = read_one(tmp_path, PAIR | {"label": "unknown"})
    assert (document.entities, document.relations) == ((HEAD, TAIL), ())
    assert len(read_one(tmp_path, PAIR | {"label": "Unknown"}).relations) == 1


@pytest.mark.parametrize(
    ("head", "tail"),
    [([0, 3], [2, 5]), ([0, 5], [1, 2]), ([1, 2], [0, 5]), ([0, 2], [0, 2]), ([0, 2], [0, 1]), ([0, 2], [2, 3])],
)
def test_mentions_that_overlap_or_touch_stay_as_they_are(tmp_path, head, tail):
    document = read_one(tmp_path, PAIR | {"head": head, "tail": tail})
    first, second = Entity(*head, "HEAD"), Entity(*tail, "TAIL")
    assert set(document.entities) == {first, second}
    assert document.relations == (Relation(first, second, "Located"),)


def test_spans_that_overlap_nest_or_repeat_all_stay_in_order(tmp_path):
    spans = [[3, 5, "LOC"], [0, 5, "ALL"], [0, 2, "NAME"], [1, 4, "MID"], [0, 2, "NAME"], [0, 2, "机构"]]
    document = read_one(tmp_path, {"text": TEXT, "entities": spans})
    assert [[e.start, e.end, e.label] for e in document.entities] == sorted(spans)


@pytest.mark.parametrize("escaped", [True, False])
def test_offsets_count_code_points_not_utf_16_units(tmp_path, escaped):
    text = "😀𠮷野家é👨‍👩‍👧在东京"
    family = text.index("👨")
    data = {"text": text, "entities": [[0, 1, "EMOJI"], [1, 4, "ORG"], [family, family + 5, "EMOJI"]]}
    document = read_one(tmp_path, json.dumps(data, ensure_ascii=escaped))
    assert document.text == text
    assert [document.surface(e) for e in document.entities] == ["😀", "𠮷野家", "👨‍👩‍👧"]
    pair = read_one(tmp_path, {"text": text, "head": [1, 4], "tail": [len(text) - 2, len(text)], "label": "in"})
    assert [pair.surface(e) for e in pair.entities] == ["𠮷野家", "东京"]


@pytest.mark.parametrize(
    ("text", "units", "message"),
    [("😀", 2, "entities[0] spans 0..2, but the text has 1 characters"), ("𠮷野", 3, "but the text has 2 characters")],
)
def test_offsets_in_utf_16_units_run_past_the_end(tmp_path, text, units, message):
    with pytest.raises(FormatError) as caught:
        read_published(write(tmp_path, {"text": text, "entities": [[0, units, "A"]]}))
    assert message in caught.value.message


def test_what_else_a_line_holds_is_passed_over(tmp_path):
    assert read_one(tmp_path, SPANS | {"id": 7, "source": None, "head": "x"}) == Document(
        "set-1", TEXT, (Entity(0, 2, "NAME"), Entity(3, 5, "LOC"))
    )
    assert len(read_one(tmp_path, PAIR | {"meta": {"a": [1]}}).relations) == 1


def test_no_entities_and_no_text_are_no_special_case(tmp_path):
    assert read_one(tmp_path, {"text": TEXT, "entities": []}) == Document("set-1", TEXT)
    assert read_one(tmp_path, {"text": "", "entities": []}) == Document("set-1", "")
    assert read_one(tmp_path, {"text": "县", "entities": [[0, 1, "A"]]}).entities == (Entity(0, 1, "A"),)


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_what_was_written_is_read(tmp_path_factory, data):
    lines, expected = [], []
    for number in range(1, 1 + data.draw(st.integers(1, 3))):
        text = data.draw(st.text(st.sampled_from(CHARACTERS), min_size=1, max_size=20))
        span = st.tuples(st.integers(0, len(text) - 1), st.integers(1, len(text))).filter(
            lambda ends: ends[0] < ends[1]
        )
        if data.draw(st.booleans()):
            spans = data.draw(st.lists(st.tuples(span, st.sampled_from("甲乙")), max_size=4))
            lines.append({"text": text, "entities": [[*ends, label] for ends, label in spans]})
            expected.append(Document(f"set-{number}", text, tuple(Entity(*ends, label) for ends, label in spans)))
        else:
            head, tail = data.draw(span), data.draw(span)
            lines.append({"text": text, "head": head, "tail": tail, "label": "R"})
            pair = Entity(*head, "HEAD"), Entity(*tail, "TAIL")
            expected.append(Document(f"set-{number}", text, pair, (Relation(*pair, "R"),)))
    path = write(tmp_path_factory.mktemp("published"), *lines)
    assert read_published(path) == expected


def spans(*items):
    return {"text": TEXT, "entities": list(items)}


def without(key):
    return {name: value for name, value in PAIR.items() if name != key}


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('{"text": "幽兰', "is no JSON: Unterminated string"),
        ('{"text": "幽兰"', "is no JSON: Expecting ',' delimiter"),
        (TEXT, "is no JSON: Expecting value"),
        ("幽 O\n兰 O", "is no JSON"),
        ("{'text': '兰'}", "is no JSON"),
        ('{"text": "兰", "entities": []} {}', "is no JSON: Extra data"),
        ('{"text": "兰", "entities": [],}', "is no JSON"),
        ("1" * 5000, "is no JSON"),
        ("[" * 100_000, "is nested too deeply"),
        (r'{"text": "\ud83d", "entities": []}', "holds half of a character"),
        (r'{"text": "兰", "entities": [[0, 1, "\uDE00"]]}', "holds half of a character"),
        ("[1, 2]", 'should be a JSON object with a string "text"'),
        ("null", 'should be a JSON object with a string "text"'),
        ('"text"', 'should be a JSON object with a string "text"'),
        ("{}", 'should be a JSON object with a string "text"'),
        ({"entities": []}, 'should be a JSON object with a string "text"'),
        ({"text": None, "entities": []}, 'should be a JSON object with a string "text"'),
        ({"text": list(TEXT), "entities": []}, 'should be a JSON object with a string "text"'),
        ({"text": TEXT}, 'should have "entities", or "head", "tail" and a string "label"'),
        ({"text": TEXT, "entities": None}, '"entities" should be a list'),
        ({"text": TEXT, "entities": {"NAME": [[0, 2]]}}, '"entities" should be a list'),
        ({"text": TEXT, "entities": "NAME"}, '"entities" should be a list'),
        (PAIR | {"entities": 0}, '"entities" should be a list'),
        (spans([0, 2, "NAME"], [3, 5]), "entities[1] should be a list of start, end and label"),
        (spans([0, 2, "NAME", 1]), "entities[0] should be a list of start, end and label"),
        (spans([]), "entities[0] should be a list of start, end and label"),
        (spans("0,2"), "entities[0] should be a list of start, end and label"),
        (spans(None), "entities[0] should be a list of start, end and label"),
        (spans({"start": 0, "end": 2, "label": "NAME"}), "entities[0] should be a list of start, end and label"),
        (spans(["NAME", 0, 2]), "entities[0] has offsets that are no whole numbers"),
        (spans(["0", "2", "NAME"]), "entities[0] has offsets that are no whole numbers"),
        (spans([0.0, 2, "NAME"]), "entities[0] has offsets that are no whole numbers"),
        (spans([0, 2.5, "NAME"]), "entities[0] has offsets that are no whole numbers"),
        (spans([False, True, "NAME"]), "entities[0] has offsets that are no whole numbers"),
        (spans([None, 2, "NAME"]), "entities[0] has offsets that are no whole numbers"),
        (spans([0, float("nan"), "NAME"]), "entities[0] has offsets that are no whole numbers"),
        (spans([0, 6, "NAME"]), "entities[0] spans 0..6, but the text has 5 characters"),
        (spans([-2, 5, "NAME"]), "entities[0] spans -2..5, but the text has 5 characters"),
        (spans([5, 5, "NAME"]), "entities[0] spans 5..5"),
        (spans([2, 2, "NAME"]), "entities[0] spans 2..2"),
        (spans([0, 1, "A"], [0, 1, "B"], [4, 3, "C"]), "entities[2] spans 4..3"),
        (spans([0, 10**30, "NAME"]), "entities[0] spans 0..1000000"),
        ({"text": "", "entities": [[0, 1, "NAME"]]}, "entities[0] spans 0..1, but the text has 0 characters"),
        (spans([0, 2, None]), "entities[0] has a label that is no string"),
        (spans([0, 2, 3]), "entities[0] has a label that is no string"),
        (spans([0, 2, ""]), "entities[0] has a label that is no string"),
        (spans([0, 2, ["NAME"]]), "entities[0] has a label that is no string"),
        (without("label"), 'should have "entities", or "head", "tail" and a string "label"'),
        (PAIR | {"label": None}, 'should have "entities", or "head", "tail" and a string "label"'),
        (PAIR | {"label": ""}, 'should have "entities", or "head", "tail" and a string "label"'),
        (PAIR | {"label": 3}, 'should have "entities", or "head", "tail" and a string "label"'),
        (without("head"), "head should be a list of start and end"),
        (without("tail"), "tail should be a list of start and end"),
        (PAIR | {"head": "幽兰"}, "head should be a list of start and end"),
        (PAIR | {"head": [0]}, "head should be a list of start and end"),
        (PAIR | {"tail": [3, 5, "LOC"]}, "tail should be a list of start and end"),
        (PAIR | {"tail": {"start": 3, "end": 5}}, "tail should be a list of start and end"),
        (PAIR | {"tail": ["3", 5]}, "tail has offsets that are no whole numbers"),
        (PAIR | {"head": [True, 2]}, "head has offsets that are no whole numbers"),
        (PAIR | {"head": [-1, 2]}, "head spans -1..2, but the text has 5 characters"),
        (PAIR | {"tail": [3, 6]}, "tail spans 3..6, but the text has 5 characters"),
        (PAIR | {"tail": [5, 3]}, "tail spans 5..3"),
        (PAIR | {"tail": [3, 3], "label": "unknown"}, "tail spans 3..3"),
    ],
    ids=str,
)
def test_a_fault_names_file_line_what_was_found_and_what_a_line_should_be(tmp_path, line, message):
    path = write(tmp_path, SPANS, "", line, PAIR)
    with pytest.raises(FormatError) as caught:
        read_published(path)
    assert (caught.value.path, caught.value.line) == (str(path), 3)
    assert message in caught.value.message
    assert len(caught.value.message) < 200
    assert caught.value.hint.startswith('A line is {"text"')


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "the file is empty"),
        (b" \n\n", "the file is empty"),
        ('{"text": "县", "entities": []}'.encode("gb18030"), "is not utf-8"),
        (b'{"text": "\x00"}', "NUL bytes"),
    ],
)
def test_what_is_no_text_is_refused_with_the_file(tmp_path, data, message):
    path = tmp_path / "set.jsonl"
    path.write_bytes(data)
    with pytest.raises(FormatError) as caught:
        read_published(path)
    assert caught.value.path == str(path)
    assert message in caught.value.message


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(FormatError, match="no such file"):
        read_published(tmp_path / "no.jsonl")
