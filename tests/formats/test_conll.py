import pytest

from foreign import GOLD, check_fault, check_loss, read, write
from govnews.errors import GovnewsError
from govnews.formats.conll import read_conll, write_conll
from govnews.records import Document, Entity


def save(tmp_path, content):
    path = tmp_path / "a.conll"
    path.write_bytes(content.encode())
    return path


def column(tags, tokens="雨湖区今年增长"):
    return "".join(f"{token} {tag}\n" for token, tag in zip(tokens, tags.split(), strict=False))


@pytest.mark.parametrize(
    "tags",
    [
        "B-ORG I-ORG I-ORG B-DATE I-DATE B-X O",
        "B-ORG I-ORG E-ORG B-DATE E-DATE S-X O",
        "B-ORG M-ORG E-ORG B-DATE E-DATE S-X O",
        "B-ORG I-ORG L-ORG B-DATE L-DATE U-X O",
    ],
    ids=["BIO", "BIOES", "BMES", "BILOU"],
)
def test_every_scheme_says_the_same(tmp_path, tags):
    assert read_conll(save(tmp_path, column(tags))) == [
        Document("a", "雨湖区今年增长", (Entity(0, 3, "ORG"), Entity(3, 5, "DATE"), Entity(5, 6, "X")))
    ]


def test_entities_that_touch_stay_apart_and_none_goes_on_over_a_sentence(tmp_path):
    [found] = read_conll(save(tmp_path, "雨 B-ORG\n湖 B-ORG\n\n区 B-ORG\n县 I-ORG\n"))
    assert [(e.start, e.end) for e in found.entities] == [(0, 1), (1, 2), (3, 5)]
    assert found.text == "雨湖\n区县"


def test_words_of_latin_letters_are_kept_apart_and_letters_are_not(tmp_path):
    [words] = read_conll(save(tmp_path, "引进 O\nHuawei B-ORG\nCloud I-ORG\n3 O\n家 O\n"))
    assert (words.text, words.surface(words.entities[0])) == ("引进Huawei Cloud 3家", "Huawei Cloud")
    [letters] = read_conll(save(tmp_path, "G O\nD O\nP O\n"))
    assert letters.text == "GDP"


def test_documents_are_told_apart_by_their_marks(tmp_path):
    found = read_conll(save(tmp_path, "-DOCSTART- -X- O O\n\n县 O\n\n-DOCSTART-\tb\tO\n\n区\tO\n"))
    assert found == [Document("a-1", "县"), Document("b", "区")]


def test_a_tag_that_begins_nothing_is_listed_and_taken_to_begin(tmp_path):
    [found] = check_loss("conll", save(tmp_path, column("O I-ORG I-ORG O O O O")), 2, "tag", "which B-ORG would")
    assert found.entities == (Entity(1, 3, "ORG"),)
    [found] = check_loss("conll", save(tmp_path, column("B-X I-ORG I-ORG O O O O")), 2, "tag", "which B-ORG would")
    assert found.entities == (Entity(0, 1, "X"), Entity(1, 3, "ORG"))


def test_another_scheme_is_written_on_demand(tmp_path):
    document = Document("b", "雨湖区县", (Entity(0, 3, "ORG"), Entity(3, 4, "ORG")))
    write_conll([document], tmp_path / "a", scheme="BIOES")
    written = (tmp_path / "a").read_text(encoding="utf-8")
    assert written == "-DOCSTART-\tb\tO\n\n雨\tB-ORG\n湖\tI-ORG\n区\tE-ORG\n县\tS-ORG\n\n"
    assert read_conll(tmp_path / "a") == [document]
    with pytest.raises(GovnewsError, match="no scheme is called 'BIOS'"):
        write_conll([document], tmp_path / "a", scheme="BIOS")


def test_relations_and_white_space_are_not_carried_and_said_so(tmp_path):
    losses = write("conll", [GOLD], tmp_path / "a")
    assert [loss.kind for loss in losses] == ["relation", "relation", "metadata", "text"]
    assert "white space, 3 characters (document '5')" in losses[-1].what
    assert "学\tB-METRIC\n位\tI-METRIC\n3\tI-METRIC" in (tmp_path / "a").read_text(encoding="utf-8")
    assert read("conll", tmp_path / "a")[1] == []


@pytest.mark.parametrize("name", ["", " a", "a\tb", "O"])
def test_an_id_that_columns_cannot_carry_is_said(tmp_path, name):
    losses = write("conll", [Document(name, "县")], tmp_path / "a")
    assert [loss.kind for loss in losses] == ["metadata"]


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        ("湖\n", "found '湖', which is no token with a tag"),
        ("湖\t\n", "found the tag ''"),
        ("\tO\n", "which is no token with a tag"),
        ("湖 ORG\n", "found the tag 'ORG'"),
        ("湖 B-\n", "found the tag 'B-'"),
        ("湖 X-ORG\n", "found the tag 'X-ORG'"),
        ("湖 BI-ORG\n", "found the tag 'BI-ORG'"),
        ("湖 o\n", "found the tag 'o'"),
        ("湖 -ORG\n", "found the tag '-ORG'"),
        ("湖 NN _\n", "found the tag '_'"),
        ("{}\n", "found '{}', which is no token with a tag"),
    ],
)
def test_a_fault_names_file_line_and_what_was_found(tmp_path, bad, message):
    check_fault("conll", save(tmp_path, "雨 B-ORG\n\n" + bad), 3, message)


def test_two_documents_of_one_name_are_refused(tmp_path):
    check_fault("conll", save(tmp_path, "-DOCSTART-\ta\tO\n县\tO\n" * 2), None, "a second document is called 'a'")
