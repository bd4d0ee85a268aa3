"""What to annotate next, as a user asks for it."""

import json

import pytest
from typer.testing import CliRunner

from govnews.cli.main import app
from govnews.errors import GovnewsError
from govnews.formats.documents import read_documents
from govnews.uncertainty import Opinion

TEXTS = ["雨湖区新增学位3700余个。", "今年，湘潭市雨湖区地区生产总值增长6.2%。", "青禾县大力实施“百村清流”行动。"]


def run(*arguments):
    return CliRunner().invoke(app, [*map(str, arguments)], env={"COLUMNS": "200"})


@pytest.fixture(scope="module")
def models(tmp_path_factory):
    """Two pipelines of rules that part over one word."""
    import spacy

    folders = []
    for name, words in {"a": ["雨湖区", "青禾县"], "b": ["雨湖区"]}.items():
        nlp = spacy.blank("zh")
        nlp.add_pipe("entity_ruler").add_patterns([{"label": "ORG", "pattern": word} for word in words])
        folders.append(tmp_path_factory.mktemp(name))
        nlp.to_disk(folders[-1])
    return folders


@pytest.fixture
def pool(tmp_path):
    path = tmp_path / "pool.txt"
    path.write_text("\n".join(TEXTS), encoding="utf-8")
    return path


def test_next_writes_texts_pre_annotated_with_why(models, pool, tmp_path):
    for output in (tmp_path / "batch.jsonl", tmp_path / "batch.ann"):
        result = run("next", pool, "-m", models[0], "-m", models[1], "--size", 2, "--quota", 0, "-o", output)
        assert result.exit_code == 0, result.output
        assert "2 of 3 texts chosen" in result.output
        first, second = read_documents(output)
        assert first.text == TEXTS[2]
        assert first.meta["why"].startswith("doubt 0.0")
        assert "青禾县 1.0" in first.meta["why"]
        assert [second.surface(entity) for entity in second.entities] == ["雨湖区"]
        assert run("corpus", "check", output).exit_code == 0


def test_next_leaves_out_what_is_annotated_and_shows_the_rest(models, pool, tmp_path):
    known = tmp_path / "known.jsonl"
    known.write_text(json.dumps({"id": "k", "text": TEXTS[2]}) + "\n")
    result = run("next", pool, "-m", models[0], "-m", models[1], "--annotated", known)
    assert result.exit_code == 0, result.output
    assert "2 of 2 texts chosen" in result.output
    assert "生产总值" in result.output
    assert "百村清流" not in result.output


def test_next_tells_what_it_could_not_read_and_exits_with_1(models, pool, tmp_path):
    (tmp_path / "bad.txt").write_bytes(b"\0\1")
    result = run("next", tmp_path, "-m", models[0], "-m", models[1], "-o", tmp_path / "batch.jsonl")
    assert result.exit_code == 1
    assert "found NUL bytes" in result.output
    assert len(read_documents(tmp_path / "batch.jsonl")) == 3


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["{pool}", "-m", "{model}"], "no entity recogniser that tells how sure it is"),
        (["{pool}", "-m", "{model}", "-o", "batch.txt"], "no annotated format ends in '.txt'"),
        (["{pool}", "-m", "no_such_model"], "no pipeline is called 'no_such_model'"),
        (["nowhere", "-m", "{model}"], "no such file or folder"),
    ],
)
def test_what_cannot_be_done_is_told(models, pool, arguments, message):
    result = run("next", *(argument.format(pool=pool, model=models[0]) for argument in arguments))
    assert isinstance(result.exception, GovnewsError)
    assert message in result.exception.message


def test_simulate_compares_choice_with_chance(ten_path, small_config, tmp_path, monkeypatch):
    class Learner:
        def judge(self, documents):
            return [Opinion(document, float(len(document.text))) for document in documents]

        def score(self, documents):
            return 0.5

    config, held_out, output = tmp_path / "small.cfg", tmp_path / "held-out.jsonl", tmp_path / "choice.json"
    small_config.to_disk(config)
    held_out.write_text(json.dumps({"id": "h", "text": "云岭镇到了。"}) + "\n")
    asked = {}

    def trainer(config, overrides):
        asked.update(overrides)
        return lambda documents, seed: Learner()

    monkeypatch.setattr("govnews.simulation.config_trainer", trainer)
    arguments = ["simulate", config, "--corpus", ten_path, "--held-out", held_out, "--start", 2, "--size", 2]
    result = run(*arguments, "--rounds", 2, "--seeds", 2, "--steps", 7, "--output", output)
    assert result.exit_code == 0, result.output
    assert asked == {"training.max_steps": 7}
    assert "+0.000 ± 0.000 (0 of 2 seeds)" in result.output
    assert len(json.loads(output.read_text())["points"]) == 2 * 2 * 3
    plot = output.with_suffix(".svg").read_text()
    assert all(f">{text}</text>" in plot for text in ("choice", "chance", "characters annotated"))
    assert isinstance(run("simulate", tmp_path / "none.cfg").exception, GovnewsError)
