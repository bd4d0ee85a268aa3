"""Precision, recall and F1 from counts."""

from __future__ import annotations

from collections.abc import Collection, Hashable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Score:
    """Counts of one comparison, and what follows from them.

    Where there is nothing to divide by, precision, recall and F1 are 0: a system that
    finds nothing where there is something has not earned a precision of 1.

    Args:
        hits: Predictions that are right.
        predicted: All predictions.
        gold: All that should have been found.
    """

    hits: int = 0
    predicted: int = 0
    gold: int = 0

    def __add__(self, other: Score) -> Score:
        return Score(self.hits + other.hits, self.predicted + other.predicted, self.gold + other.gold)

    @property
    def precision(self) -> float:
        """Share of the predictions that are right."""
        return self.hits / self.predicted if self.predicted else 0.0

    @property
    def recall(self) -> float:
        """Share of the gold that was found."""
        return self.hits / self.gold if self.gold else 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall.

        >>> Score(hits=1, predicted=2, gold=2).f1
        0.5
        """
        return 2 * self.hits / (self.predicted + self.gold) if self.hits else 0.0

    def to_dict(self) -> dict[str, float | int]:
        """Counts and rates, as they stand in `metrics.json`."""
        return {
            "precision": round(self.precision, 4),
            "recall": round(self.recall, 4),
            "f1": round(self.f1, 4),
            "hits": self.hits,
            "predicted": self.predicted,
            "gold": self.gold,
        }


def score_sets(predicted: Collection[Hashable], gold: Collection[Hashable]) -> Score:
    """Score two collections of things that are either the same or not; duplicates count once."""
    found, truth = set(predicted), set(gold)
    return Score(len(found & truth), len(found), len(truth))
