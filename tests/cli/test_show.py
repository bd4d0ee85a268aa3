"""`govnews show`: which files need a model, and where the page goes."""

import pytest
from typer.testing import CliRunner

from govnews.cli.main import app
from govnews.formats.documents import read_documents, write_documents

runner = CliRunner()


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_an_annotated_file_is_shown_without_a_model(ten_path, here):
    result = runner.invoke(app, ["show", str(ten_path)])
    assert result.exit_code == 0, result.output
    page = (here / "ten.html").read_text(encoding="utf-8")
    assert "地区生产总值86.4亿元" in page
    assert "2022-12-31" in page


def test_jsonl_is_shown_too_at_the_path_given(ten_path, here):
    write_documents(read_documents(ten_path), here / "ten.jsonl")
    result = runner.invoke(app, ["show", "ten.jsonl", "--output", "out.html"])
    assert result.exit_code == 0, result.output
    assert (here / "out.html").exists()
    assert "out.html" in result.output


def test_the_date_given_counts_where_the_file_has_none(ten_path, here):
    plain = ten_path.read_text(encoding="utf-8")
    ten_path.write_text(plain.replace("# date: 2023-01-15\n", ""), encoding="utf-8")
    result = runner.invoke(app, ["show", str(ten_path), "--date", "2020-05-01"])
    assert result.exit_code == 0, result.output
    assert "2019-12-31" in (here / "ten.html").read_text(encoding="utf-8")


def test_the_page_can_be_opened(ten_path, monkeypatch):
    opened = []
    monkeypatch.setattr("typer.launch", opened.append)
    assert runner.invoke(app, ["show", str(ten_path), "--open"]).exit_code == 0
    assert opened[0].startswith("file://")
    assert opened[0].endswith("/ten.html")


def test_the_input_is_not_overwritten(ten_path):
    result = runner.invoke(app, ["show", str(ten_path), "--output", str(ten_path)])
    assert result.exit_code != 0
    assert "both input and output" in str(result.exception)
    assert read_documents(ten_path)


def test_a_text_needs_a_model(here):
    (here / "a.txt").write_text("青禾县新增项目5个。", encoding="utf-8")
    result = runner.invoke(app, ["show", "a.txt", "--model", "no_such_model"])
    assert "no pipeline is called 'no_such_model'" in str(result.exception)
    assert not (here / "a.html").exists()


def test_a_text_is_shown_with_what_a_pipeline_finds(trained, here):
    (here / "a.txt").write_text("2022年，青禾县实现地区生产总值86.4亿元。", encoding="utf-8")
    result = runner.invoke(app, ["show", "a.txt", "--model", str(trained)])
    assert result.exit_code == 0, result.output
    assert "86.4亿元" in (here / "a.html").read_text(encoding="utf-8")
