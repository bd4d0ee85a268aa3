import json

import pytest
from typer.testing import CliRunner

from govnews.ablation import AblationRun, Variant, make_trials, read_ablation, read_variants, run_ablation
from govnews.benchmark import Benchmark
from govnews.cli.main import app
from govnews.errors import FormatError, GovnewsError
from govnews.formats.jsonl import write_jsonl
from govnews.records import Document, Entity
from govnews.training.fit import set_value

LINES = {"林青在云岭公司。": (3, 7), "周禾在青禾公司。": (3, 7), "青禾公司有周禾。": (0, 4)}
VARIANTS = """
base:
  paths.tok2vec: null
  training.optimizer.learn_rate: 0.002
as it is: {}
other words:
  nlp.tokenizer: {"@tokenizers": spacy.zh.ChineseTokenizer, segmenter: pkuseg}
  initialize.tokenizer: {pkuseg_model: %s}
  components.tok2vec.model.embed.features: [char, shape]
  components.tok2vec.model.embed.rows: [50, 50]
"""


@pytest.fixture(scope="module")
def documents():
    return [Document(str(n), text, (Entity(*span, "ORG"),)) for n, (text, span) in enumerate(LINES.items())]


@pytest.fixture(scope="module")
def config(small_config, tmp_path_factory):
    path = tmp_path_factory.mktemp("config") / "small.cfg"
    small_config.to_disk(path)
    return path


@pytest.fixture
def files(documents, root, tmp_path, monkeypatch):
    """A published set, held-out text and variants."""
    (tmp_path / "people").mkdir()
    rows = [{"text": d.text, "entities": [[e.start, e.end, e.label] for e in d.entities]} for d in documents]
    for part in ("train", "dev"):
        text = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
        (tmp_path / "people" / f"{part}.jsonl").write_text(text, encoding="utf-8")
    write_jsonl(documents, tmp_path / "real.jsonl")
    (tmp_path / "variants.yml").write_text(VARIANTS % (root / "training" / "pretrained" / "segmenter"))
    monkeypatch.setattr("govnews.benchmark.BENCHMARKS", (Benchmark("people", "people", "entities", steps=1),))
    return tmp_path


def test_every_variant_is_trained_and_scored_and_what_was_done_is_not_repeated(files, config, monkeypatch):
    arguments = ["ablate", config, files / "variants.yml", "--data", files, "--sets", "people"]
    arguments += ["--seeds", 2, "--steps", 60, "--output", files / "out.json"]
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    assert result.exit_code == 0, result.output
    runs = read_ablation(files / "out.json")
    assert [(run.seed, run.variant) for run in runs] == [
        (0, "as it is"), (0, "other words"), (1, "as it is"), (1, "other words")]  # fmt: skip
    assert all(run.trial == "people" and run.steps == 60 and run.speed > 0 for run in runs)
    assert [run.f1 for run in runs if run.variant == "as it is"] == [1.0, 1.0]
    assert {run.ceiling for run in runs if run.variant == "as it is"} == {1.0}

    def fail(*args, **kwargs):
        raise AssertionError("trained again")

    monkeypatch.setattr("govnews.ablation.train_config", fail)
    again = CliRunner().invoke(app, [str(argument) for argument in arguments])
    assert again.exit_code == 0, again.output
    assert "1.000 ± 0.000" in again.output
    assert read_ablation(files / "out.json") == runs


def test_a_run_cut_off_goes_on_where_it_was(documents, config, files):
    [trial] = make_trials(None, ["people"], files)
    done = [AblationRun("a", "people", 0, 1), AblationRun("a", "people", 1, 2)]
    runs = run_ablation(config, [Variant("a"), Variant("b")], [trial], seeds=[0], steps=1, done=done)
    assert [(run.variant, run.seed) for run in runs] == [("b", 0)]


def test_held_out_text_is_scored_after_training_on_the_corpus(files, root):
    [trial] = make_trials(files / "real.jsonl", [], None, corpus=root / "corpus")
    assert trial.name == "real.jsonl"
    assert [document.text for document in trial.held_out] == list(LINES)
    assert len(trial.training) > 50


@pytest.mark.parametrize(
    ("held_out", "sets", "data", "message"),
    [(None, [], None, "nothing to score on"), (None, ["people"], None, "folder that is not given"),
     (None, ["people2"], ".", "no benchmark is called")],
)  # fmt: skip
def test_what_is_missing_is_told(files, held_out, sets, data, message):
    with pytest.raises(GovnewsError, match=message):
        make_trials(held_out, sets, data)


@pytest.mark.parametrize("text", ["", "[]", "a: 1", "base: {}", "base: 3\na: {}", "a: {b: ]", "- a", "a", "\t"])
def test_a_file_without_variants_is_told(tmp_path, text):
    path = tmp_path / "variants.yml"
    path.write_text(text)
    with pytest.raises(FormatError, match=r"variants\.yml"):
        read_variants(path)


def test_shared_values_are_in_every_variant(tmp_path):
    (tmp_path / "v.yml").write_text("base: {a.b: null, c.d: 1}\nx: {c.d: 2}\n1: {}\n")
    assert read_variants(tmp_path / "v.yml") == [
        Variant("x", {"a.b": None, "c.d": 2}), Variant("1", {"a.b": None, "c.d": 1})]  # fmt: skip


def test_a_misspelt_section_is_told():
    config = {"paths": {"vectors": "a"}}
    set_value(config, "paths.vectors", None)
    assert config == {"paths": {"vectors": None}}
    with pytest.raises(GovnewsError, match=r"no section 'path' to set 'vectors'"):
        set_value(config, "path.vectors", None)


@pytest.mark.parametrize("text", [" {}", "{}", "[]", '{"runs": [{"variant": "a"}]}', '{"runs": 1}'])
def test_a_file_that_holds_no_ablation_is_told(tmp_path, text):
    (tmp_path / "a.json").write_text(text)
    with pytest.raises(FormatError, match="no ablation"):
        read_ablation(tmp_path / "a.json")
