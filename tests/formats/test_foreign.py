"""Every foreign format: its golden file, the way there and back, and what it cannot carry."""

import shutil
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import example, given, settings

from foreign import DATA, DATE, GOLD, METRIC, ORG, TEXT, read, write
from govnews.errors import FormatError, GovnewsError
from govnews.formats.documents import FORMATS, read_documents, write_documents
from govnews.formats.guess import guess_format
from govnews.formats.losses import fit
from govnews.records import Document, Entity, Relation, Section
from strategies import documents

FOREIGN = sorted(FORMATS.keys() - {"inline", "jsonl"})
OWN_META = {"label-studio", "doccano", "prodigy", "jsonl", "inline"}
ENDING = {"conll": ".conll", "brat": "", "webanno": "", "label-studio": ".json", "inline": ".ann"}
UNSPACED = Document(
    "words",
    "😀今年𠮷县新增\n学位3700余个。",
    (Entity(1, 3, "DATE"), Entity(3, 5, "ORG"), Entity(8, 16, "METRIC")),
)
NAMES = {
    "label_studio.json": ("label-studio", GOLD),
    "doccano.jsonl": ("doccano", GOLD),
    "doccano-lists.jsonl": ("doccano", replace(GOLD, relations=())),
    "brat": ("brat", replace(GOLD, meta={})),
    "prodigy.jsonl": ("prodigy", GOLD),
    "webanno.tsv": ("webanno", replace(GOLD, id="webanno", meta={})),
    "cluener.json": ("cluener", replace(GOLD, id="cluener-1", relations=(), meta={})),
    "words.conll": ("conll", UNSPACED),
    "characters.bio": ("conll", replace(UNSPACED, id="characters")),
    "hanlp.json": (
        "hanlp",
        Document(
            "hanlp-1",
            "😀今年𠮷县新增学位3700余个。",
            (Entity(1, 3, "DATE"), Entity(3, 5, "ORG"), Entity(7, 15, "METRIC")),
        ),
    ),
}


def test_every_format_has_a_golden_file():
    assert {name for name, _ in NAMES.values()} == set(FOREIGN)
    assert {path.name for path in DATA.iterdir()} == NAMES.keys()


@pytest.mark.parametrize("file", NAMES)
def test_a_golden_file_reads_as_written_by_hand_and_is_told_by_its_content(file):
    name, expected = NAMES[file]
    assert read_documents(DATA / file, format=name) == [expected]
    assert guess_format(DATA / file)[0] == name
    assert read_documents(DATA / file) == [expected]


@pytest.mark.parametrize("file", [file for file in NAMES if file != "brat"])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
def test_marks_and_encodings_change_nothing(tmp_path, file, encoding):
    name, expected = NAMES[file]
    path = tmp_path / file
    path.write_bytes((DATA / file).read_bytes().decode().encode(encoding))
    found = FORMATS[name].read(path, encoding="utf-8" if encoding == "utf-8-sig" else encoding)
    assert found == [expected]


@pytest.mark.parametrize("file", [file for file in NAMES if file != "brat"])
def test_line_ends_of_other_systems_change_nothing(tmp_path, file):
    name, expected = NAMES[file]
    path = tmp_path / file
    path.write_bytes((DATA / file).read_bytes().replace(b"\n", b"\r\n"))
    assert FORMATS[name].read(path) == [expected]


@pytest.mark.parametrize("name", FOREIGN)
def test_what_is_written_looks_the_same_when_it_is_read_and_written_again(tmp_path, name):
    first, second = tmp_path / f"a{ENDING.get(name, '.jsonl')}", tmp_path / f"b{ENDING.get(name, '.jsonl')}"
    write(
        name, [GOLD, Document("../6", "县"), Document("7 七", "今年。\n\n\u3000区 x", (Entity(0, 2, "DATE"),))], first
    )
    found, losses = read(name, first)
    assert losses == []
    assert [document.id for document in found] in (["5", "../6", "7 七"], ["../6", "5", "7 七"])
    write(name, found, second)
    files = sorted(first.iterdir()) if first.is_dir() else [first]
    for file in files:
        assert (second / file.name if first.is_dir() else second).read_bytes() == file.read_bytes()


@pytest.mark.parametrize("name", [name for name in sorted(FORMATS) if name != "conll"])
@settings(max_examples=60, deadline=None)
@given(document=documents())
@example(document=Document("a", "\n\n  \n县\n\n\n区\n \n", (Entity(5, 6, "ORG"), Entity(9, 10, "ORG"))))
@example(document=Document("a", "[x]_|->\\;*", (Entity(0, 3, "A_B"), Entity(3, 10, "[*]|->;\\"))))
def test_documents_survive_as_far_as_a_format_says(tmp_path_factory, name, document):
    folder = tmp_path_factory.mktemp("trip")
    path = folder / f"a{ENDING.get(name, '.jsonl')}"
    limits = FORMATS[name].limits
    fitted = fit(document, limits, report=[].append)
    losses = write(name, [document], path)
    if fitted is None:
        assert "document" in {loss.kind for loss in losses}
    else:
        expected = replace(
            fitted,
            meta=document.meta if limits.meta else {},
            sections=document.sections if limits.sections else (),
        )
        assert read(name, path) == ([expected], [])
        assert guess_format(path)[0] in (name, "jsonl")
    shutil.rmtree(folder)


@settings(max_examples=60, deadline=None)
@given(document=documents())
def test_columns_keep_everything_but_white_space(tmp_path_factory, document):
    path = tmp_path_factory.getbasetemp() / "a.conll"
    kept = fit(document, FORMATS["conll"].limits, report=[].append)
    write("conll", [document], path)
    if kept is None:
        assert path.read_bytes() == b""
        return
    [[found], losses] = read("conll", path)
    assert losses == []
    lines = ["".join(line.split()) for line in document.text.split("\n")]
    assert found.text == "\n".join(filter(None, lines))
    assert [(e.label, found.surface(e)) for e in found.entities] == [
        (e.label, "".join(document.surface(e).split())) for e in kept.entities
    ]


RICH = Document(
    "a",
    "青禾县政府今年\n增长5%",
    (Entity(0, 3, "ORG", 0.5), Entity(0, 5, "ORG"), Entity(5, 7, "DATE"), Entity(7, 12, "一 种")),
    (Relation(Entity(0, 3, "ORG"), Entity(5, 7, "DATE"), "HAS_DATE", 0.5),),
    (Section("头", 0, 12),),
    {"date": "2024-12-20"},
)
LOST = {
    "jsonl": {},
    "label-studio": {},
    "prodigy": {},
    "doccano": {"score": 1},
    "inline": {"score": 1, "entity": 2},
    "brat": {"score": 1, "metadata": 1, "section": 1, "entity": 1},
    "webanno": {"score": 1, "metadata": 1, "section": 1, "entity": 1},
    "hanlp": {"score": 1, "metadata": 1, "section": 1, "relation": 1, "entity": 1},
    "cluener": {"score": 1, "metadata": 1, "section": 1, "relation": 1},
    "conll": {"score": 1, "metadata": 1, "section": 1, "relation": 1, "entity": 2},
}


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_what_a_format_cannot_carry_is_listed_and_by_default_refused(tmp_path, name):
    path = tmp_path / "a"
    losses = write(name, [RICH], path)
    kinds = [loss.kind for loss in losses]
    assert {kind: kinds.count(kind) for kind in kinds} == LOST[name] | ({"entity": 1} if name == "webanno" else {})
    if losses:
        with pytest.raises(FormatError, match=r"\(document 'a'\)"):
            write_documents([RICH], tmp_path / "b", format=name)
        assert [file.name for file in tmp_path.iterdir()] == ["a"]


@pytest.mark.parametrize("name", sorted(FORMATS))
@pytest.mark.parametrize(
    "broken",
    [
        Document("b", "县\ud83d"),
        Document("b", "县", (Entity(0, 2, "ORG"),)),
        Document("b", "县", (), (Relation(Entity(0, 1, "ORG"), Entity(0, 1, "ORG"), "PART_OF"),)),
    ],
    ids=["half a character", "an entity outside", "a relation of nothing"],
)
def test_a_broken_document_is_refused_and_the_old_file_stays(tmp_path, name, broken):
    path = tmp_path / "a.json"
    path.write_text("old")
    with pytest.raises(GovnewsError):
        FORMATS[name].write([Document("a", "县"), broken], path)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_name_of_no_format_is_refused(tmp_path):
    for use in (
        lambda: write_documents([GOLD], tmp_path / "a", format="xml"),
        lambda: read_documents("a", format="xml"),
    ):
        with pytest.raises(FormatError, match="no format is called 'xml'") as caught:
            use()
        assert "label-studio" in caught.value.hint


BIG = 3_000_000


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("name", ["label-studio", "doccano", "prodigy", "cluener", "hanlp"])
@pytest.mark.parametrize(
    "content",
    [
        "[" * BIG,
        "{" * BIG,
        '{"text": "' + "县" * BIG,
        '{"text": "县", "tok": ["' + "县" * BIG + '"]}]',
        " \n" * BIG + "]",
        "1" * BIG,
    ],
    ids=["lists", "objects", "cut off", "no list", "blanks", "a number"],
)
def test_a_hostile_file_is_refused_in_no_time(tmp_path, name, content):
    path = tmp_path / "a.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(FormatError) as caught:
        read(name, path)
    assert caught.value.path == str(path)
    assert len(caught.value.message) < 200


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("name", FOREIGN)
def test_a_text_of_many_entities_takes_no_time(tmp_path, name):
    text = "青禾县增长5%，" * 5_000
    spans = [Entity(at, at + 3, "ORG") for at in range(0, len(text), 8)]
    document = Document("a", text, tuple(spans), tuple(Relation(a, b, "PART_OF") for a, b in pairwise(spans)))
    path = tmp_path / "a"
    write(name, [document], path)
    assert read(name, path)[0][0].entities == document.entities


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("name", ["brat", "webanno", "conll"])
@pytest.mark.parametrize(
    "line", ["T1\tORG " + "1 2;" * 300_000, "1-1\t0-1\t" + "\\" * BIG, "县 " * 1_000_000, "县" * BIG]
)
def test_a_hostile_line_is_refused_in_no_time(tmp_path, name, line):
    (tmp_path / "a.txt").write_text("县", encoding="utf-8")
    path = tmp_path / "a.ann"
    path.write_text(f"#FORMAT=WebAnno TSV 3.3\n\n#Text=县\n{line}\n" if name == "webanno" else line, encoding="utf-8")
    with pytest.raises(FormatError) as caught:
        read(name, path)
    assert caught.value.path == str(path)
    assert len(caught.value.message) < 200


def test_the_offsets_of_the_golden_document_are_those_of_its_text():
    assert [TEXT[e.start : e.end] for e in (DATE, ORG, METRIC)] == ["今年", "𠮷县", "学位\u30003700余个"]
