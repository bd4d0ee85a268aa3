"""How scores grow with annotated text, and what more of it is expected to bring."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from govnews.errors import FormatError, GovnewsError
from govnews.evaluation import TRACKED
from govnews.formats.textfile import read_text
from govnews.records import Document
from govnews.scoring import evaluate
from govnews.sentences import sentence_spans
from govnews.training.fit import train_config

SCHEMA_VERSION = 1
"""Of what `govnews curve --output` writes."""

FRACTIONS = (0.125, 0.25, 0.5, 0.75, 1.0)
"""The parts of the training text that are trained on, by default."""

MORE = 100
"""Sentences of further annotation a forecast is made for, by default."""


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """One training on a part of the text.

    Args:
        seed: Of the order of the documents and of the training.
        share: Of the characters of the training text that was asked for.
        documents: Number of documents trained on.
        sentences: Number of their sentences.
        characters: Their length.
        entities: Strict F1 of entities.
        relations: Strict F1 of relations on predicted entities; None for a pipeline without relations.
        relations_on_gold: The same on gold entities.
    """

    seed: int
    share: float
    documents: int
    sentences: int
    characters: int
    entities: float
    relations: float | None = None
    relations_on_gold: float | None = None


@dataclass(frozen=True, slots=True)
class PowerLaw:
    """1 - F1 as `scale * n ** -exponent + floor` of the number n of sentences.

    Hestness et al. (2017): Deep learning scaling is predictable, empirically.
    """

    scale: float
    exponent: float
    floor: float

    def predict(self, sentences: float) -> float:
        """The F1 expected after training on so many sentences.

        >>> PowerLaw(scale=4.0, exponent=0.5, floor=0.1).predict(100)
        0.5
        """
        return float(1 - self.scale * sentences**-self.exponent - self.floor)


@dataclass(frozen=True, slots=True)
class Forecast:
    """What more sentences are expected to bring.

    Args:
        now: F1 the law gives for all the text there is.
        then: F1 it gives for so many sentences more.
        low: The smallest gain that the curve of one seed alone forecasts; None below two seeds. No interval: it says
            how far seeds part, not how far the law may be wrong.
        high: The largest.
    """

    now: float
    then: float
    low: float | None = None
    high: float | None = None

    @property
    def gain(self) -> float:
        """The difference."""
        return self.then - self.now


@dataclass(frozen=True)
class Curve:
    """A learning curve.

    Args:
        points: One a seed and size.
        more: Sentences of further annotation the forecast is made for.
    """

    points: tuple[CurvePoint, ...]
    more: int = MORE

    @cached_property
    def laws(self) -> dict[str, PowerLaw]:
        """The fitted law of each figure that has scores at four sizes or more: it has three parameters."""
        return {what: law for what in TRACKED if (law := self._fit(what))}

    @cached_property
    def forecasts(self) -> dict[str, Forecast]:
        """What `more` sentences are expected to bring, by figure."""
        largest = max((point.sentences for point in self.points), default=1)
        forecasts = {}
        for what, law in self.laws.items():
            seeds = sorted({point.seed for point in self.points})
            laws = [own for seed in seeds if (own := self._fit(what, seed)) is not None]
            gains = [each.predict(largest + self.more) - each.predict(largest) for each in laws]
            now, then = law.predict(largest), law.predict(largest + self.more)
            forecasts[what] = Forecast(now, then, *((min(gains), max(gains)) if len(gains) > 1 else ()))
        return forecasts

    def _fit(self, what: str, seed: int | None = None) -> PowerLaw | None:
        points = [p for p in self.points if getattr(p, what) is not None and seed in (None, p.seed)]
        if len({point.sentences for point in points}) < 4:
            return None
        return fit_power_law([p.sentences for p in points], [getattr(p, what) for p in points])

    def to_dict(self) -> dict[str, Any]:
        """The curve as `govnews curve --output` writes it."""
        return {
            "schema_version": SCHEMA_VERSION,
            "more": self.more,
            "points": [asdict(point) for point in self.points],
            "laws": {what: asdict(law) for what, law in self.laws.items()},
            "forecasts": {what: {**asdict(f), "gain": f.gain} for what, f in self.forecasts.items()},
        }


def fit_power_law(sentences: Sequence[float], f1: Sequence[float]) -> PowerLaw:
    """Fit a power law to the errors 1 - F1 by least squares, its floor between 0 and the smallest error.

    Args:
        sentences: Number of sentences trained on, one a score.
        f1: The scores, from 0 to 1.
    """
    from scipy.optimize import least_squares

    sizes, errors = np.asarray(sentences, dtype=float), 1 - np.asarray(f1, dtype=float)
    unit = float(np.exp(np.log(sizes).mean()))  # sizes near 1, where the fit is well conditioned
    # The scale is fitted as a logarithm: the law goes through (unit, exp(scale) + floor).
    smallest = float(max(errors.min(), 1e-9))
    start = [np.log(max(float(np.median(errors)) - smallest / 2, 1e-6)), 0.5, smallest / 2]
    fitted = least_squares(
        lambda p: np.exp(p[0]) * (sizes / unit) ** -p[1] + p[2] - errors,
        start,
        bounds=([-25, 0, 0], [5, 3, smallest]),
    )
    log_scale, exponent, floor = map(float, fitted.x)
    return PowerLaw(float(np.exp(log_scale) * unit**exponent), exponent, floor)


def measure_curve(
    config: str | Path,
    training: Sequence[Document],
    held_out: Sequence[Document],
    *,
    fractions: Sequence[float] = FRACTIONS,
    seeds: Sequence[int] = (0,),
    overrides: Mapping[str, Any] | None = None,
    progress: Callable[[str], None] = lambda message: None,
) -> Iterator[CurvePoint]:
    """Train a config on growing parts of the text and score each on what was held out.

    Each seed puts the documents into an order of its own; a part is the first documents of that order, so smaller
    parts are contained in larger ones. Every training runs for the config's `max_steps`, and the last model is scored.

    Args:
        config: A spaCy training config; its corpora are replaced.
        training: Documents to take the parts from.
        held_out: Documents to score on.
        fractions: Share of the characters each part holds, about.
        seeds: One whole curve each.
        overrides: Config values to change, by dotted name.
        progress: Called with a line before each training.

    Raises:
        GovnewsError: A held-out document is also trained on.
    """
    if shared := sorted({d.text for d in training} & {d.text for d in held_out} - {""}):
        name = next(d.id for d in held_out if d.text == shared[0])
        raise GovnewsError(
            f"document {name!r} is both trained on and held out", hint="Score on documents that are not trained on."
        )
    for seed in seeds:
        for share, part in grow_parts(training, fractions, seed=seed):
            sentences = sum(len(sentence_spans(document.text)) for document in part)
            progress(f"{Path(config).stem}: seed {seed}, {len(part)} documents, {sentences} sentences")
            scores = evaluate(train_config(config, part, overrides, seed=seed), held_out).figures
            yield CurvePoint(
                seed,
                share,
                len(part),
                sentences,
                sum(len(document.text) for document in part),
                **{name: round(scores[name].micro.f1, 4) for name in TRACKED if name in scores},
            )


def grow_parts(
    documents: Sequence[Document], fractions: Sequence[float], *, seed: int
) -> list[tuple[float, list[Document]]]:
    """Shares and parts that hold about so much of the characters, each the beginning of the next; no part twice.

    Raises:
        GovnewsError: There is no document.
    """
    if not documents:
        raise GovnewsError("there is nothing to train on", hint="Name annotated files, or look at the split file.")
    order = list(documents)
    random.Random(seed).shuffle(order)
    ends = np.cumsum([len(document.text) for document in order])
    counts = {min(1 + int(np.searchsorted(ends, share * ends[-1] - 1e-9)), len(order)): share for share in fractions}
    return [(share, order[:count]) for count, share in sorted(counts.items())]


def read_curve(path: str | Path) -> Curve:
    """Read what `govnews curve --output` wrote.

    Raises:
        FormatError: The file holds something else.
    """
    try:
        data = json.loads(read_text(path))
        return Curve(tuple(CurvePoint(**point) for point in data["points"]), data["more"])
    except (ValueError, KeyError, TypeError):
        raise FormatError(
            "holds no learning curve", path=path, hint="Write one with `govnews curve --output`."
        ) from None
