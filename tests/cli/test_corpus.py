"""Agreement and adjudication as a user meets them."""

import json
import re

import pytest
from typer.testing import CliRunner

from govnews.cli.main import app
from govnews.formats.inline import read_inline


def run(*arguments):
    return CliRunner().invoke(app, [*map(str, arguments)], env={"COLUMNS": "200"})


@pytest.fixture
def reading_paths(ten_path, tmp_path):
    """Three readings of ten sentences: as they are, with one span shorter, and without it."""
    text = ten_path.read_text(encoding="utf-8")
    marked, relations = "{METRIC1:规模以上企业9家}", "\n> ORG1 HAS_METRIC METRIC1\n> METRIC1 HAS_DATE DATE1\n"
    assert text.count(marked) == 1
    assert text.endswith(relations)
    readings = {
        "li": text,
        "wang": text.replace(marked, "{METRIC1:规模以上企业9}家"),
        "zhao": text.removesuffix(relations).replace(marked, "规模以上企业9家"),
    }
    for name, reading in readings.items():
        (tmp_path / f"ten.{name}.ann").write_text(reading, encoding="utf-8")
    return [tmp_path / f"ten.{name}.ann" for name in readings]


def test_agree_shows_the_first_differences_and_writes_all(reading_paths, tmp_path):
    output = tmp_path / "agreement.json"
    result = run("corpus", "agree", *reading_paths, "--limit", 1, "--output", output)
    assert result.exit_code == 0, result.output
    assert "Each pair" in result.output
    assert "1 of 5 differences shown" in result.output
    data = json.loads(output.read_text(encoding="utf-8"))
    assert data["readings"] == ["li", "wang", "zhao"]
    assert data["alpha"] > 0.9
    [spans] = [d for d in data["differences"] if d["kind"] == "entities"]
    assert spans["readings"] == {"li": "METRIC 规模以上企业9家", "wang": "METRIC 规模以上企业9", "zhao": ""}


def test_a_draft_is_decided_in_an_editor_and_finished(reading_paths, tmp_path):
    draft, settled = tmp_path / "draft.ann", tmp_path / "settled.ann"
    assert "decisions to make: 1" in run("corpus", "adjudicate", *reading_paths, "-o", draft).output
    assert run("corpus", "check", draft).exit_code == 1
    result = run("corpus", "adjudicate", draft, "--finish", "-o", settled)
    assert result.exit_code == 1
    assert f"{draft}:42: error: decision 1 is open: li has" in result.output.replace("\n", "")
    assert not settled.exists()
    text = draft.read_text(encoding="utf-8")
    draft.write_text(re.sub(r"^\? 1 li", "! 1 li", text, flags=re.MULTILINE), encoding="utf-8")
    result = run("corpus", "adjudicate", draft, "--finish", "-o", settled)
    assert result.exit_code == 0, result.output
    [ours], [theirs] = read_inline(settled), read_inline(reading_paths[0])
    assert (ours.entities, ours.relations) == (theirs.entities, theirs.relations)


@pytest.mark.parametrize("command", ["agree", "adjudicate"])
def test_one_reading_is_wrong_usage(reading_paths, tmp_path, command):
    output = tmp_path / "out.ann"
    assert run("corpus", command, reading_paths[0], "-o", output).exit_code == 2
    assert not output.exists()


def test_two_drafts_cannot_be_finished_at_once(reading_paths, tmp_path):
    assert run("corpus", "adjudicate", *reading_paths, "--finish", "-o", tmp_path / "out.ann").exit_code == 2
