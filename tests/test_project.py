"""The repository itself: entry points, versions, corpus files, dataset card, documentation."""

import csv
import json
import re
import subprocess
import sys
import tomllib
from importlib.metadata import entry_points
from statistics import fmean, stdev

import pytest
import yaml

import govnews
from govnews.corpus.agree import measure_agreement, pair_documents
from govnews.corpus.build import stale_splits
from govnews.corpus.check import check_files
from govnews.corpus.layout import repair_layout
from govnews.corpus.load import SPLITS, corpus_files, load_documents, load_split
from govnews.curve import read_curve
from govnews.formats.inline import format_inline, read_inline
from govnews.formats.textfile import checksum
from govnews.records import LABELS, SIGNATURES


def project(root):
    return tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))


def test_every_entry_point_loads():
    groups = [group for group in entry_points().groups if group.startswith("spacy_")]
    points = [point for group in groups for point in entry_points(group=group) if point.value.startswith("govnews.")]
    assert len(points) >= 8
    for point in points:
        assert callable(point.load()), point


def test_versions_agree(root):
    version = project(root)["project"]["version"]
    workflow = yaml.safe_load((root / "project.yml").read_text(encoding="utf-8"))
    assert govnews.__version__ == version == workflow["vars"]["version"]
    assert f"## {version}" in (root / "CHANGELOG.md").read_text(encoding="utf-8")


def test_dependencies_are_pinned_without_naming_a_host(root):
    text = (root / "constraints.txt").read_text()
    assert "://" not in text
    pinned = {line.split("==")[0] for line in text.splitlines() if "==" in line}
    data = project(root)["project"]
    wanted = data["dependencies"] + [name for extra in data["optional-dependencies"].values() for name in extra]
    names = {re.match(r"[\w-]+", requirement).group().lower() for requirement in wanted}
    assert names <= pinned


def test_the_corpus_checks(root):
    documents, problems = check_files(corpus_files(root / "corpus"))
    assert problems == []
    assert documents


def test_gold_is_written_as_the_format_writes_it(root):
    for path in corpus_files(root / "corpus"):
        assert "".join(map(format_inline, read_inline(path))) == path.read_text(encoding="utf-8")


def test_the_gold_text_is_the_raw_article_repaired(root):
    raw = (root / "corpus/raw/yuhu-2024.txt").read_text(encoding="utf-8")
    [document] = [d for d in load_documents(root / "corpus") if d.id == "yuhu-2024"]
    page = repair_layout(raw)
    assert document.text == page.text
    for entity in document.entities:
        assert "".join(raw[a:b] for a, b in page.raw_spans(entity.start, entity.end)) == document.surface(entity)


def test_the_plan_names_every_authored_document_and_each_says_what_it_is(root):
    with (root / "corpus/authored/plan.tsv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    documents = {document.id: document for document in load_documents(root / "corpus/authored")}
    assert [row["id"] for row in rows] == list(dict.fromkeys(row["id"] for row in rows))
    assert {row["id"] for row in rows} == documents.keys()
    for row in rows:
        document = documents[row["id"]]
        assert document.meta["source"] == "written for this corpus"
        assert document.date is not None
        assert row["place"][:2] in document.text or row["place"].startswith("several")


def test_two_readings_of_authored_documents_are_of_the_text_that_was_settled(root):
    folder = root / "corpus/authored"
    names = sorted({path.name.split(".")[0] for path in (folder / "readings").iterdir()})
    assert len(names) >= 15
    for name in names:
        [settled], *readings = (
            read_inline(path) for path in [folder / f"{name}.ann", *sorted((folder / "readings").glob(f"{name}.*"))]
        )
        assert [reading.text for [reading] in readings] == [settled.text] * 2


def test_the_readings_agree_and_the_gold_lies_between_them(root):
    readings = [read_inline(root / f"corpus/gold/readings/yuhu-2024.{name}.ann") for name in "ab"]
    gold = read_inline(root / "corpus/gold/yuhu-2024.ann")
    agreement = measure_agreement(pair_documents(*readings))
    assert agreement.entities.micro.f1 > 0.95
    for reading in readings:
        assert measure_agreement(pair_documents(gold, reading)).relations.micro.f1 > 0.95


def test_the_split_covers_everything_once_and_nothing_leaks(root):
    parts = {split: load_split(root / "corpus", split) for split in SPLITS}
    ids = [document.id for documents in parts.values() for document in documents]
    assert len(ids) == len(set(ids))
    whole = load_documents(root / "corpus")
    entities = sum(len(d.entities) for documents in parts.values() for d in documents)
    assert entities == sum(len(document.entities) for document in whole)
    sentences = {
        split: {line for document in documents for line in document.text.split("\n") if len(line) > 12}
        for split, documents in parts.items()
    }
    assert not sentences["train"] & (sentences["validation"] | sentences["test"])
    assert not sentences["validation"] & sentences["test"]


def test_data_files_say_what_the_gold_says(root):
    assert stale_splits(root / "corpus") == []


def test_datasets_loads_the_corpus_with_typed_features(root, tmp_path):
    from datasets import List, Value, load_dataset

    parts = {
        name: load_dataset(str(root / "corpus"), name, cache_dir=str(tmp_path))
        for name in ("default", "gold", "authored")
    }
    dataset = parts["default"]
    assert set(dataset) == set(SPLITS)
    for split in SPLITS:
        assert len(dataset[split]) == len(parts["gold"][split]) + len(parts["authored"][split])
        assert len(dataset[split]) == len(load_split(root / "corpus", split))
    features = dataset["train"].features
    assert features["text"] == Value("string")
    assert isinstance(features["entities"], List)
    assert features["entities"].feature["start"] == Value("int32")
    row = dataset["train"][0]
    for entity in row["entities"]:
        assert row["text"][entity["start"] : entity["end"]] == entity["text"]
        assert entity["label"] in LABELS
    for relation in row["relations"]:
        head, tail = (row["entities"][relation[key]]["label"] for key in ("head", "tail"))
        assert (head, tail) in SIGNATURES[relation["label"]]


def test_the_guidelines_define_every_label(root):
    guidelines = (root / "corpus/GUIDELINES.md").read_text(encoding="utf-8")
    for label in LABELS:
        assert f"### {label}:" in guidelines
    for relation in SIGNATURES:
        assert f"`{relation}`" in guidelines


@pytest.mark.parametrize(
    "name", ["README.md", "corpus/README.md", "training/README.md", "docs/new-label.md", "docs/retraining.md"]
)
def test_files_that_documents_name_exist(root, name):
    text = (root / name).read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#:]+)\)", text):
        assert ((root / name).parent / target).exists(), target
    for path in re.findall(r"`((?:configs|corpus|training|src|tests)/[\w./-]+\.\w+)`", text):
        assert (root / path).exists() or path.startswith("training/runs"), path


def test_scores_in_the_readme_are_those_that_were_measured(root):
    readme = (root / "README.md").read_text(encoding="utf-8")
    for name, start in {"sm": "| article and authored texts", "article": "| the article alone"}.items():
        points = read_curve(root / f"training/results/real-dev-{name}.json").points
        row = next(line for line in readme.splitlines() if line.startswith(start))
        assert len({point.seed for point in points}) == 3
        for what in ("entities", "relations", "relations_on_gold"):
            scores = [getattr(point, what) for point in points]
            assert f"{fmean(scores):.3f} ± {stdev(scores):.3f}" in row


def test_weights_are_those_of_their_recipes(root):
    folder = root / "training/pretrained"
    assert json.loads((folder / "vectors/recipe.json").read_text())["sha256"] == checksum(
        folder / "vectors/vocab/vectors"
    )
    assert json.loads((folder / "encoder.json").read_text())["sha256"] == checksum(folder / "encoder.bin")
    files = json.loads((folder / "start.json").read_text())["files"]
    assert files.keys() == {"tok2vec.bin", "heads.bin"}
    for name, file in files.items():
        assert file["sha256"] == checksum(folder / name)


def test_configs_are_complete(root):
    for name in ("characters", "sm", "stock", "trf"):
        command = [sys.executable, "-m", "spacy", "debug", "config", f"configs/{name}.cfg"]
        result = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
        assert result.returncode == 0, result.stdout + result.stderr
