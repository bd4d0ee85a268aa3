import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from govnews.errors import FormatError, GovnewsError
from govnews.formats.inline import format_inline, parse_inline, read_inline, write_inline
from govnews.records import Document, Entity, Relation, Section
from strategies import documents

GOLD = """\
# doc: yuhu-2024
# date: 2024-12-20
# title: 雨湖区：全年\u3000工作 纪实

# section: industry

{DATE1:今年}，{ORG1:雨湖区}引进{METRIC1:项目18个}。
> ORG1 HAS_METRIC METRIC1
> METRIC1 HAS_DATE DATE1

{}# 用 {{大括号}} 写

# section: people

{}

{ORG1:😀区}和{ORG2:𠮷县}
"""


def by_hand():
    date, org, metric = Entity(0, 2, "DATE"), Entity(3, 6, "ORG"), Entity(8, 13, "METRIC")
    return Document(
        "yuhu-2024",
        "今年，雨湖区引进项目18个。\n# 用 {大括号} 写\n\n😀区和𠮷县",
        (date, org, metric, Entity(28, 30, "ORG"), Entity(31, 33, "ORG")),
        (Relation(org, metric, "HAS_METRIC"), Relation(metric, date, "HAS_DATE")),
        (Section("industry", 0, 26), Section("people", 27, 33)),
        {"date": "2024-12-20", "title": "雨湖区：全年\u3000工作 纪实"},
    )


def write(tmp_path, content):
    path = tmp_path / "a.ann"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def test_the_golden_file_reads_as_written_by_hand(tmp_path):
    [document] = read_inline(write(tmp_path, GOLD))
    assert document == by_hand()
    assert [document.surface(e) for e in document.entities] == ["今年", "雨湖区", "项目18个", "😀区", "𠮷县"]


def test_the_golden_file_is_written_as_it_was(tmp_path):
    write_inline([by_hand()], tmp_path / "b.ann")
    written = (tmp_path / "b.ann").read_text(encoding="utf-8")
    assert [line for line in written.split("\n") if line] == [line for line in GOLD.split("\n") if line]


@pytest.mark.parametrize("change", [lambda t: t.replace("\n", "\r\n"), lambda t: "\ufeff" + t, str.rstrip])
def test_line_ends_and_marks_of_other_systems_change_nothing(tmp_path, change):
    assert read_inline(write(tmp_path, change(GOLD))) == [by_hand()]


@settings(max_examples=400, deadline=None)
@given(documents())
@example(Document("a", ""))
@example(Document("a", "}}{{}{", (Entity(1, 3, "ORG"), Entity(4, 5, "ORG"))))
@example(Document("a", "\n\n\r\n# a\n> b\n \n"))
@example(Document("a", "{ORG1:县}", (Entity(0, 8, "ORG"),)))
def test_what_is_written_is_read_back(document):
    parsed = parse_inline(format_inline(document))
    assert not parsed.problems
    assert parsed.documents == [document]


@settings(max_examples=200, deadline=None)
@given(documents())
def test_line_numbers_lead_to_the_paragraph(document):
    written = format_inline(document)
    parsed = parse_inline(written)
    lines = written.split("\n")
    for entity in document.entities:
        shown = document.surface(entity).replace("{", "{{").replace("}", "}}")
        assert shown in lines[parsed.line(0, entity.start) - 1]
    assert parsed.line(0, -1) == 1


def test_several_documents_keep_their_order_and_their_lines(tmp_path, ten):
    path = tmp_path / "a.ann"
    others = [Document("b", "县"), ten, Document("c", "市")]
    write_inline(others, path)
    assert read_inline(path) == others
    text = path.read_text(encoding="utf-8")
    assert text.split("\n")[parse_inline(text).line(2, -1) - 1] == "# doc: c"


HEAD = "# doc: a\n\n"


@pytest.mark.parametrize(
    ("content", "line", "message"),
    [
        ("雨湖区\n", 1, "found text before any document: '雨湖区'"),
        ("# date: 2024-12-20\n# doc: a\n", 1, "found `# date:` before any document"),
        ("# section: 头\n# doc: a\n", 1, "found `# section:` before any document"),
        ("# doc:\n\n县\n", 1, "a document without a name"),
        ("# doc: a\n\n县\n\n# doc: a\n\n区\n", 5, "a second document called 'a'"),
        ("# doc: a\n# 县里的事\n", 2, "found '# 县里的事', expected `# key: value`"),
        ("# doc: a\n# date: 2024\n# date: 2023\n\n县\n", 3, "`# date:` stands twice"),
        (HEAD + "县\n\n# date: 2024-12-20\n", 5, "found `# date:` after the first paragraph"),
        (HEAD + "县\n\n# section: 头\n\n区\n", 5, "section '头' begins after text that is in no section"),
        (HEAD + "# section: 头\n\n县\n\n# section: 头\n\n区\n", 7, "section '头' begins a second time"),
        (HEAD + "# section: 头\n# section: 尾\n\n区\n", 3, "section '头' holds no paragraph"),
        (HEAD + "# section: 头\n\n县\n\n# section: 尾\n", 7, "section '尾' holds no paragraph"),
        (HEAD + "# section:\n\n县\n", 3, "a section without a name"),
        (HEAD + "县\n区\n", 4, "found a second line of text in one block: '区'"),
        (HEAD + "引进{METRIC1:项目18个。\n", 3, "{METRIC1:... is never closed"),
        (HEAD + "{ORG1:雨湖{DATE1:今年}区}\n", 3, "{ORG1:... is still open where {DATE1:... begins"),
        (HEAD + "引进}项目\n", 3, "found a lone '}' in '引进}项目'"),
        (HEAD + "引进{项目\n", 3, "found a lone '{' in '引进{项目'"),
        (HEAD + "{ORG:雨湖区}\n", 3, "found a lone '{' in '{ORG:雨湖区}'"),
        (HEAD + "{1:雨湖区}\n", 3, "found a lone '{'"),
        (HEAD + "{ORG1：雨湖区}\n", 3, "found a lone '{'"),
        (HEAD + "{ORG1:}\n", 3, "{ORG1:} holds no text"),
        (HEAD + "{ORG1:市}和{ORG1:县}\n", 3, "ORG1 stands twice in one paragraph"),
        (HEAD + "{ORG1:市}\n> ORG1 RUNS PROGRAM1\n", 4, "relation argument PROGRAM1 is no span of the paragraph above"),
        (HEAD + "{ORG1:市}\n\n{ORG2:县}\n> ORG2 PART_OF ORG1\n", 6, "relation argument ORG1 is no span"),
        (HEAD + "{ORG1:市}\n\n> ORG1 PART_OF ORG1\n", 5, "found a relation that follows no paragraph"),
        (HEAD + "> ORG1 PART_OF ORG1\n", 3, "found a relation that follows no paragraph"),
        (HEAD + "{ORG1:市}\n> ORG1 PART_OF\n", 4, "found '> ORG1 PART_OF', expected `> HEAD LABEL TAIL`"),
        (HEAD + "{ORG1:市}\n> ORG1 -> ORG1\n", 4, "expected `> HEAD LABEL TAIL`"),
        (HEAD + "{ORG1:市}{ORG2:县}\n> ORG2 PART_OF ORG1\n> ORG2 PART_OF ORG1\n", 5, "ORG2 PART_OF ORG1 stands twice"),
        ("\u200b\n", 1, "found text before any document"),
    ],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_fault_names_file_line_and_what_was_found(tmp_path, content, line, message, newline):
    path = write(tmp_path, content.replace("\n", newline))
    with pytest.raises(FormatError) as caught:
        read_inline(path)
    assert (caught.value.path, caught.value.line) == (str(path), line)
    assert message in caught.value.message
    assert caught.value.hint


def test_all_faults_are_listed_in_the_order_of_the_file_and_the_rest_is_read():
    parsed = parse_inline(HEAD + "# section: 头\n# section: 尾\n\n{ORG1:市\n\n{ORG1:县}\n> ORG1 RUNS X1\n\n}\n")
    assert [problem.line for problem in parsed.problems] == [3, 6, 9, 11]
    [document] = parsed.documents
    assert (document.text, [document.surface(e) for e in document.entities]) == ("市\n县\n", ["市", "县"])


CARRIED = Document("a", "雨湖区\n县", (Entity(0, 3, "ORG"),))
ORG, COUNTY = Entity(0, 3, "ORG"), Entity(4, 5, "ORG")


@pytest.mark.parametrize(
    ("document", "what"),
    [
        (Document("a", "雨湖区", (Entity(0, 2, "ORG"), Entity(1, 3, "ORG"))), "overlapping entities"),
        (Document("a", "雨湖区", (Entity(0, 2, "ORG"), Entity(0, 2, "DATE"))), "overlapping entities"),
        (Document("a", "雨湖区", (Entity(1, 1, "ORG"),)), "an empty entity"),
        (Document("a", "雨湖区", (Entity(2, 9, "ORG"),)), "in no one paragraph"),
        (Document("a", "雨湖区", (Entity(-1, 1, "ORG"),)), "in no one paragraph"),
        (Document("a", "雨湖区\n县", (Entity(2, 5, "ORG"),)), "in no one paragraph"),
        (Document("a", "雨湖区\n县", (ORG, COUNTY), (Relation(COUNTY, ORG, "PART_OF"),)), "in no one paragraph"),
        (Document("a", "雨湖区", (), (Relation(ORG, ORG, "PART_OF"),)), "no entity of it"),
        (Document("a", "雨湖区", (ORG,), (Relation(ORG, ORG, "PART_OF"),) * 2), "a relation that stands twice"),
        (Document("a", "雨湖区", (ORG,), (Relation(ORG, ORG, "PART OF"),)), "the label 'PART OF'"),
        (Document("a", "雨湖区", (Entity(0, 3, "ORG1"),)), "the label 'ORG1'"),
        (Document("a", "雨湖区", (Entity(0, 3, "PER.NOM"),)), "the label 'PER.NOM'"),
        (Document("a", "雨湖区", (Entity(0, 3, ""),)), "the label ''"),
        (Document("a", "雨湖\0区"), "NUL"),
        (Document("a", "雨湖\ud83d区"), "half of a surrogate pair"),
        (Document("", "雨湖区"), "no id"),
        (Document("a\nb", "雨湖区"), "runs over lines"),
        (Document(" a", "雨湖区"), "begins or ends with a space"),
        (Document("a", "雨湖区", meta={"title": "一\n二"}), "runs over lines"),
        (Document("a", "雨湖区", meta={"title": "一\r"}), "begins or ends with a space"),
        (Document("a", "雨湖区", meta={"doc": "b"}), "metadata called 'doc'"),
        (Document("a", "雨湖区", meta={"section": "b"}), "metadata called 'section'"),
        (Document("a", "雨湖区", meta={"来源 网址": "b"}), "metadata called '来源 网址'"),
        (Document("a", "雨湖区\n县", sections=(Section("头", 0, 3),)), "sections that leave gaps or overlap"),
        (Document("a", "雨湖区\n县", sections=(Section("头", 4, 5),)), "sections that leave gaps or overlap"),
        (Document("a", "雨湖区", sections=(Section("头", 0, 1), Section("尾", 2, 3))), "leave gaps or overlap"),
        (Document("a", "一\n二", sections=(Section("头", 0, 1), Section("头", 2, 3))), "two sections of one name"),
        (Document("a", "一", sections=(Section("", 0, 1),)), "a section without a name"),
    ],
)
def test_what_the_format_cannot_carry_is_refused_and_the_old_file_stays(tmp_path, document, what):
    path = write(tmp_path, "old")
    with pytest.raises(FormatError) as caught:
        write_inline([CARRIED, document], path)
    assert what in caught.value.message
    assert repr(document.id) in caught.value.message
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


PIECES = [
    "# doc: a",
    "# section: b",
    "# c: d",
    "\n",
    "\n\n",
    "{ORG1:",
    "{",
    "}",
    "{{",
    "{}",
    "> ORG1 RUNS ORG1",
    ">",
    "县",
    "\r",
]


@settings(max_examples=400, deadline=None)
@given(st.lists(st.sampled_from(PIECES)))
def test_any_text_gives_documents_that_can_be_written_or_a_problem(pieces):
    parsed = parse_inline("".join(pieces))
    assert parsed.documents or parsed.problems
    if not parsed.problems:
        again = parse_inline("\n".join(map(format_inline, parsed.documents)))
        assert (again.documents, again.problems) == (parsed.documents, [])


MANY = 50_000


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize(
    "content",
    [
        "# doc: a\n# b: c" + " " * 1_000_000 + "d\n\n县",
        "#" + " " * 1_000_000,
        HEAD + "{" * 1_000_000,
        HEAD + "{" + "A" * 1_000_000,
        HEAD + "{A" + "1A" * 500_000,
        HEAD + "{A" + "1" * 1_000_000,
        HEAD + "县\n> " + "A1" * 500_000,
        HEAD + "县\n> A1" + " " * 1_000_000 + "-",
        HEAD + "县\n> A1 B A1" + " " * 1_000_000 + "-",
        HEAD + "".join(f"{{ORG{i}:县}}" for i in range(MANY)),
        HEAD + "".join(f"{{ORG{i}:县}}" for i in range(20_000)) + "\n> X1 RUNS Y1" * 20_000,
        HEAD + "{ORG1:县}" + "".join(f"{{ORG{i}:县}}\n> ORG1 PART_OF ORG{i}\n\n{{ORG1:县}}" for i in range(2, 20_000)),
        HEAD + "".join(f"# section: {i}\n\n县\n\n" for i in range(MANY)),
        HEAD + "县\n\n" * MANY,
        "".join(f"# doc: {i}\n\n县\n\n" for i in range(MANY)),
    ],
    ids=lambda content: content[:14].replace("\n", " ") + f" {len(content)}",
)
def test_a_hostile_file_takes_no_time(content):
    parsed = parse_inline(content)
    assert parsed.documents or parsed.problems
    if not parsed.problems:
        assert parse_inline("\n".join(map(format_inline, parsed.documents))).documents == parsed.documents


@pytest.mark.usefixtures("quick")
def test_a_paragraph_of_many_relations_takes_no_time():
    entities = tuple(Entity(i, i + 1, "ORG") for i in range(300))
    relations = tuple(Relation(a, b, "PART_OF") for a in entities for b in entities if a != b)
    document = Document("a", "县" * 300, entities, relations)
    assert parse_inline(format_inline(document)).documents == [document]


def test_an_encoding_may_be_named(tmp_path):
    path = write(tmp_path, GOLD.replace("😀", "好").encode("gb18030"))
    assert read_inline(path, encoding="gb18030")[0].text.startswith("今年，雨湖区")
    with pytest.raises(GovnewsError, match="--encoding gb18030"):
        read_inline(path)
