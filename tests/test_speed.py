import json

import pytest
from typer.testing import CliRunner

from govnews.cli.main import app
from govnews.errors import GovnewsError
from govnews.speed import Speed, measure_speeds

TEXT = "青禾县去年粮食产量增长3.5%。\n" * 40


@pytest.fixture(scope="module")
def rules(tmp_path_factory):
    """A pipeline without weights."""
    import spacy

    nlp = spacy.blank("zh")
    nlp.add_pipe("entity_ruler").add_patterns([{"label": "ORG", "pattern": "青禾县"}])
    folder = tmp_path_factory.mktemp("rules")
    nlp.to_disk(folder)
    return str(folder)


def test_the_command_measures_each_pipeline_by_part_and_size(rules, tmp_path):
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "a.txt").write_text(TEXT, encoding="utf-8")
    arguments = ["speed", rules, "--text", tmp_path / "texts", "--sizes", "100,2000", "-o", tmp_path / "s.json"]
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    assert result.exit_code == 0, result.output
    runs = json.loads((tmp_path / "s.json").read_text())["runs"]
    assert [run["size"] for run in runs] == [100, 2000]
    for run in runs:
        assert set(run["seconds"]) == {"tokenizer", "entity_ruler", "facts"}
        assert run["characters_per_second"] > 0
        assert 10 < run["memory_mb"] < 10_000
        assert run["load_seconds"] > 0


def test_the_rate_is_that_of_all_parts():
    assert Speed("a", 100, {"tokenizer": 0.5, "ner": 1.5}, 1.0, 1.0).rate == 50


def test_the_whole_text_is_read_by_default(rules):
    [speed] = measure_speeds([rules], TEXT, repeats=1)
    assert speed.size == len(TEXT)


@pytest.mark.parametrize("text", ["", " \n"])
def test_no_text_is_told(rules, text):
    with pytest.raises(GovnewsError, match="no text to read"):
        list(measure_speeds([rules], text))


def test_no_pipeline_is_told():
    with pytest.raises(GovnewsError, match="no pipeline is called 'none'"):
        list(measure_speeds(["none"], TEXT))


@pytest.mark.parametrize("sizes", ["a", "0", "-1", "1000,x"])
def test_sizes_are_lengths(rules, sizes, tmp_path):
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    result = CliRunner().invoke(app, ["speed", rules, "--text", str(tmp_path / "a.txt"), f"--sizes={sizes}"])
    assert result.exit_code == 2
    assert "expected lengths" in result.output
