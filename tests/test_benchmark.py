import json

import pytest
from typer.testing import CliRunner

from govnews import benchmark
from govnews.benchmark import Benchmark, choose, run_benchmark, task_settings
from govnews.cli.main import app
from govnews.cli.settings import parse_settings
from govnews.errors import FormatError, GovnewsError

PEOPLE = [
    {"text": "林青：男，云岭公司董事长。", "entities": [[0, 2, "NAME"], [5, 9, "ORG"]]},
    {"text": "周禾：女，青禾公司经理。", "entities": [[0, 2, "NAME"], [5, 9, "ORG"]]},
] * 4
PAIRS = [
    {"text": "林青来了。她住在云岭。", "head": [0, 2], "tail": [8, 10], "label": "Located"},
    {"text": "周禾和林青是姐妹", "head": [0, 2], "tail": [3, 5], "label": "Family"},
    {"text": "云岭公司和青禾公司", "head": [0, 4], "tail": [5, 9], "label": "unknown"},
] * 4
NESTED = {"text": "云岭公司", "head": [0, 4], "tail": [0, 2], "label": "Located"}


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    folder = tmp_path_factory.mktemp("data")
    for name, lines, more in (("people", PEOPLE, []), ("pairs", PAIRS, [NESTED])):
        (folder / name).mkdir()
        for part, rows in (("train", lines + more), ("dev", lines + more), ("test", lines[:2])):
            text = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
            (folder / name / f"{part}.jsonl").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def config(small_config, tmp_path_factory):
    path = tmp_path_factory.mktemp("config") / "small.cfg"
    small_config.to_disk(path)
    return path


def test_entities_are_learned_and_scored(data, config):
    [run] = run_benchmark(Benchmark("people", "people", "entities", steps=120), config, data, part="dev", seeds=[3])
    assert (run.seed, run.part, run.config) == (3, "dev", "small")
    assert run.score.gold == 16
    assert run.score.f1 == 1.0
    assert run.to_dict()["f1"] == 1.0


def test_relations_between_given_mentions_are_learned_and_what_cannot_be_asked_is_missed(data, config):
    relations = Benchmark("pairs", "pairs", "relations", steps=60)
    [run] = run_benchmark(relations, config, data, part="dev", seeds=[0])
    assert run.score.gold == 9  # eight, and the nested pair
    assert run.score.recall == pytest.approx(8 / 9)
    assert run.score.precision == 1.0


def test_a_text_whose_entities_overlap_is_missed_not_given(data, config, tmp_path):
    nested = {"text": "云岭公司", "entities": [[0, 2, "LOC"], [0, 4, "ORG"]]}
    (tmp_path / "people").mkdir()
    for part, rows in (("train", PEOPLE), ("dev", [nested])):
        text = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
        (tmp_path / "people" / f"{part}.jsonl").write_text(text, encoding="utf-8")
    [run] = run_benchmark(Benchmark("people", "people", "entities", steps=1), config, tmp_path, part="dev", seeds=[0])
    assert (run.score.hits, run.score.gold) == (0, 2)


def test_only_the_components_a_task_needs_are_trained(config, root, tmp_path):
    assert task_settings(config, "entities") == {"nlp.pipeline": ["tok2vec", "ner"]}
    assert task_settings(config, "relations")["nlp.pipeline"] == ["tok2vec", "relations"]
    with pytest.raises(GovnewsError, match="no component for relations"):
        task_settings(root / "configs" / "stock.cfg", "relations")


def test_unknown_sets_are_told():
    assert [each.name for each in choose(["weibo", "resume"])] == ["weibo", "resume"]
    with pytest.raises(GovnewsError, match="no benchmark is called 'weibo2'"):
        choose(["weibo2"])


def test_a_missing_set_is_told(config, tmp_path):
    with pytest.raises(FormatError, match=r"train\.jsonl|no such file"):
        list(run_benchmark(Benchmark("a", "a", "entities", steps=1), config, tmp_path, part="dev", seeds=[0]))


def test_the_command_writes_its_scores(data, config, tmp_path, monkeypatch):
    mine = Benchmark("people", "people", "entities", steps=40, seeds=2, published={"BERT [large]": 0.9})
    monkeypatch.setattr(benchmark, "BENCHMARKS", (mine,))
    output = tmp_path / "scores.json"
    arguments = ["benchmark", config, "--data", data, "--sets", "people", "--seeds", 1, "--steps", 20, "--test"]
    arguments += ["--set", "training.dropout=0.1", "--output", output]
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    assert result.exit_code == 0, result.output
    assert "BERT [large]" in result.output
    scores = json.loads(output.read_text())
    assert scores["settings"] == {"training.dropout": 0.1, "training.max_steps": 20}
    assert [(run["benchmark"], run["part"]) for run in scores["runs"]] == [("people", "test")]


@pytest.mark.parametrize("setting", ["training.dropout", "=5", ""])
def test_settings_have_a_name_and_a_value(setting):
    import typer

    with pytest.raises(typer.BadParameter, match="expected a name and a value"):
        parse_settings([setting])
