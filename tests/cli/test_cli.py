"""The command line as a user meets it: exit status, messages, files; run in a process of its own."""

import json
import os
import subprocess
import sys
from dataclasses import replace

import pytest
from typer.testing import CliRunner

from govnews.cli.main import app
from govnews.corpus.load import load_documents
from govnews.formats.jsonl import write_jsonl


def govnews(*arguments, stdin=None, cwd=None):
    environment = {**os.environ, "COLUMNS": "200", "NO_COLOR": "1", "PYTHONIOENCODING": "utf-8"}
    return subprocess.run(
        [sys.executable, "-m", "govnews", *map(str, arguments)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        input=stdin,
        cwd=cwd,
        env=environment,
        check=False,
    )


COMMANDS = [
    ["corpus", "check"],
    ["corpus", "stats"],
    ["corpus", "agree"],
    ["corpus", "adjudicate"],
    ["corpus", "review"],
    ["corpus", "overlap"],
    ["corpus", "variety"],
    ["corpus", "clean"],
    ["corpus", "build"],
    ["corpus", "detach"],
    ["corpus", "attach"],
    ["corpus", "convert"],
    ["label", "push"],
    ["label", "pull"],
    ["show"],
    ["next"],
    ["simulate"],
    ["ablate"],
    ["speed"],
    ["weights"],
    ["segmenter", "train"],
    ["segmenter", "score"],
    ["extract"],
    ["evaluate"],
    ["compare"],
    ["crossval"],
    ["curve"],
    ["pretrain"],
    ["segmenter", "cut"],
    ["segmenter", "lexicon"],
    ["vectors"],
    ["benchmark"],
    ["scores"],
]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_has_help_with_an_example(command):
    result = CliRunner().invoke(app, [*command, "--help"], terminal_width=200)
    assert result.exit_code == 0
    assert f"Example: govnews {' '.join(command)}" in result.output.replace("\n", " ")


def test_no_command_is_left_out_of_these_tests():
    import typer

    tree = typer.main.get_command(app)
    found = []
    for name, command in tree.commands.items():
        found += [[name, sub] for sub in command.commands] if hasattr(command, "commands") else [[name]]
    assert sorted(found) == sorted(COMMANDS)


def test_the_version_is_that_of_the_package():
    import govnews as package

    assert package.__version__ in govnews("--version").stdout


@pytest.mark.parametrize(
    "arguments", [["corpus", "check"], ["extract"], ["nonsense"], ["extract", "x.txt", "--layout", "sideways"]]
)
def test_wrong_usage_exits_with_2(arguments):
    result = govnews(*arguments)
    assert result.returncode == 2
    assert "Usage" in result.stderr


def test_check_names_file_line_what_was_found_and_what_to_do(tmp_path):
    path = tmp_path / "bad.ann"
    path.write_text(
        "# doc: bad\n\n{ORG1:青禾县}增长。{METRIC1:5%}\n> ORG1 HAS_METRIC METRIC1\n\n"
        "{PLACE1:云岭镇}到了。\n\n{ORG1:未完\n",
        encoding="utf-8",
    )
    result = govnews("corpus", "check", path)
    assert result.returncode == 1
    assert "Traceback" not in result.stderr
    assert f"{path}:3: error: '青禾县' HAS_METRIC '5%' runs over a sentence end" in result.stderr
    assert f"{path}:6: error: unknown label 'PLACE' on '云岭镇'" in result.stderr
    assert "Labels are ORG, METRIC, PROGRAM, DATE." in result.stderr
    assert f"{path}:8: error: {{ORG1:... is never closed" in result.stderr
    assert "3 problems" in result.stderr


def test_check_is_content_with_the_corpus(root):
    result = govnews("corpus", "check", root / "corpus")
    assert result.returncode == 0, result.stderr
    assert "nothing wrong" in result.stderr


def test_a_span_that_does_not_match_its_text_is_told(tmp_path):
    path = tmp_path / "bad.jsonl"
    path.write_text('{"text": "青禾县", "entities": [{"start": 0, "end": 2, "label": "ORG", "text": "青禾县"}]}\n')
    result = govnews("corpus", "check", path)
    assert result.returncode == 1
    assert f"{path}:1: error: entities[0] says '青禾县', but the text at 0..2 is '青禾'" in result.stderr


def test_stats_and_agree_print_tables_and_json(root):
    readings = [root / f"corpus/gold/readings/yuhu-2024.{name}.ann" for name in "ab"]
    assert "HAS_METRIC" in govnews("corpus", "stats", root / "corpus").stdout
    data = json.loads(govnews("corpus", "stats", root / "corpus", "--json").stdout)
    assert data["all"]["documents"] == len(load_documents(root / "corpus"))
    agreement = json.loads(govnews("corpus", "agree", *readings, "--json").stdout)
    assert agreement["entities"]["micro"]["f1"] > 0.95
    assert "Krippendorff's alpha" in govnews("corpus", "agree", *readings).stdout


def test_review_lists_what_to_read_again(ten, ten_path, tmp_path):
    predictions = tmp_path / "held-out.jsonl"
    missed = next(e for e in ten.entities if e.label == "PROGRAM")
    write_jsonl([replace(ten, entities=tuple(e for e in ten.entities if e != missed), relations=())], predictions)
    result = govnews("corpus", "review", ten_path, "--predictions", predictions)
    assert result.returncode == 0, result.stderr
    assert "models disagree 1" in result.stdout
    data = json.loads(govnews("corpus", "review", ten_path, "--predictions", predictions, "--json").stdout)
    assert data[0]["start"] == missed.start
    assert json.loads(govnews("corpus", "review", ten_path, "--kind", "two labels", "--json").stdout) == []


def test_overlap_tells_shared_runs_and_exits_with_1(ten, ten_path, tmp_path):
    other, allow = tmp_path / "other.txt", tmp_path / "stock.txt"
    other.write_text(f"再看：{ten.text[:20]}\n别的\n", encoding="utf-8")
    result = govnews("corpus", "overlap", ten_path, other)
    assert result.returncode == 1
    assert ten.text[:20] in result.stdout
    allow.write_text(ten.text[:20], encoding="utf-8")
    assert govnews("corpus", "overlap", ten_path, other, "--allow", allow).returncode == 0


def test_variety_is_measured_against_text_of_the_same_length(ten_path, tmp_path):
    (tmp_path / "a.txt").write_text("一二三四五六七八九十。" * 100, encoding="utf-8")
    result = govnews("corpus", "variety", ten_path, "--against", tmp_path, "--json")
    assert result.returncode == 0, result.stderr
    one, other = json.loads(result.stdout).values()
    assert one["characters"] == other["characters"]
    assert one["different_trigrams"] > other["different_trigrams"]
    assert govnews("corpus", "variety", ten_path, "--against", tmp_path.parent / "nowhere").returncode == 1


def test_clean_rejoins_the_article(root, tmp_path):
    output = tmp_path / "clean.txt"
    result = govnews("corpus", "clean", root / "corpus/raw/yuhu-2024.txt", "--output", output)
    assert "4 cuts rejoined" in result.stderr
    assert "为雨湖区对外开放和经济多元化发展" in output.read_text(encoding="utf-8")
    shown = govnews("corpus", "clean", root / "corpus/raw/yuhu-2024.txt").stdout
    assert "byline  蒋睿 冯玉峰" in shown


def test_build_tells_stale_files(root, tmp_path):
    import shutil

    corpus = tmp_path / "corpus"
    shutil.copytree(root / "corpus", corpus)
    assert govnews("corpus", "build", "--check", corpus).returncode == 0
    (corpus / "data" / "authored-test.jsonl").write_text("{}\n")
    result = govnews("corpus", "build", "--check", corpus)
    assert result.returncode == 1
    assert "Run `govnews corpus build`" in result.stderr
    assert govnews("corpus", "build", corpus).returncode == 0
    assert govnews("corpus", "build", "--check", corpus).returncode == 0
    (corpus / "data" / "old.jsonl").write_text("{}\n")
    assert "old.jsonl" in govnews("corpus", "build", "--check", corpus).stderr
    assert govnews("corpus", "build", corpus).returncode == 0
    assert not (corpus / "data" / "old.jsonl").exists()


def test_extract_shows_tables_and_writes_files(trained, tmp_path):
    (tmp_path / "a.txt").write_text("去年，青禾县实现地区生产总值86.4亿元，增长5.1%。", encoding="utf-8")
    (tmp_path / "b.txt").write_bytes(b"\x00\x01\x02")
    output = tmp_path / "found.jsonl"
    result = govnews("extract", tmp_path / "a.txt", tmp_path / "b.txt", "--model", trained, "--output", output)
    assert result.returncode == 1
    assert "b.txt: error: found NUL bytes" in result.stderr
    assert "could not be read: 1" in result.stderr
    assert json.loads(output.read_text(encoding="utf-8"))["entities"][0]["text"] == "去年"
    shown = govnews("extract", tmp_path / "a.txt", "--model", trained)
    assert shown.returncode == 0
    assert "HAS_METRIC" in shown.stdout


def test_extract_reads_standard_input_and_writes_standard_output(trained):
    result = govnews("extract", "-", "--output", "-", "--model", trained, stdin="青禾县大力实施“百村清流”行动。")
    assert result.returncode == 0, result.stderr
    data = json.loads(result.stdout)
    assert data["path"] == "stdin"
    assert [e["text"] for e in data["entities"]] == ["青禾县", "“百村清流”行动"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["extract", "{good}", "--model", "zh_no_such_model"], "no pipeline is called 'zh_no_such_model'"),
        (["extract", "{folder}/nowhere.txt", "--model", "{model}"], "no such file or folder"),
        (["extract", "{good}", "--model", "{model}", "--output", "{folder}/x.xls"], "cannot write .xls"),
        (["extract", "{empty}", "--model", "{model}"], "the file is empty"),
        (["extract", "{gb}", "--model", "{model}"], "looks like gb18030"),
        (["extract", "{utf16}", "--model", "{model}"], "looks like utf-16"),
        (["extract", "{good}", "--model", "{model}", "--encoding", "klingon"], "no encoding is called 'klingon'"),
        (["evaluate", "{model}", "{good}"], "no annotated format ends in '.txt'"),
        (["evaluate", "{model}", "{folder}"], "holds no annotated file"),
        (["evaluate", "zh_no_such_model", "{gold}"], "no pipeline is called"),
        (["evaluate", "{model}", "{gold}", "--split", "test"], "splits.tsv"),
        (["crossval", "{folder}/none.cfg", "--corpus", "{gold}"], "no such config"),
        (["crossval", "{config}", "--corpus", "{gold}"], "cannot be split into 5 folds"),
        (["evaluate", "{gold}", "{gold}", "--fail-under", "words=0.5"], "no figure is called 'words'"),
        (["evaluate", "{gold}", "{gold}", "--report", "{folder}", "--curve", "{good}"], "holds no learning curve"),
        (["curve", "{folder}/none.cfg"], "no such config"),
        (["curve", "{config}", "--corpus", "{gold}", "--held-out", "{gold}"], "both trained on and held out"),
        (["scores", "{good}"], "holds no scores"),
        (["corpus", "clean", "{gb}"], "Pass --encoding gb18030"),
        (["corpus", "check", "{folder}/none.ann"], "no such file or folder"),
        (["segmenter", "score", "{folder}", "{good}"], "holds no pkuseg model"),
    ],
)
def test_what_goes_wrong_is_one_message_and_exit_status_1(trained, root, ten_path, tmp_path, arguments, message):
    folder = tmp_path / "inputs"
    folder.mkdir()
    places = {"folder": folder, "model": trained, "gold": ten_path, "config": root / "configs/sm.cfg"}
    for name, data in {
        "good": "青禾县增长5.1%。".encode(),
        "empty": b"",
        "gb": "青禾县实现地区生产总值86.4亿元，增长5.1%。".encode("gb18030"),
        "utf16": "青禾县".encode("utf-16"),
    }.items():
        places[name] = folder / f"{name}.txt"
        places[name].write_bytes(data)
    before = sorted(folder.iterdir())
    result = govnews(*(argument.format(**places) for argument in arguments))
    assert result.returncode == 1
    assert message in result.stderr.replace("\n", " ")
    assert "Traceback" not in result.stderr
    assert sorted(folder.iterdir()) == before


def test_evaluate_writes_scores_that_scores_reads(trained, ten_path, tmp_path):
    output = tmp_path / "metrics.json"
    result = govnews("evaluate", trained, ten_path, "--output", output)
    assert "Recall ceiling of the segmentation: entities 1.000" in result.stdout
    assert json.loads(output.read_text())["entities"]["micro"]["f1"] == 1.0
    shown = govnews("scores", output, "--place", "model=dist/x.whl")
    assert shown.returncode == 0
    assert tmp_path.name in shown.stdout
    assert "dist/x.whl" in shown.stdout


def test_predictions_of_any_system_are_scored_from_a_file(ten, ten_path, tmp_path):
    predictions = tmp_path / "predictions.jsonl"
    write_jsonl([replace(ten, entities=ten.entities[:10], relations=())], predictions)
    output = tmp_path / "metrics.json"
    result = govnews("evaluate", predictions, ten_path, "--output", output)
    assert result.returncode == 0, result.stderr
    scores = json.loads(output.read_text())["entities"]["micro"]
    assert (scores["precision"], scores["hits"], scores["gold"]) == (1.0, 10, len(ten.entities))
    write_jsonl([replace(ten, text=ten.text + "。", entities=(), relations=())], predictions)
    result = govnews("evaluate", predictions, ten_path)
    assert result.returncode == 1
    assert "the texts differ at character" in result.stderr


def test_compare_shows_both_systems_and_how_likely_chance_is(trained, ten, ten_path, tmp_path):
    predictions = tmp_path / "predictions.jsonl"
    write_jsonl([replace(ten, entities=ten.entities[:10], relations=())], predictions)
    result = govnews("compare", trained, predictions, ten_path)
    assert result.returncode == 0, result.stderr
    row = next(line for line in result.stdout.splitlines() if line.startswith("│ entities"))
    assert "1.000" in row
    assert "+0." in row


def test_a_report_and_its_scores_are_written_and_a_threshold_decides_the_exit_status(trained, ten_path, tmp_path):
    folder = tmp_path / "new" / "report"
    arguments = ["evaluate", trained, ten_path, "--report", folder, "--training", ten_path, "--details"]
    result = govnews(*arguments, "--fail-under", "entities=1.0,relations.RUNS=0.9")
    assert result.returncode == 0, result.stderr
    assert json.loads((folder / "metrics.json").read_text())["schema_version"] == 1
    assert (folder / "report.html").read_text(encoding="utf-8").startswith("<!doctype html>")
    assert "Confusion of labels" in result.stdout
    assert "Calibration of relations" in result.stdout


def test_below_a_threshold_the_scores_are_shown_and_the_exit_status_is_1(ten, ten_path, tmp_path):
    predictions = tmp_path / "predictions.jsonl"
    write_jsonl([replace(ten, entities=ten.entities[:10], relations=())], predictions)
    result = govnews("evaluate", predictions, ten_path, "--fail-under", "entities=0.9,entities.ORG=0.1,relations=0.5")
    assert result.returncode == 1
    assert "Entities, strict" in result.stdout
    assert "below the threshold: entities F1 0.5714 < 0.9, relations F1 0.0000 < 0.5" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--fail-under", ""], "found '', expected WHAT=F1"),
        (["--fail-under", "entities"], "found 'entities', expected WHAT=F1"),
        (["--fail-under", "entities=80"], "found 'entities=80', expected WHAT=F1"),
        (["--fail-under", "entities=nan"], "expected WHAT=F1"),
        (["--curve", "curve.json"], "pass --report too"),
    ],
)
def test_wrong_options_of_evaluate_are_wrong_usage(ten_path, arguments, message):
    result = govnews("evaluate", ten_path, ten_path, *arguments)
    assert result.returncode == 2
    assert message in " ".join(result.stderr.replace("│", " ").split())


def test_compare_shows_what_only_one_has_right_and_writes_a_report(ten, ten_path, tmp_path):
    predictions = tmp_path / "predictions.jsonl"
    write_jsonl([replace(ten, entities=ten.entities[:10], relations=())], predictions)
    result = govnews("compare", ten_path, predictions, ten_path, "--report", tmp_path / "r", "--examples", "2")
    assert result.returncode == 0, result.stderr
    assert f"Only{ten_path}found" in "".join(result.stdout.split())
    data = json.loads((tmp_path / "r" / "comparison.json").read_text(encoding="utf-8"))
    assert len(data["only_right"][0]) == len(ten.entities) - 10 + len(ten.relations)
    assert "<!doctype html>" in (tmp_path / "r" / "comparison.html").read_text(encoding="utf-8")


def test_curve_tells_what_more_text_brings_and_evaluate_shows_it(root, ten_path, small_config, tmp_path):
    config, output = tmp_path / "small.cfg", tmp_path / "curve.json"
    small_config.to_disk(config)
    arguments = ["curve", config, "--corpus", root / "corpus/gold/yuhu-2024.ann", "--held-out", ten_path]
    result = govnews(*arguments, "--steps", "2", "--sizes", "0.2,0.4,0.7,1", "--more", "50", "--output", output)
    assert result.returncode == 0, result.stderr
    assert "50 more sentences: entities F1" in result.stdout
    assert output.with_suffix(".svg").read_text(encoding="utf-8").startswith("<svg")
    result = govnews("evaluate", ten_path, ten_path, "--report", tmp_path / "r", "--curve", output)
    assert result.returncode == 0, result.stderr
    assert "Learning curve" in (tmp_path / "r" / "report.html").read_text(encoding="utf-8")
    assert govnews(*arguments, "--sizes", "0.5,2").returncode == 2


def test_starting_is_fast_because_heavy_packages_wait(root):
    heavy = ("spacy", "sklearn", "pyarrow", "datasets")
    code = f"import sys, govnews.cli.main; print([name for name in {heavy} if name in sys.modules])"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"
