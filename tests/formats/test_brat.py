import pytest

from foreign import DATA, GOLD, check_fault, check_loss, read, write
from govnews.errors import GovnewsError
from govnews.formats.brat import read_brat, write_brat
from govnews.formats.documents import read_documents
from govnews.records import Document, Entity, Relation

TEXT = "雨湖区新增\n学位3700余个"


def save(tmp_path, *lines, text=TEXT):
    (tmp_path / "a.txt").write_bytes(text.encode() if isinstance(text, str) else text)
    path = tmp_path / "a.ann"
    path.write_bytes("".join(f"{line}\n" for line in lines).encode())
    return path


ORG, METRIC = "T1\tORG 0 3\t雨湖区", "T2\tMETRIC 6 14\t学位3700余个"


def test_a_folder_or_either_file_of_a_pair_can_be_named():
    for path in (DATA / "brat", DATA / "brat/5.ann", DATA / "brat/5.txt"):
        assert [document.id for document in read_brat(path)] == ["5"]
        assert read_documents(path) == read_brat(path)


def test_what_is_written_can_be_opened_by_brat(tmp_path):
    write_brat([Document("a/b", TEXT, (Entity(0, 3, "ORG"),))], tmp_path / "out")
    files = {path.name: path.read_text(encoding="utf-8") for path in (tmp_path / "out").iterdir()}
    assert files == {
        "a%2Fb.txt": TEXT,
        "a%2Fb.ann": ORG + "\n",
        "annotation.conf": "[entities]\nORG\n\n[relations]\n\n[events]\n\n[attributes]\n",
    }


def test_a_span_over_a_line_break_is_in_pieces_and_comes_back_whole(tmp_path):
    document = Document("b", TEXT, (Entity(3, 8, "X"),))
    write_brat([document], tmp_path / "out")
    assert (tmp_path / "out/b.ann").read_text(encoding="utf-8") == "T1\tX 3 5;6 8\t新增 学位\n"
    assert read_brat(tmp_path / "out") == [document]


def test_a_byte_order_mark_is_counted_by_brat_and_is_no_text(tmp_path):
    path = save(tmp_path, "T1\tORG 1 4\t雨湖区", text="\ufeff" + TEXT)
    assert read_brat(path) == [Document("a", TEXT, (Entity(0, 3, "ORG"),))]
    assert read_brat(save(tmp_path, ORG, text="\ufeff" + TEXT)) == [Document("a", TEXT, (Entity(0, 3, "ORG"),))]


def test_a_text_without_annotations_is_a_document(tmp_path):
    assert read_documents(save(tmp_path)) == [Document("a", TEXT)]


def test_relations_may_stand_before_what_they_join(tmp_path):
    [found] = read_brat(save(tmp_path, "R1\tHAS_METRIC Arg1:T1 Arg2:T2", METRIC, ORG))
    assert [(r.head.label, r.tail.label) for r in found.relations] == [("ORG", "METRIC")]


@pytest.mark.parametrize(
    ("line", "kind", "why"),
    [
        ("T3\tORG 0 1;3 4\t雨 新", "entity", "is in several pieces"),
        ("T3\tORG 0 1;1 2\t雨 湖", "entity", "is in several pieces"),
        ("T3\tORG 0 99\t雨湖区", "entity", "spans 0..99"),
        ("T3\tORG 1 4\t雨湖区", "entity", "does not stand at 1..4, where the text is '湖区新'"),
        ("T3\tORG 0 3\t雨湖区", "entity", "stands twice"),
        ("E1\tRUNS:T1", "event", "is no span and no relation"),
        ("A1\tNegation T1", "attribute", "is no span and no relation"),
        ("M1\tNegation T1", "attribute", "is no span and no relation"),
        ("N1\tReference T1 Wikipedia:1\t雨湖区", "normalization", "is no span and no relation"),
        ("#1\tAnnotatorNotes T1\t？", "note", "is no span and no relation"),
        ("*\tEquiv T1 T2", "equivalence", "is no span and no relation"),
        ("R1\tPART_OF Arg1:T1 Arg2:T2\nR2\tPART_OF Arg1:T1 Arg2:T2", "relation", "stands twice"),
    ],
)
def test_what_does_not_fit_is_listed_with_its_line(tmp_path, line, kind, why):
    path = save(tmp_path, ORG, METRIC, line)
    [found] = check_loss("brat", path, 3 + line.count("\n"), kind, why)
    assert len(found.entities) == 2


def test_a_relation_of_what_is_lost_is_lost_too(tmp_path):
    path = save(
        tmp_path, ORG, "T2\tORG 0 1;3 4\t雨 新", "E1\tRUNS:T1", "R1\tX Arg1:T1 Arg2:T2", "R2\tX Arg1:E1 Arg2:T1"
    )
    assert [loss.kind for loss in read("brat", path)[1]] == ["entity", "event", "relation", "relation"]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("T3 ORG 0 3 雨湖区", "found 'T3 ORG 0 3 雨湖区'"),
        ("T3\tORG 0 3", "found 'T3"),
        ("T3\tORG 0\t雨湖区", "found 'T3"),
        ("T3\tORG 0 x\t雨湖区", "found 'T3"),
        ("T3\tORG -1 3\t雨湖区", "found 'T3"),
        ("T3\t0 3\t雨湖区", "found 'T3"),
        (f"T3\tORG 0 {'9' * 5000}\t雨湖区", "found 'T3"),
        ("R1\tRUNS T1 T2", "found 'R1"),
        ("R1\tRUNS Arg1:T1", "found 'R1"),
        ("R1\tRUNS Arg1:T1 Arg2:T9", "joins 'T9', which is no entity"),
        ("T1\tORG 3 4\t新", "a second entity is called 'T1'"),
        ("雨湖区", "found '雨湖区'"),
        ("{ORG1:雨湖区}", "found '{ORG1:雨湖区}'"),
        ("#", "found '#'"),
    ],
)
def test_a_fault_names_file_line_and_what_was_found(tmp_path, line, message):
    check_fault("brat", save(tmp_path, ORG, METRIC, line), 3, message)


def test_what_is_missing_is_named(tmp_path):
    with pytest.raises(GovnewsError, match=r"holds no \.txt and no \.ann file"):
        read_brat(tmp_path)
    (tmp_path / "b.txt").write_text("县", encoding="utf-8")
    with pytest.raises(GovnewsError, match=r"has no \.ann file beside it"):
        read_brat(tmp_path)
    with pytest.raises(GovnewsError, match="no such file"):
        read_brat(tmp_path / "c.ann")
    (tmp_path / "b.txt").rename(tmp_path / "b.ann")
    with pytest.raises(GovnewsError, match="no such file") as caught:
        read_brat(tmp_path)
    assert caught.value.path == str(tmp_path / "b.txt")


def test_a_folder_that_holds_something_stays_as_it_is(tmp_path):
    (tmp_path / "mine").write_text("old")
    with pytest.raises(GovnewsError, match="is there already"):
        write_brat([GOLD], tmp_path, report=[].append)
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


def test_an_edge_on_a_line_break_cannot_be_written(tmp_path):
    org, date = Entity(0, 3, "ORG"), Entity(3, 6, "DATE")
    losses = write("brat", [Document("a", TEXT, (org, date), (Relation(org, date, "X"),))], tmp_path / "out")
    assert [(loss.kind, loss.why) for loss in losses] == [
        ("entity", "begins or ends with a line break"),
        ("relation", "has an argument that is lost"),
    ]
