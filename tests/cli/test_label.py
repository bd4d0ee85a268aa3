"""`govnews label` as a user meets it, against a server in this process."""

import re
import sys
from dataclasses import replace

import pytest
import spacy.training.loop  # noqa: F401  its functions keep the stdout of the time it is imported

from govnews.cli import main
from govnews.cli.console import err, out
from govnews.formats.documents import read_documents, write_documents
from studio import TOKEN, Studio, running


@pytest.fixture
def studio():
    with running(Studio()) as studio:
        yield studio


@pytest.fixture
def govnews(studio, monkeypatch, capsys):
    """Run a command with the studio's address and token in the environment: its exit status, and what it prints."""
    monkeypatch.setenv("LABEL_STUDIO_URL", studio.url)
    monkeypatch.setenv("LABEL_STUDIO_API_KEY", TOKEN)
    monkeypatch.setattr(out, "width", 200)
    monkeypatch.setattr(err, "width", 200)

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["govnews", *map(str, arguments)])
        try:
            status = main.main()
        except SystemExit as end:
            status = end.code
        printed = capsys.readouterr()
        return status or 0, printed.out + printed.err

    return run


def test_from_texts_to_gold_and_agreement(govnews, studio, ten_path, tmp_path):
    """What the README and docs/retraining.md tell."""
    (tmp_path / "report.txt").write_text("2024年，雨湖区地区生产总值增长6.2%。\n", encoding="utf-8")
    paths = [ten_path, tmp_path / "report.txt"]
    status, shown = govnews("label", "push", *paths)
    assert status == 0
    assert f"annotate at {studio.url}/projects/1/data" in shown
    assert "2 pushed, 0 there already, 0 not pushed" in shown
    status, shown = govnews("label", "push", *paths)
    assert (status, "0 pushed, 2 there already, 0 not pushed" in shown) == (0, True)

    for task in studio.tasks:
        studio.accept(task)
    mine = tmp_path / "mine.ann"
    status, shown = govnews("label", "pull", mine)
    assert status == 0
    assert f"{mine}: 2 new, 0 updated, 0 unchanged" in shown
    assert "li@example.com: 2 documents" in shown
    assert "still open: 0" in shown
    assert govnews("corpus", "check", mine)[0] == 0
    before = mine.read_bytes()
    assert "0 new, 0 updated, 2 unchanged" in govnews("label", "pull", mine)[1]
    assert mine.read_bytes() == before

    studio.annotate(studio.task("ten"), [], by=2)
    status, shown = govnews("label", "pull", mine, "--readings")
    assert status == 0
    assert "1 documents are annotated by several (li, wang)" in shown
    assert f"1 moved to {tmp_path / 'readings'}" in shown
    assert [document.id for document in read_documents(mine)] == [str(tmp_path / "report.txt")]
    readings = [tmp_path / "readings" / f"mine.{name}.ann" for name in ("li", "wang")]
    status, shown = govnews("corpus", "agree", *readings)
    assert (status, "entities" in shown) == (0, True)
    (tmp_path / "ten.ann").unlink()
    assert govnews("corpus", "check", tmp_path)[0] == 0


def test_an_edit_is_shown_beside_the_server_and_decided(govnews, studio, ten_path, tmp_path):
    govnews("label", "push", ten_path)
    studio.accept(studio.tasks[0])
    mine = tmp_path / "mine.ann"
    govnews("label", "pull", mine)
    [document] = read_documents(mine)
    gone = next(entity for entity in document.entities if document.surface(entity) == "县住建局")
    left = tuple(relation for relation in document.relations if gone not in (relation.head, relation.tail))
    entities = tuple(entity for entity in document.entities if entity != gone)
    write_documents([replace(document, entities=entities, relations=left)], mine)
    edited = mine.read_text(encoding="utf-8")
    status, shown = govnews("label", "pull", mine)
    assert status == 1
    assert "conflict: document 'ten' was edited here and differs from the server; it stays as it is" in shown
    assert "ORG 县住建局" in shown
    assert "--ours or --theirs" in shown
    assert mine.read_text(encoding="utf-8") == edited
    assert govnews("label", "pull", mine, "--ours")[0] == 0
    assert govnews("label", "pull", mine)[0] == 0
    assert len(read_documents(mine)[0].entities) < len(read_documents(ten_path)[0].entities)
    mine.write_text(edited, encoding="utf-8")
    assert govnews("label", "pull", mine, "--theirs")[0] == 0
    assert read_documents(mine)[0].entities == read_documents(ten_path)[0].entities


def test_a_model_marks_what_is_pushed(govnews, studio, trained, tmp_path):
    (tmp_path / "a.txt").write_text("上半年，青禾县引进项目15个。", encoding="utf-8")
    status, shown = govnews("label", "push", tmp_path / "a.txt", "--model", trained, "--project", "models")
    assert (status, "1 pushed" in shown) == (0, True)
    [prediction] = studio.tasks[0]["predictions"]
    assert re.fullmatch(r"zh_\w+-[\d.]+", prediction["model_version"])
    assert "青禾县" in [item["value"]["text"] for item in prediction["result"] if item["type"] == "labels"]


def test_what_cannot_be_read_is_told_and_the_rest_pushed(govnews, studio, ten_path, tmp_path):
    (tmp_path / "bad.jsonl").write_text('{"id": "b", "text": 5}\n')
    (tmp_path / "old.txt").write_bytes("雨湖区".encode("gb18030"))
    (tmp_path / "again.ann").write_bytes(ten_path.read_bytes())
    status, shown = govnews("label", "push", tmp_path)
    assert status == 1
    assert "1 pushed, 0 there already, 3 not pushed" in shown
    for message in ("bad.jsonl:1: error: a document.text should be", "old.txt:1: error:", "is called 'ten'"):
        assert message in shown
    assert len(studio.tasks) == 1


def test_what_is_annotated_otherwise_is_told_with_its_task(govnews, studio, ten_path, tmp_path):
    govnews("label", "push", ten_path)
    studio.accept(studio.tasks[0])
    studio.tasks[0]["annotations"][0]["result"][0]["value"]["labels"] = ["GPE"]
    status, shown = govnews("label", "pull", tmp_path / "mine.ann")
    assert status == 1
    assert f"{studio.url}/projects/1/data?task=1: error: unknown label 'GPE'" in shown
    assert not (tmp_path / "mine.ann").exists()


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        (["push", "none.txt"], 1, "none.txt: error: no such file or folder"),
        (["push", "TEN", "--project", "99"], 1, "has no project '99'"),
        (["push", "TEN", "--project", "县"], 1, "Titles have 3 to 50 characters"),
        (["push", "TEN", "--server", "localhost"], 1, "'localhost' is no address of a server"),
        (["push", "TEN", "--server", "http://127.0.0.1:9"], 1, "cannot be reached"),
        (["push", "TEN", "--token", "wrong"], 1, "refuses the token"),
        (["push", "TEN", "--model", "none"], 1, "no pipeline is called 'none'"),
        (["push"], 2, "Missing argument"),
        (["pull", "mine.ann"], 1, "has no project 'govnews'"),
        (["pull", "mine.json"], 1, "no annotated format ends in '.json'"),
        (["pull", "mine.ann", "--ours", "--theirs"], 2, "exclude each other"),
        (["pull", "mine.ann", "--token", "wrong"], 1, "refuses the token"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_happens(govnews, studio, ten_path, arguments, status, message, tmp_path):
    arguments = [str(ten_path) if argument == "TEN" else argument for argument in arguments]
    code, shown = govnews("label", *arguments)
    assert code == status
    assert message in shown
    assert (studio.tasks, studio.projects) == ([], {})
    assert [path.name for path in tmp_path.iterdir()] == ["ten.ann"]


def test_without_a_token_the_variable_for_it_is_named(govnews, monkeypatch, ten_path):
    monkeypatch.delenv("LABEL_STUDIO_API_KEY")
    code, shown = govnews("label", "push", ten_path)
    assert (code, "LABEL_STUDIO_API_KEY" in shown) == (2, True)
