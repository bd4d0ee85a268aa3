import pytest

from foreign import DATA, GOLD, check_fault, check_loss, read, write
from govnews.errors import GovnewsError
from govnews.formats.webanno import read_webanno, write_webanno
from govnews.records import Document, Entity, Relation

LAYER = "de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity"
HEAD = f"#FORMAT=WebAnno TSV 3.3\n#T_SP={LAYER}|value\n#T_RL=webanno.custom.R|label|BT_{LAYER}\n\n\n"
ORG, METRIC = "1-1\t0-3\t雨湖区\tORG\t_\t_\n", "1-2\t3-5\t增长\tMETRIC\tHAS\\_METRIC\t1-1\n"


def save(tmp_path, body, *, head=HEAD):
    path = tmp_path / "a.tsv"
    path.write_bytes((head + body).encode())
    return path


def test_offsets_count_utf_16_units(tmp_path):
    write_webanno([Document("a", "😀𠮷县", (Entity(1, 3, "ORG"),))], tmp_path / "a.tsv")
    rows = [line for line in (tmp_path / "a.tsv").read_text(encoding="utf-8").split("\n") if line.startswith("1-")]
    assert rows == ["1-1\t0-2\t😀\t_", "1-2\t2-4\t𠮷\tORG[1]", "1-3\t4-5\t县\tORG[1]"]


def test_a_relation_stands_at_its_tail_and_names_its_head(tmp_path):
    [found] = read_webanno(save(tmp_path, "#Text=雨湖区增长\n" + ORG + METRIC))
    assert found.relations == (Relation(Entity(0, 3, "ORG"), Entity(3, 5, "METRIC"), "HAS_METRIC"),)


def test_annotations_may_be_stacked_and_cut_tokens(tmp_path):
    rows = "1-1\t0-3\t雨湖区\tORG[1]|X[2]\t_\t_\n1-1.1\t1-2\t湖\tY\t_\t_\n"
    rows += "1-2\t3-5\t增长\tORG[1]\tR|S\t1-1[2_1]|1-1.1[0_1]\n"
    [found] = read_webanno(save(tmp_path, "#Text=雨湖区增长\n" + rows))
    assert found.entities == (Entity(0, 3, "X"), Entity(0, 5, "ORG"), Entity(1, 2, "Y"))
    assert [(r.head.label, r.label, r.tail.label) for r in found.relations] == [("X", "R", "ORG"), ("Y", "S", "ORG")]


@pytest.mark.parametrize(("gap", "text"), [(0, "县区"), (1, "县\n区")])
def test_sentences_are_a_line_break_apart_or_not_at_all(tmp_path, gap, text):
    body = f"#Text=县\n1-1\t0-1\t县\t_\t_\t_\n\n#Text=区\n2-1\t{1 + gap}-{2 + gap}\t区\t_\t_\t_\n"
    assert read("webanno", save(tmp_path, body)) == ([Document("a", text)], [])


def test_text_that_the_file_leaves_out_is_said(tmp_path):
    body = "#Text=县\n1-1\t0-1\t县\t_\t_\t_\n\n#Text=区\n2-1\t4-5\t区\tORG\t_\t_\n"
    [found] = check_loss("webanno", save(tmp_path, body), 10, "text", "are not in the file")
    assert (found.text, found.surface(found.entities[0])) == ("县\n  区", "区")


@pytest.mark.parametrize(
    ("cells", "kind", "why"),
    [
        ("*\t_\t_", "entity", "has no label"),
        ("X[1]|X[2]\t_\t_", "entity", "stands twice"),
        ("X\t*\t1-1", "relation", "has no label"),
        ("X\tR|R\t1-1|1-1", "relation", "stands twice"),
    ],
)
def test_what_does_not_fit_is_listed_with_its_line(tmp_path, cells, kind, why):
    check_loss("webanno", save(tmp_path, f"#Text=雨湖区增长\n{ORG}1-2\t3-5\t增长\t{cells}\n"), 8, kind, why)


def test_other_layers_and_features_are_listed(tmp_path):
    head = (
        "#FORMAT=WebAnno TSV 3.2\n#T_SP=x.Pos|PosValue\n#T_CH=x.Coref|a|b\n" + f"#T_SP={LAYER}|identifier|value\n\n\n"
    )
    path = save(tmp_path, "#Text=县\n1-1\t0-1\t县\tNN\tp[1]\t*->1-1\tQ1\tORG\n", head=head)
    [[found], losses] = read("webanno", path)
    assert found.entities == (Entity(0, 1, "ORG"),)
    assert [loss.what.split(" (")[0] for loss in losses] == [
        "x.Pos PosValue",
        "x.Coref a",
        "x.Coref b",
        f"{LAYER} identifier",
    ]


def test_a_layer_of_ones_own_is_read_where_there_are_no_named_entities(tmp_path):
    head = "#FORMAT=WebAnno TSV 3.3\n#T_SP=x.Other|kind\n#T_SP=x.Span|kind\n#T_RL=x.R|kind|BT_x.Span\n\n\n"
    body = "#Text=雨湖区增长\n1-1\t0-3\t雨湖区\t_\tORG\t_\t_\n1-2\t3-5\t增长\t_\tMETRIC\tHAS\t1-1\n"
    [[found], losses] = read("webanno", save(tmp_path, body, head=head))
    assert ([e.label for e in found.entities], len(found.relations), losses) == (["ORG", "METRIC"], 1, [])


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("1-2\t3-5\t增长\n", "expected a token with 6 columns"),
        ("1-2\t3\t增长\t_\t_\t_\n", "expected a token with 6 columns"),
        ("x\t3-5\t增长\t_\t_\t_\n", "expected a token with 6 columns"),
        (f"1-2\t3-{'9' * 5000}\t增长\t_\t_\t_\n", "expected a token with 6 columns"),
        (f"1-2\t3-5\t增长\tX\tR\t1-1[{'9' * 5000}_0]\n", "found the relation"),
        ("增长\n", "expected a token with 6 columns"),
        ("1-2\t2-4\t增长\t_\t_\t_\n", "token 1-2 is '增长', but the text there is '区增'"),
        ("1-2\t3-9\t增长\t_\t_\t_\n", "3-9 lies outside the text"),
        ("1-2\t3-5\t增长\tX\tR\t1-9\n", "joins ('1-9', 0), which is no entity"),
        ("1-2\t3-5\t增长\tX\tR\t一\n", "found the relation '一' of 1-2"),
        ("1-2\t3-5\t增长\tX\tR|S\t1-1\n", "found the relation '1-1' of 1-2"),
        ("1-2\t3-5\t增长\tX[1]|Y[1]\t_\t_\n", "[1] is 'X' and 'Y'"),
    ],
)
def test_a_fault_names_file_line_and_what_was_found(tmp_path, row, message):
    check_fault("webanno", save(tmp_path, "#Text=雨湖区增长\n" + ORG + row), 8, message)


@pytest.mark.parametrize(
    ("content", "line", "message"),
    [
        ("#FORMAT=WebAnno TSV 2\n", 1, "the first line is '#FORMAT=WebAnno TSV 2'"),
        ("雨湖区\n", 1, "the first line is '雨湖区'"),
        ("#FORMAT=WebAnno TSV 3.3\n", None, "holds no #Text="),
        ("#FORMAT=WebAnno TSV 3.3\n1-1\t0-1\t县\t\n", 2, "expected a token with 3 columns"),
        ("#FORMAT=WebAnno TSV 3.3\n#Text=县\n1-1\t0-1\t县\t\n#Text=区\n2-1\t0-1\t区\t\n", 5, "a sentence begins -1"),
        ("#FORMAT=WebAnno TSV 3.3\n#Text=县\n1-1\t999999-1000000\t县\t\n", 3, "a sentence begins 999999"),
        ("#FORMAT=WebAnno TSV 3.3\n#Text=😀\n1-1\t0-1\t😀\t\n", 3, "0-1 lies outside the text, or inside a character"),
    ],
)
def test_a_fault_of_the_whole_file_is_told_too(tmp_path, content, line, message):
    check_fault("webanno", save(tmp_path, content, head=""), line, message)


def test_a_file_holds_one_document_and_a_folder_many(tmp_path):
    with pytest.raises(GovnewsError, match="a file holds one document, found 2"):
        write_webanno([Document("a", "县"), Document("b", "区")], tmp_path / "a.tsv")
    write("webanno", [GOLD], tmp_path / "a.tsv")
    assert [document.text for document in read_webanno(tmp_path)] == [GOLD.text]
    assert [document.id for document in read_webanno(DATA)] == ["webanno"]
    with pytest.raises(GovnewsError, match="is there already"):
        write("webanno", [GOLD], tmp_path)
