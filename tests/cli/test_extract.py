import csv
import json

import pytest
from typer.testing import CliRunner

from govnews.cli.main import app
from govnews.errors import GovnewsError

TEXT = "去年，青禾县实现地区生产总值86.4亿元。"


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    import spacy

    nlp = spacy.blank("zh")
    nlp.add_pipe("entity_ruler").add_patterns(
        [{"label": "ORG", "pattern": "青禾县"}, {"label": "METRIC", "pattern": "地区生产总值86.4亿元"}]
    )
    nlp.to_disk(folder := tmp_path_factory.mktemp("model") / "rules")
    return folder


@pytest.fixture
def govnews(model):
    """Run `govnews extract` in this process."""

    def run(*arguments, stdin=None):
        return CliRunner().invoke(app, ["extract", "--model", str(model), *map(str, arguments)], input=stdin)

    return run


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "reports"
    folder.mkdir()
    (folder / "a.txt").write_text(TEXT, encoding="utf-8")
    (folder / "b.html").write_text(f"<title>要闻</title><p>{TEXT}</p>", encoding="utf-8")
    return folder


def read_csv(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_a_folder_becomes_a_table_of_facts(govnews, folder, tmp_path):
    result = govnews(folder, "--output", tmp_path / "found.csv")
    assert result.exit_code == 0
    assert "2 documents, 42 characters" in result.stderr
    rows = read_csv(tmp_path / "found.csv")
    assert [row["text"] for row in rows] == ["地区生产总值86.4亿元"] * 2
    assert rows[0]["path"] == str(folder / "a.txt")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["found.csv", "reports"]


def test_a_table_of_mentions(govnews, folder, tmp_path):
    govnews(folder / "*.txt", "--output", tmp_path / "found.csv", "--rows", "mentions")
    assert [row["label"] for row in read_csv(tmp_path / "found.csv")] == ["ORG", "METRIC"]


def test_a_bad_file_is_told_at_the_end_and_the_status_says_so(govnews, folder, tmp_path):
    (folder / "a0.txt").write_bytes(b"")
    (folder / "z.docx").write_bytes(b"x")
    result = govnews(folder, "--output", tmp_path / "found.jsonl")
    assert result.exit_code == 1
    assert "a0.txt: error: the file is empty" in result.stderr
    assert "z.docx: error: is no Word document" in result.stderr
    assert result.stderr.rstrip().endswith("could not be read: 2")
    assert len((tmp_path / "found.jsonl").read_text(encoding="utf-8").splitlines()) == 2


def test_a_run_that_did_not_finish_goes_on(govnews, folder, tmp_path, monkeypatch):
    from govnews.extract import job

    def crash(*_, **__):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(job, "write_records", crash)
        assert govnews(folder, "--output", tmp_path / "found.csv").exit_code == 1
    (folder / "c.txt").write_text(TEXT, encoding="utf-8")
    result = govnews(folder, "--output", tmp_path / "found.csv")
    assert isinstance(result.exception, GovnewsError)
    assert "c.txt is new" in str(result.exception)
    (folder / "c.txt").unlink()
    result = govnews(folder, "--output", tmp_path / "found.csv")
    assert result.exit_code == 0
    assert "going on with the run that did not finish" in result.stderr
    assert len(read_csv(tmp_path / "found.csv")) == 2


def test_another_column_and_standard_output(govnews, tmp_path):
    (tmp_path / "a.jsonl").write_text(json.dumps({"id": "x", "content": TEXT}), encoding="utf-8")
    result = govnews(tmp_path / "a.jsonl", "--text-column", "content", "--output", "-")
    data = json.loads(result.stdout)
    assert (data["id"], len(data["entities"]), len(data["facts"])) == ("x", 2, 1)


def test_standard_input_into_a_file(govnews, tmp_path):
    result = govnews("-", "--output", tmp_path / "found.csv", stdin=TEXT)
    assert result.exit_code == 0
    assert [row["document"] for row in read_csv(tmp_path / "found.csv")] == ["stdin"]
    assert govnews("-", "--output", tmp_path / "found.csv", stdin=TEXT * 2).exit_code == 0
    assert len(read_csv(tmp_path / "found.csv")) == 2


def test_progress_is_shown_on_a_terminal_only(govnews, folder, tmp_path, monkeypatch):
    from govnews.cli.console import err

    assert "characters/s" not in govnews(folder, "--output", tmp_path / "found.csv").stderr
    monkeypatch.setattr(err, "_force_terminal", True)
    monkeypatch.setattr(err, "_width", 120)
    shown = govnews(folder, "--output", tmp_path / "found.csv").stderr
    assert "2 documents" in shown
    assert "characters/s" in shown
    assert "100%" in shown
