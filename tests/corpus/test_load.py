import pytest

from govnews.corpus.load import corpus_files, load_documents, load_split, read_splits
from govnews.errors import FormatError, GovnewsError

HEADER = "document\tsection\tsplit\n"
SPLITS = HEADER + "yuhu\t头\ttrain\nyuhu\t尾\ttest\nten\t\tvalidation\n"


@pytest.fixture
def corpus(tmp_path, ten_path):
    folder = tmp_path / "corpus"
    for name in ("gold", "authored", "raw", "gold/readings"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    (folder / "gold" / "yuhu.ann").write_text(
        "# doc: yuhu\n\n# section: 头\n\n{ORG1:雨湖区}\n\n# section: 尾\n\n{ORG1:县}\n"
    )
    (folder / "gold" / "readings" / "yuhu.ann").write_text("# doc: yuhu\n\n雨湖区\n")
    (folder / "gold" / "notes.txt").write_text("x")
    (folder / "raw" / "raw.ann").write_text("# doc: raw\n\n县\n")
    ten_path.rename(folder / "authored" / "ten.ann")
    (folder / "splits.tsv").write_text(SPLITS)
    return folder


def test_a_corpus_is_the_files_of_its_gold_and_authored_folders(corpus):
    assert [file.name for file in corpus_files(corpus)] == ["ten.ann", "yuhu.ann"]
    assert {document.id for document in load_documents(corpus)} == {"yuhu", "ten"}


def test_any_other_path_is_itself(corpus):
    assert corpus_files(corpus / "raw") == [corpus / "raw" / "raw.ann"]
    assert corpus_files(corpus / "raw" / "raw.ann") == [corpus / "raw" / "raw.ann"]


@pytest.mark.parametrize(("split", "texts"), [("train", ["雨湖区"]), ("test", ["县"])])
def test_a_split_holds_its_sections(corpus, split, texts):
    assert [document.text for document in load_split(corpus, split)] == texts


def test_the_splits_together_are_the_corpus(corpus):
    parts = [document.id for split in ("train", "validation", "test") for document in load_split(corpus, split)]
    assert sorted(parts) == sorted(document.id for document in load_split(corpus)) == ["ten", "yuhu#头", "yuhu#尾"]


@pytest.mark.parametrize(
    "change", [lambda t: t.replace("\n", "\r\n"), lambda t: "\ufeff" + t, lambda t: t + "\n\n", str.rstrip]
)
def test_a_split_file_from_a_spreadsheet_reads_the_same(corpus, change):
    expected = read_splits(corpus / "splits.tsv")
    (corpus / "splits.tsv").write_bytes(change(SPLITS).encode())
    assert (
        read_splits(corpus / "splits.tsv") == expected == {"yuhu#头": "train", "yuhu#尾": "test", "ten": "validation"}
    )


def test_quotes_and_odd_line_ends_belong_to_names(tmp_path):
    (tmp_path / "splits.tsv").write_text(HEADER + 'a\t"头\ttrain\nb\t一\u2028二\ttest\n')
    assert read_splits(tmp_path / "splits.tsv") == {'a#"头': "train", "b#一\u2028二": "test"}


@pytest.mark.parametrize(
    ("content", "line", "message"),
    [
        ("doc\tsection\tsplit\nyuhu\t头\ttrain\n", 1, "the header is 'doc\\tsection\\tsplit'"),
        ("yuhu\t头\ttrain\n", 1, "the header is"),
        ("document,section,split\n", 1, "the header is"),
        (HEADER + "yuhu\t头\ttrain\nyuhu\t头\ttrain\n", 3, "yuhu#头 is assigned twice"),
        (HEADER + "yuhu\t头\ttrain\n\nyuhu\t头\ttest\n", 4, "yuhu#头 is assigned twice"),
        (HEADER + 'yuhu\t"头\ttrain\nyuhu\t尾\tdev\n', 3, "found 'yuhu\\t尾\\tdev'"),
        (HEADER + "yuhu\ttrain\n", 2, "found 'yuhu\\ttrain'"),
        (HEADER + "yuhu\t头\ttrain\t\n", 2, "found"),
        (HEADER + "yuhu 头 train\n", 2, "found"),
        (HEADER + "x" * 200_000 + "\n", 2, "found"),
        ("", None, "the file is empty"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_a_fault_in_the_split_file_names_file_and_line(corpus, content, line, message):
    path = corpus / "splits.tsv"
    path.write_text(content)
    with pytest.raises(FormatError) as caught:
        load_split(corpus, "train")
    assert (caught.value.path, caught.value.line) == (str(path), line)
    assert message in caught.value.message
    assert len(caught.value.message) < 200


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (SPLITS.replace("yuhu\t尾\ttest\n", ""), "yuhu#尾: not assigned to a split"),
        (SPLITS.replace("ten\t\tvalidation\n", ""), "ten: not assigned to a split"),
        (SPLITS + "yuhu\t腰\ttest\n", "yuhu#腰: in the split file, but in no annotated file"),
        (SPLITS + "yuhu\t\ttest\n", "yuhu: in the split file, but in no annotated file"),
    ],
)
def test_a_split_that_does_not_fit_the_files_is_refused(corpus, content, message):
    (corpus / "splits.tsv").write_text(content)
    with pytest.raises(GovnewsError) as caught:
        load_split(corpus, "train")
    assert (caught.value.path, caught.value.message) == (str(corpus / "splits.tsv"), message)


def test_what_is_not_there_is_named(corpus, tmp_path):
    (tmp_path / "empty").mkdir()
    for path, message in (
        (tmp_path / "empty", "holds no annotated file"),
        (tmp_path / "none", "no such file or folder"),
    ):
        with pytest.raises(GovnewsError, match=message) as caught:
            load_documents(path)
        assert caught.value.path == str(path)
    with pytest.raises(GovnewsError, match="no split is called 'dev'"):
        load_split(corpus, "dev")
    (corpus / "splits.tsv").unlink()
    with pytest.raises(GovnewsError, match=r"has no splits\.tsv"):
        load_split(corpus, "train")


def test_one_id_in_two_files_is_refused(corpus):
    (corpus / "authored" / "more.ann").write_text("# doc: ten\n\n县\n")
    with pytest.raises(GovnewsError, match="two documents are called 'ten'"):
        load_documents(corpus)
