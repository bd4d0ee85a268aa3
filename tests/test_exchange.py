import shutil

import pytest
from typer.testing import CliRunner

from foreign import DATA, GOLD
from govnews.cli.main import app
from govnews.corpus.load import load_documents
from govnews.errors import GovnewsError
from govnews.exchange import ALL_FORMATS, convert_files
from govnews.formats.documents import read_documents
from govnews.formats.guess import guess_format
from govnews.formats.jsonl import write_jsonl

NAMES = sorted(ALL_FORMATS)


@pytest.mark.parametrize("target", NAMES)
@pytest.mark.parametrize("source", NAMES)
def test_every_format_becomes_every_other(tmp_path, ten, source, target):
    write_jsonl([ten], tmp_path / "ten.jsonl")
    first, second = (
        tmp_path / f"{end}{'.spacy' if name == 'docbin' else ''}" for end, name in (("a", source), ("b", target))
    )
    convert_files(tmp_path / "ten.jsonl", first, target_format=source)
    convert_files(first, second, source_format=source, target_format=target)
    [found] = ALL_FORMATS[target].read(second)
    assert (found.text, found.entities) == (ten.text, ten.entities)
    carried = ALL_FORMATS[source].limits.relations and ALL_FORMATS[target].limits.relations
    assert found.relations == (ten.relations if carried else ())


def test_what_was_guessed_and_what_was_lost_is_told(tmp_path):
    found = convert_files(DATA / "label_studio.json", tmp_path / "a.conll")
    assert found.sources == {str(DATA / "label_studio.json"): ("label-studio", "the field 'annotations'")}
    assert found.target == "conll"
    assert [loss.kind for loss in found.losses] == ["relation", "relation", "metadata", "text"]
    assert {loss.path for loss in found.losses} == {str(tmp_path / "a.conll")}


def test_a_corpus_folder_is_converted_whole(root, tmp_path):
    found = convert_files(root / "corpus", tmp_path / "brat", target_format="brat")
    assert {loss.kind for loss in found.losses} == {"metadata", "section"}
    assert guess_format(tmp_path / "brat")[0] == "brat"
    gold = {document.id: document for document in load_documents(root / "corpus")}
    back = read_documents(tmp_path / "brat")
    assert len(back) == len(gold)
    for document in back:
        expected = gold[document.id]
        assert (document.text, document.entities, document.relations) == (
            expected.text,
            expected.entities,
            expected.relations,
        )


def test_a_folder_of_files_is_put_together_and_what_is_none_is_listed(tmp_path):
    folder = tmp_path / "mine"
    folder.mkdir()
    for name in ("label_studio.json", "words.conll", "webanno.tsv"):
        shutil.copy(DATA / name, folder)
    (folder / "README.md").write_text("县", encoding="utf-8")
    (folder / ".hidden").write_text("县", encoding="utf-8")
    found = convert_files(folder, tmp_path / "a.jsonl")
    assert [document.id for document in found.documents] == ["5", "webanno", "words"]
    assert [(loss.kind, loss.what) for loss in found.losses] == [("file", "README.md")]
    shutil.copytree(DATA / "brat", tmp_path / "brat")
    (tmp_path / "brat/README.md").write_text("县", encoding="utf-8")
    found = convert_files(tmp_path / "brat", tmp_path / "c.jsonl")
    assert [(loss.kind, loss.what) for loss in found.losses] == [("file", "README.md")]
    shutil.copy(DATA / "doccano.jsonl", folder)
    with pytest.raises(GovnewsError, match="two documents are called '5'"):
        convert_files(folder, tmp_path / "b.jsonl")
    assert not (tmp_path / "b.jsonl").exists()


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a.ann", "# doc: a\n\n县\n", "inline"),
        ("a.ann", "\n# doc: a\n\n{ORG1:县}\n", "inline"),
        ("a.ann", "T1\tORG 0 1\t县\n", "brat"),
        ("a.ann", "#1\tAnnotatorNotes T1\t？\n", "brat"),
        ("a.ann", "县", "inline"),
        ("a.jsonl", '{"text": "县"}', "jsonl"),
        ("a.jsonl", '{"text": "县", "entities": []}\n{"text": "县", "entities": [{"start": 0}]}', "jsonl"),
        ("a.jsonl", '{"text": "县", "entities": []}\n{"text": "县", "entities": [{"start_offset": 0}]}', "doccano"),
        ("a.jsonl", '{"text": "县", "spans": "", "entities": [{"start": 0}]}', "jsonl"),
        ("a.jsonl", '{"text": "县", "label": []}', "doccano"),
        ("a.jsonl", '{"text": "县", "label": {}}', "cluener"),
        ("a.json", '{"text": "县", "label": {}}', "cluener"),
        ("a.json", '{"text": "县", "spans": []}', "prodigy"),
        ("a.json", '{"data": {"text": "县"}}', "label-studio"),
        ("a.json", '[{"tok": [["县"]]}]', "hanlp"),
        ("a.json", '{"data": {"te', "label-studio"),
        ("a.json", "", "label-studio"),
        ("a.txt", "县 B-ORG\n长 O\n", "conll"),
        ("a.txt", "县\tNN\tB-ORG\n", "conll"),
        ("a.txt", "今年，雨湖区 增长5%\n", None),
        ("a.tsv", "#FORMAT=WebAnno TSV 3.3\n", "webanno"),
        ("a.tsv", "县\tO\n", "conll"),
        ("a.md", "县", None),
        ("a", "", None),
    ],
)
def test_formats_are_told_by_content_before_endings(tmp_path, name, content, expected):
    (tmp_path / name).write_text(content, encoding="utf-8")
    found = guess_format(tmp_path / name)
    assert (found and found[0]) == expected


@pytest.mark.parametrize(
    ("source", "target", "options", "message"),
    [
        ("none.json", "a.ann", {}, "no such file or folder"),
        ("words.conll", "a", {}, "the ending tells no format"),
        ("words.conll", "a.xml", {}, "the ending tells no format"),
        ("words.conll", "a.ann", {"source_format": "xml"}, "no format is called 'xml'"),
        ("words.conll", "a.ann", {"target_format": "xml"}, "no format is called 'xml'"),
        ("brat/annotation.conf", "a.ann", {}, "nothing tells its format"),
        ("words.conll", "a.ann", {"encoding": "nonsense"}, "no encoding is called 'nonsense'"),
        ("words.conll", "a.ann", {"source_format": "webanno"}, "the first line is"),
        ("empty", "a.ann", {}, "holds no annotated document"),
    ],
)
def test_a_fault_leaves_nothing_behind(tmp_path, source, target, options, message):
    folder = tmp_path / "data"
    shutil.copytree(DATA, folder)
    (folder / "brat/annotation.conf").write_text("[entities]\n")
    (folder / "empty").mkdir()
    with pytest.raises(GovnewsError) as caught:
        convert_files(folder / source, tmp_path / target, **options)
    assert message in caught.value.message
    assert [path.name for path in tmp_path.iterdir()] == ["data"]


def test_the_command_says_what_it_guessed_and_its_status_tells_of_losses(tmp_path, ten_path):
    def run(*arguments):
        return CliRunner().invoke(app, ["corpus", "convert", *map(str, arguments)])

    kept = run(ten_path, tmp_path / "a.json")
    assert kept.exit_code == 0
    assert "read as inline (its ending)" in kept.output
    assert "1 documents written as label-studio; lost: nothing" in kept.output
    lost = run(tmp_path / "a.json", tmp_path / "b.json", "--to", "cluener")
    assert lost.exit_code == 1
    assert (
        "lost: relation '青禾县' HAS_METRIC '地区生产总值86.4亿元' (document 'ten'): cannot be written" in lost.output
    )
    assert "lost: 19 relation, 1 metadata" in lost.output
    assert read_documents(tmp_path / "b.json")[0].id == "ten"


def test_a_long_list_of_losses_is_cut_on_the_terminal(tmp_path):
    write_jsonl(
        [GOLD, *(type(GOLD)(str(n), "县", meta={"date": "2024-12-20"}) for n in range(60, 130))], tmp_path / "a.jsonl"
    )
    result = CliRunner().invoke(app, ["corpus", "convert", str(tmp_path / "a.jsonl"), str(tmp_path / "b.conll")])
    assert "… and 24 more" in result.output
    assert "71 metadata" in result.output


def test_the_documentation_says_of_every_format_what_it_cannot_carry(root):
    lines = (root / "training/README.md").read_text(encoding="utf-8").splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")]
    told = {row[1].strip("`"): row[2] for row in rows if len(row) == 3 and row[1].strip("`") in ALL_FORMATS}
    assert told.keys() == ALL_FORMATS.keys()
    without = {"cluener", "hanlp", "conll"}
    assert {name for name, form in ALL_FORMATS.items() if not form.limits.relations} == without
    for name, form in ALL_FORMATS.items():
        text = told[name].replace("the same", told["cluener"])
        assert ("relations," in text) == (not form.limits.relations), name
        assert ("scores" in text) == (not form.limits.scores or name == "docbin"), name
        assert ("metadata" in text) == (not form.limits.meta), name
        assert ("overlapping" in text) == (not form.limits.nested), name
