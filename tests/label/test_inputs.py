import pytest

from govnews.corpus.load import load_documents
from govnews.errors import GovnewsError
from govnews.extract import Options
from govnews.formats.documents import FORMATS
from govnews.label.inputs import read_texts

ANN = "# doc: a\n\n{ORG1:雨湖区}新增{METRIC1:学位3700余个}。\n> ORG1 HAS_METRIC METRIC1\n"


def read(*paths, **options):
    told = []
    return list(read_texts(paths, Options(**options), tell=told.append)), told


@pytest.fixture
def annotated(tmp_path):
    path = tmp_path / "a.ann"
    path.write_text(ANN, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    "name", ["label-studio.json", "prodigy.jsonl", "doccano.jsonl", "webanno.tsv", "jsonl.jsonl"], ids=str
)
def test_what_is_annotated_in_any_format_is_read_with_what_is_marked(tmp_path, annotated, name):
    [[document], _] = read(annotated)
    FORMATS[name.split(".")[0]].write([document], tmp_path / name)
    [[found], told] = read(tmp_path / name)
    assert (found.text, found.entities, found.relations) == (document.text, document.entities, document.relations)
    assert told == []


def test_plain_text_is_laid_out_as_extract_does(tmp_path):
    path = tmp_path / "page.txt"
    path.write_text("雨湖区新增学\n位3700余个，投入资金两亿元，建成学校三所。\n", encoding="utf-8")
    [[kept], _] = read(path, layout="keep")
    assert kept.id == str(path)
    assert "学\n位" in kept.text


def test_jsonl_of_another_column_is_plain_text(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text('{"id": "a", "body": "雨湖区"}\n', encoding="utf-8")
    [[document], told] = read(path, text_column="body")
    assert (document.id, document.text, told) == ("a", "雨湖区", [])


def test_a_folder_is_read_file_by_file(tmp_path, annotated):
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "b.txt").write_text("青禾县", encoding="utf-8")
    (tmp_path / "b" / ".hidden.txt").write_text("青禾县", encoding="utf-8")
    (tmp_path / "c.bin").write_bytes(b"\0")
    documents, told = read(tmp_path)
    assert [document.text for document in documents] == ["雨湖区新增学位3700余个。", "青禾县"]
    assert told == []


def test_of_a_corpus_its_documents_are_read(root):
    documents, told = read(root / "corpus")
    assert [d.id for d in documents] == [d.id for d in load_documents(root / "corpus")]
    assert told == []


def test_a_second_document_of_one_id_is_told_with_both_places(tmp_path, annotated):
    (tmp_path / "b.ann").write_text(ANN, encoding="utf-8")
    documents, [told] = read(annotated, tmp_path / "b.ann")
    assert len(documents) == 1
    assert (told.path, str(annotated) in told.hint) == (str(tmp_path / "b.ann"), True)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.ann", "{ORG1:雨湖区", "found text before any document"),
        ("a.jsonl", '{"text": "县", "entities": [{"start": 0, "end": 9, "label": "ORG"}]}', "spans 0..9"),
        ("a.json", '[{"data": {"text": "县"', "is no JSON"),
        ("a.txt", "", "the file is empty"),
        ("a.jsonl", '{"text": 5}', "should be a string"),
    ],
)
def test_what_cannot_be_read_is_told_and_reading_goes_on(tmp_path, name, content, message):
    (tmp_path / "good.txt").write_text("青禾县", encoding="utf-8")
    (tmp_path / name).write_text(content, encoding="utf-8")
    documents, [told] = read(tmp_path / name, tmp_path / "good.txt")
    assert [document.text for document in documents] == ["青禾县"]
    assert message in told.message
    assert name in told.path


@pytest.mark.parametrize("name", ["none.txt", "none/*.txt", ""])
def test_a_path_that_is_none_is_refused(tmp_path, name):
    with pytest.raises(GovnewsError, match=r"no such file|no file matches|holds no file"):
        read(tmp_path / name)
