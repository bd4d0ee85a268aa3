import pytest

from govnews.corpus.check import check_document, check_file, check_files
from govnews.formats.inline import parse_inline
from govnews.formats.jsonl import write_jsonl
from govnews.records import Document, Entity, Relation

ORG, METRIC = Entity(0, 3, "ORG"), Entity(5, 13, "METRIC")
TEXT = "雨湖区新增学位3700余个"


def write(path, text):
    path.write_text(text, encoding="utf-8")
    return path


def test_sound_files_have_no_problems(ten, ten_path, tmp_path):
    write_jsonl([ten], tmp_path / "ten.jsonl")
    assert check_file(ten_path) == ([ten], [])
    assert check_file(tmp_path / "ten.jsonl") == ([ten], [])


@pytest.mark.parametrize(
    ("paragraph", "message"),
    [
        ("{FIGURE1:增长5%}", "unknown label 'FIGURE' on '增长5%'"),
        ("{ORG1:雨湖区。新}增", "ORG '雨湖区。新' runs over a sentence end"),
        ("{ORG1:雨湖区 }", "ORG '雨湖区 ' begins or ends with white space"),
        ("{ORG1:\u3000雨湖区}", "begins or ends with white space"),
        ("{PROGRAM1:“百村清流}”行动", "PROGRAM '“百村清流' opens “ and does not close it"),
        ("“{PROGRAM1:百村清流”}", "PROGRAM '百村清流”' closes ” and does not open it"),
        ("{PROGRAM1:《行动方案》}", "includes its 《》"),
        ("{ORG1:雨湖区，}", "ORG '雨湖区，' has '，' at its edge"),
        ("{METRIC1:新增学位}", "METRIC '新增学位' holds no figure"),
        ("{ORG1:区}{DATE1:今年}\n> ORG1 HAS_DATE DATE1", "'区' HAS_DATE '今年' joins ORG → DATE"),
        ("{ORG1:区}{DATE1:今年}\n> ORG1 KNOWS DATE1", "unknown relation 'KNOWS'"),
        ("{ORG1:区}\n> ORG1 PART_OF ORG1", "joins an entity to itself"),
        ("{ORG1:区}。{ORG2:镇}\n> ORG2 PART_OF ORG1", "'镇' PART_OF '区' runs over a sentence end"),
        ("{ORG1:区", "is never closed"),
    ],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_fault_in_an_inline_file_has_file_line_and_remedy(tmp_path, paragraph, message, newline):
    path = write(tmp_path / "a.ann", f"# doc: a\n\n市\n\n# doc: b\n\n县\n\n{paragraph}\n".replace("\n", newline))
    _, [problem] = check_file(path)
    assert message in problem.message
    assert problem.hint
    assert problem.path == str(path)
    assert problem.line == 9


@pytest.mark.parametrize(
    "paragraph",
    [
        "{PROGRAM1:“百村清流”行动}",
        "{ORG1:县人民医院（东院）}",
        "{METRIC1:增长5.1%}",
        "{METRIC1:产值翻番}",
        "{METRIC1:投资十余亿元}",
        "{METRIC1:企业９家}",
        "{METRIC1:面积½亩}",
        "《{PROGRAM1:行动方案}》",
        "{PROGRAM1:《方案》和《规划》}",
    ],
)
def test_what_the_guidelines_allow_passes(paragraph):
    parsed = parse_inline(f"# doc: a\n\n{paragraph}\n")
    assert not parsed.problems
    assert check_document(parsed.documents[0]) == []


@pytest.mark.parametrize(
    "date", ["2024-13-01", "2024-02-30", "20241220", "2024年12月20日", "2024-1-2", "2024-W51-5", ""]
)
def test_a_date_that_is_no_date_is_found_at_the_head_of_its_document(tmp_path, date):
    path = write(tmp_path / "a.ann", f"# doc: a\n\n市\n\n# doc: b\n# date: {date}\n\n县\n")
    _, [problem] = check_file(path)
    assert (problem.message, problem.line) == (f"the date is {date!r}", 5)


def test_a_document_without_text_is_found_at_its_head(tmp_path):
    _, [problem] = check_file(write(tmp_path / "a.ann", "# doc: a\n\n市\n\n# doc: b\n"))
    assert (problem.message, problem.line) == ("document 'b' has no text", 5)


@pytest.mark.parametrize(
    ("entities", "relations", "messages"),
    [
        ([Entity(0, 3, "ORG"), Entity(1, 4, "ORG")], [], ["ORG '湖区新' overlaps ORG '雨湖区'"]),
        ([Entity(0, 5, "ORG"), Entity(1, 2, "ORG"), Entity(3, 4, "ORG")], [], ["'湖' overlaps", "'新' overlaps"]),
        ([Entity(0, 3, "ORG"), Entity(0, 3, "PROGRAM")], [], ["PROGRAM '雨湖区' overlaps ORG '雨湖区'"]),
        ([Entity(3, 3, "ORG")], [], ["ORG spans 3..3, but the text has 13 characters"]),
        ([Entity(9, 20, "ORG")], [], ["ORG spans 9..20"]),
        ([Entity(40, 50, "ORG")], [], ["ORG spans 40..50"]),
        ([Entity(-2, 1, "ORG")], [], ["ORG spans -2..1"]),
        ([ORG], [Relation(ORG, METRIC, "HAS_METRIC")], ["has an argument that is no entity"]),
        ([ORG, METRIC], [Relation(ORG, METRIC, "HAS_METRIC")] * 2, ["stands twice"]),
    ],
)
def test_what_no_inline_file_can_hold_is_found_too(entities, relations, messages):
    problems = check_document(Document("a", TEXT, tuple(entities), tuple(relations)))
    assert len(problems) == len(messages)
    for problem, message in zip(problems, messages, strict=True):
        assert message in problem.message


def test_every_line_of_a_jsonl_file_is_checked(tmp_path):
    path = write(
        tmp_path / "a.jsonl",
        '{"text": "县"\n{"text": "县", "date": "2024"}\n\n{"text": "区", "entities": 5}\n{"text": "市"}\n',
    )
    documents, problems = check_file(path)
    assert [document.text for document in documents] == ["县", "市"]
    assert [(problem.path, problem.line) for problem in problems] == [(str(path), line) for line in (1, 2, 4)]


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("a.ann", None, "no such file"),
        ("a.jsonl", None, "no such file"),
        ("a.ann", b"", "the file is empty"),
        ("a.ann", b"\n\n", "the file is empty"),
        ("a.jsonl", b"\x00\x01", "binary file"),
        ("a.ann", "# doc: a\n\n雨湖区\n".encode("gb18030"), "looks like gb18030"),
        ("a.ann", "# doc: a\n\n雨湖区\n".encode("utf-16"), "UTF-16"),
        ("a.txt", b"# doc: a", "no annotated format ends in '.txt'"),
    ],
)
def test_a_file_that_cannot_be_read_is_its_only_problem(tmp_path, name, data, message):
    path = tmp_path / name
    if data is not None:
        path.write_bytes(data)
    documents, [problem] = check_file(path)
    assert documents == []
    assert message in problem.message
    assert problem.path == str(path)


def test_one_id_in_two_files_is_one_problem_of_the_second(ten_path, tmp_path):
    other = write(tmp_path / "other.ann", "# doc: ten\n\n县\n")
    documents, [problem] = check_files([ten_path, other])
    assert len(documents) == 2
    assert problem.path == str(other)
    assert f"stands in {ten_path} already" in problem.message


def test_one_id_twice_in_a_file_is_one_problem(tmp_path):
    path = write(tmp_path / "a.ann", "# doc: a\n\n县\n\n# doc: a\n\n市\n")
    _, [problem] = check_files([path])
    assert problem.line == 5


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("covers_all", [False, True])
def test_a_hundred_thousand_entities_take_no_time(covers_all):
    text = "县，" * 200_000
    spans = [(i % 2, len(text)) if covers_all else (2 * i, 2 * i + 1) for i in range(100_000)]
    problems = check_document(Document("a", text, tuple(Entity(*span, "ORG") for span in spans)))
    assert bool(problems) is covers_all
    assert all(len(problem.message) < 300 for problem in problems)


def test_labels_of_ones_own_can_be_allowed(tmp_path):
    path = tmp_path / "own.ann"
    path.write_text("# doc: a\n\n{CITY1:青州}在{RIVER1:青江}边。\n> CITY1 LIES_ON RIVER1\n", encoding="utf-8")
    assert len(check_file(path)[1]) == 3
    assert check_file(path, any_label=True)[1] == []
