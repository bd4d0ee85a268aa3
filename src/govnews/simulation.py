"""Whether choosing what to annotate pays: choice against chance, on text whose annotation is known."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import fmean, stdev
from typing import TYPE_CHECKING, Any, Literal, Protocol

from govnews.errors import GovnewsError
from govnews.records import Document
from govnews.scoring import evaluate
from govnews.selection import QUOTA, choose, texts_of
from govnews.training.fit import train_config
from govnews.uncertainty import Opinion, judge

if TYPE_CHECKING:
    from spacy.language import Language

SCHEMA_VERSION = 1
"""Of what `govnews simulate --output` writes."""

Arm = Literal["choice", "chance"]


class Learner(Protocol):
    """What a trainer makes: it judges texts and is scored."""

    def judge(self, documents: Sequence[Document]) -> Sequence[Opinion]:
        """Say what it thinks of texts, in their order."""

    def score(self, documents: Sequence[Document]) -> float:
        """Give the F1 on annotated documents."""


Trainer = Callable[[Sequence[Document], int], Learner]
"""Train on documents with a seed."""


@dataclass(frozen=True, slots=True)
class SimulationPoint:
    """One training.

    Args:
        seed: Of the texts to begin with, of chance, and of the training.
        arm: How the texts were taken; before the first round both are the same.
        round: From 0, with the texts to begin with.
        documents: Number of texts trained on.
        characters: Their length: what annotating them costs.
        f1: On the held-out text.
    """

    seed: int
    arm: Arm
    round: int
    documents: int
    characters: int
    f1: float


@dataclass(frozen=True, slots=True)
class Simulation:
    """All trainings, and by round what choice gained over chance."""

    points: tuple[SimulationPoint, ...]

    @property
    def gains(self) -> dict[int, list[float]]:
        """By round from 1, F1 of choice less that of chance, one a seed."""
        scores = {(p.seed, p.round, p.arm): p.f1 for p in self.points}
        gains: dict[int, list[float]] = {}
        for seed, number, arm in sorted(scores):
            if arm == "choice" and number and (seed, number, "chance") in scores:
                gains.setdefault(number, []).append(scores[seed, number, arm] - scores[seed, number, "chance"])
        return gains

    def to_dict(self) -> dict[str, Any]:
        """The trainings and gains as `govnews simulate --output` writes them."""
        gains = [
            {"round": number, "mean": fmean(own), "std": stdev(own) if len(own) > 1 else None, "seeds": len(own)}
            for number, own in self.gains.items()
        ]
        return {"schema_version": SCHEMA_VERSION, "points": [asdict(point) for point in self.points], "gains": gains}


def simulate(
    pool: Sequence[Document],
    held_out: Sequence[Document],
    train: Trainer,
    *,
    start: int,
    size: int,
    rounds: int,
    seeds: Sequence[int] = (0,),
    quota: float = QUOTA,
    progress: Callable[[str], None] = lambda message: None,
) -> Iterator[SimulationPoint]:
    """Grow a training set by choice and by chance from the same beginning, and score each step.

    Chance takes texts in a random order until it has as many characters as choice: longer texts cost more to annotate.

    Args:
        pool: Annotated texts, a paragraph each; the annotation of a text counts once it is taken. Those that are held
            out too, such as headings, are left out.
        held_out: Documents to score on.
        train: Trains on documents.
        start: Number of texts to begin with.
        size: Number of texts chosen a round.
        rounds: How often.
        seeds: One whole comparison each.
        quota: As `selection.choose` takes it.
        progress: Called with a line before each training.

    Raises:
        GovnewsError: The pool is too small.
    """
    scored = {line for document in held_out for line in document.text.split("\n")} | texts_of(held_out, "paragraph")
    pool = [document for document in pool if scored.isdisjoint(document.text.split("\n"))]
    if len(pool) < start + size * rounds:
        raise GovnewsError(
            f"{len(pool)} texts that are not held out are too few for {start} and {rounds} times {size} more",
            hint="Pass smaller --start, --size or --rounds, or a larger corpus.",
        )
    for seed in seeds:
        order = list(pool)
        random.Random(seed).shuffle(order)
        taken: dict[Arm, list[Document]] = {"choice": order[:start], "chance": order[:start]}
        progress(f"seed {seed}, {start} texts to begin with")
        learner = train(taken["choice"], seed)
        f1 = learner.score(held_out)
        yield _point(seed, "choice", 0, taken["choice"], f1)
        yield _point(seed, "chance", 0, taken["chance"], f1)
        for number in range(1, rounds + 1):
            taken["choice"] = taken["choice"] + _choose_gold(learner, order, taken["choice"], size, quota, seed)
            taken["chance"] = _fill(order, sum(len(document.text) for document in taken["choice"]))
            progress(f"seed {seed}, round {number} of {rounds}, choice")
            learner = train(taken["choice"], seed)
            yield _point(seed, "choice", number, taken["choice"], learner.score(held_out))
            progress(f"seed {seed}, round {number} of {rounds}, chance")
            yield _point(seed, "chance", number, taken["chance"], train(taken["chance"], seed).score(held_out))


def config_trainer(config: str | Path, overrides: Mapping[str, Any] | None = None) -> Trainer:
    """A trainer that trains a spaCy config for its `max_steps`; `overrides` are config values by dotted name."""

    def train(documents: Sequence[Document], seed: int) -> Learner:
        return _PipelineLearner(train_config(config, documents, overrides, seed=seed))

    return train


class _PipelineLearner:
    def __init__(self, nlp: Language) -> None:
        self.nlp = nlp

    def judge(self, documents: Sequence[Document]) -> list[Opinion]:
        return list(judge([self.nlp], documents))

    def score(self, documents: Sequence[Document]) -> float:
        return round(evaluate(self.nlp, documents).entities.micro.f1, 4)


def _choose_gold(
    learner: Learner, order: Sequence[Document], taken: Sequence[Document], size: int, quota: float, seed: int
) -> list[Document]:
    """The annotated texts of a batch that a learner's opinions choose."""
    known = {document.id for document in taken}
    rest = {document.id: document for document in order if document.id not in known}
    # what it judges carries no annotation
    bare = [Document(document.id, document.text, meta=document.meta) for document in rest.values()]
    return [rest[choice.document.id] for choice in choose(learner.judge(bare), size, quota=quota, seed=seed)]


def _fill(order: Sequence[Document], characters: int) -> list[Document]:
    filled: list[Document] = []
    for document in order:
        if characters <= 0:
            break
        filled.append(document)
        characters -= len(document.text)
    return filled


def _point(seed: int, arm: Arm, number: int, documents: Sequence[Document], f1: float) -> SimulationPoint:
    return SimulationPoint(seed, arm, number, len(documents), sum(len(d.text) for d in documents), f1)
