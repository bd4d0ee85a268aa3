"""Entities under the four schemes of SemEval-2013, from one matching of gold and prediction.

| scheme | right is | an overlap that is not right |
|---|---|---|
| strict | the same span and label | incorrect |
| exact | the same span | incorrect |
| partial | the same span | counts half |
| type | an overlap with the same label | incorrect |

Segura-Bedmar, Martínez and Herrero-Zazo (2013): SemEval-2013 task 9, section 4.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from govnews.metrics.labels import LabelScores, Pair
from govnews.metrics.matching import match_documents
from govnews.metrics.scores import Score
from govnews.records import Entity

SCHEMES = ("strict", "exact", "partial", "type")
"""The four schemes, in the order they are reported."""


@dataclass(frozen=True, slots=True)
class Counts:
    """What became of gold and predicted entities under one scheme, and the rates that follow.

    Args:
        correct: Pairs that are right.
        incorrect: Pairs that are wrong.
        partial: Pairs that count half.
        missed: Gold entities without a partner.
        spurious: Predicted entities without a partner.
    """

    correct: int = 0
    incorrect: int = 0
    partial: int = 0
    missed: int = 0
    spurious: int = 0

    @property
    def gold(self) -> int:
        """All that should have been found."""
        return self.correct + self.incorrect + self.partial + self.missed

    @property
    def predicted(self) -> int:
        """All predictions."""
        return self.correct + self.incorrect + self.partial + self.spurious

    @property
    def score(self) -> Score:
        """The rates, as those of counts twice as large: a half stays a whole number.

        >>> Counts(correct=1, partial=1, missed=1).score.recall
        0.5
        """
        return Score(2 * self.correct + self.partial, 2 * self.predicted, 2 * self.gold)

    def to_dict(self) -> dict[str, float | int]:
        """Counts and rates, as they stand in `metrics.json`."""
        return {
            **self.score.to_dict(),
            "predicted": self.predicted,
            "gold": self.gold,
            "hits": self.correct + self.partial / 2,
            "correct": self.correct,
            "incorrect": self.incorrect,
            "partial": self.partial,
            "missed": self.missed,
            "spurious": self.spurious,
        }


@dataclass(frozen=True, slots=True)
class SchemeScores:
    """The scores of one scheme.

    Args:
        micro: All entities together.
        per_label: Entities of one label on both sides; a pair of two labels is a gold entity missed under
            the one and a spurious one under the other, so these need not add up to `micro`.
    """

    micro: Counts
    per_label: dict[str, Counts]

    @property
    def macro_f1(self) -> float:
        """Mean F1 over the labels that the gold holds."""
        return LabelScores({label: counts.score for label, counts in self.per_label.items()}).macro_f1

    def to_dict(self) -> dict[str, Any]:
        """The scores as they stand in `metrics.json`."""
        return {
            "micro": self.micro.to_dict(),
            "macro_f1": round(self.macro_f1, 4),
            "per_label": {label: counts.to_dict() for label, counts in sorted(self.per_label.items())},
        }


@dataclass(frozen=True, slots=True)
class Schemes:
    """The four schemes' scores by name, as in `schemes["partial"].micro.score.f1`.

    Args:
        tally: How many matches there are of each gold label, predicted label (None for a lacking partner)
            and whether their spans are the same.
    """

    tally: Mapping[tuple[str | None, str | None, bool], int]

    def __getitem__(self, scheme: str) -> SchemeScores:
        micro: Counter[str] = Counter()
        labels: dict[str, Counter[str]] = defaultdict(Counter)
        for (gold, predicted, same_span), count in self.tally.items():
            verdict = _judge(scheme, gold, predicted, same_span)
            micro[verdict] += count
            if gold is not None:
                labels[gold][verdict if gold == predicted else "missed"] += count
            if predicted is not None and gold != predicted:
                labels[predicted]["spurious"] += count
        return SchemeScores(Counts(**micro), {label: Counts(**counts) for label, counts in sorted(labels.items())})

    def __add__(self, other: Schemes) -> Schemes:
        return Schemes(Counter(self.tally) + Counter(other.tally))

    def to_dict(self) -> dict[str, Any]:
        """The scores as they stand in `metrics.json`, by scheme."""
        return {scheme: self[scheme].to_dict() for scheme in SCHEMES}


def score_schemes(pairs: Iterable[Pair]) -> Schemes:
    """Score predicted entities under all four schemes.

    Args:
        pairs: Gold and prediction for each text.

    Raises:
        ValueError: A pair does not share its text.
    """
    return Schemes(
        Counter(
            (_label(match.gold), _label(match.predicted), match.same_span)
            for gold, predicted in pairs
            for match in match_documents(gold, predicted)
        )
    )


def _label(entity: Entity | None) -> str | None:
    return None if entity is None else entity.label


def _judge(scheme: str, gold: str | None, predicted: str | None, same_span: bool) -> str:
    """The count a match goes to."""
    if predicted is None:
        return "missed"
    if gold is None:
        return "spurious"
    if gold != predicted and scheme in {"strict", "type"}:
        return "incorrect"
    if same_span or scheme == "type":
        return "correct"
    return "partial" if scheme == "partial" else "incorrect"
