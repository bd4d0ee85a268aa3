"""Published sets, and how well a config does on them beside published systems."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType
from typing import Any

from govnews.errors import GovnewsError
from govnews.formats.published import read_published
from govnews.metrics.labels import Pair, score_entities, score_relations
from govnews.metrics.scores import Score
from govnews.pipeline import RECOGNIZERS, annotate
from govnews.records import Document
from govnews.scoring import relate_gold
from govnews.training.fit import train_config

SCHEMA_VERSION = 1
"""Of what `govnews benchmark --output` writes."""


@dataclass(frozen=True, slots=True)
class Benchmark:
    """A published set.

    Args:
        name: What it is called.
        folder: Its folder in the data folder; holds `train.jsonl`, `dev.jsonl` and mostly `test.jsonl`.
        task: `entities`, or `relations` between given mentions.
        steps: Training steps.
        seeds: Trainings that are averaged.
        test: The part that published figures are of.
        published: F1 of published systems there.
    """

    name: str
    folder: str
    task: str
    steps: int
    seeds: int = 1
    test: str = "test"
    published: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))


BENCHMARKS = (
    Benchmark(
        "resume",
        "ner_resume",
        "entities",
        steps=600,
        seeds=5,
        published={
            "spaCy stock (one seed)": 0.8910,
            "char BiLSTM": 0.9441,
            "Lattice LSTM": 0.9446,
            "SoftLexicon": 0.9559,
            "BERT": 0.9553,
        },
    ),
    Benchmark(
        "weibo",
        "ner_weibo",
        "entities",
        steps=500,
        seeds=5,
        published={
            "spaCy stock (one seed)": 0.4913,
            "char BiLSTM": 0.5675,
            "Lattice LSTM": 0.5879,
            "SoftLexicon": 0.6124,
            "BERT": 0.6820,
        },
    ),
    Benchmark(
        "cluener",
        "ner_cluener",
        "entities",
        steps=4_000,
        test="dev",
        published={"BiLSTM-CRF": 0.7000, "BERT": 0.7882, "RoBERTa-wwm-large": 0.8042},
    ),
    Benchmark("boson", "ner_boson", "entities", steps=4_000),
    Benchmark("sanwen", "re_sanwen", "relations", steps=4_000, published={"MG-lattice": 0.6561}),
    Benchmark("finre", "re_finre", "relations", steps=4_000, published={"MG-lattice": 0.4926}),
)
"""Steps of Resume and Weibo are those that were best on dev from `encoder.bin`, the others first guesses. Published
figures are those of Zhang and Yang (2018: Chinese NER using lattice LSTM), Ma et al. (2020: Simplify the usage of
lexicon in Chinese NER), Xu et al. (2020: CLUENER2020) and Li et al. (2019: Chinese relation extraction with
multi-grained information)."""


@dataclass(frozen=True, slots=True)
class Run:
    """One training on one set.

    Args:
        benchmark: Name of the set.
        config: Name of the config.
        seed: Of the training.
        part: What was scored: `dev` or `test`.
        score: Micro-averaged, strict.
    """

    benchmark: str
    config: str
    seed: int
    part: str
    score: Score

    def to_dict(self) -> dict[str, Any]:
        """The run as plain values; scores rounded to four digits."""
        figures = {name: round(getattr(self.score, name), 4) for name in ("precision", "recall", "f1")}
        return {
            "benchmark": self.benchmark,
            "config": self.config,
            "seed": self.seed,
            "part": self.part,
            **figures,
        }


def choose(names: Sequence[str]) -> list[Benchmark]:
    """The benchmarks of these names.

    Raises:
        GovnewsError: There is none of a name.
    """
    known = {benchmark.name: benchmark for benchmark in BENCHMARKS}
    if unknown := [name for name in names if name not in known]:
        raise GovnewsError(f"no benchmark is called {unknown[0]!r}", hint=f"There are: {', '.join(known)}.")
    return [known[name] for name in names]


def run_benchmark(
    benchmark: Benchmark,
    config: str | Path,
    data: str | Path,
    *,
    part: str,
    seeds: Sequence[int],
    overrides: Mapping[str, Any] | None = None,
) -> Iterator[Run]:
    """Train a config on a set's train part and score the last model on another part, once a seed.

    Of the config's pipeline only the components that the task needs are trained. Nothing is chosen while it trains.

    Args:
        benchmark: The set.
        config: A spaCy training config.
        data: Folder that holds the set's folder.
        part: `dev` or `test`.
        seeds: One training each.
        overrides: Config values to change, by dotted name; `training.max_steps` is the benchmark's unless given.

    Raises:
        GovnewsError: A file is missing or has another shape, or the config has no component for the task.
    """
    folder = Path(data) / benchmark.folder
    training = [document for document in read_published(folder / "train.jsonl") if is_flat(document)]
    held_out = read_published(folder / f"{part}.jsonl")
    flat = [document for document in held_out if is_flat(document)]
    settings = {
        "training.max_steps": benchmark.steps,
        "training.annotating_components": [],
        **task_settings(config, benchmark.task),
        **(overrides or {}),
    }
    for seed in seeds:
        nlp = train_config(config, training, settings, seed=seed)
        found = relate_gold(nlp, flat) if benchmark.task == "relations" else list(annotate(nlp, flat))
        answers = dict(zip((document.id for document in flat), found, strict=True))
        # what a pipeline cannot be asked counts as missed
        pairs: list[Pair] = [
            (gold, answers.get(gold.id, replace(gold, entities=(), relations=()))) for gold in held_out
        ]
        score = score_relations if benchmark.task == "relations" else score_entities
        yield Run(benchmark.name, Path(config).stem, seed, part, score(pairs).micro)


def is_flat(document: Document) -> bool:
    """Whether no two entities of a document overlap."""
    return all(first.end <= second.start for first, second in pairwise(document.entities))


def task_settings(config: str | Path, task: str) -> dict[str, Any]:
    """What to change in a config for a task: its pipeline keeps the components that are needed, in order.

    Sets of pairs give the mentions and one label a pair, and texts may be of several sentences: relations are told so.

    Raises:
        GovnewsError: There is no component for the task.
    """
    from spacy.util import load_config

    loaded = load_config(config)
    factories = {name: loaded["components"][name].get("factory") for name in loaded["nlp"]["pipeline"]}
    encoders = {"tok2vec", "transformer"}
    heads = {"entities": RECOGNIZERS, "relations": {"relations", "nearest_relations"}}[task]
    if not heads & set(factories.values()):
        raise GovnewsError(
            f"has no component for {task}", path=config, hint=f"Its pipeline is: {', '.join(factories) or 'empty'}."
        )
    kept = {name: factory for name, factory in factories.items() if factory in encoders | heads}
    pairs = [name for name, factory in kept.items() if factory == "relations"]
    options = {f"components.{name}.{option}": True for name in pairs for option in ("exclusive", "across_sentences")}
    if task == "relations":
        options["corpora.train.split_tokens"] = True
    return {"nlp.pipeline": list(kept), **options}
