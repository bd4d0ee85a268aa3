"""How sure a score is: bootstrap intervals over documents, and a paired permutation test between two systems.

Documents are what is drawn, not entities: those of one document are not independent of each other
(Dror, Baumer, Shlomov and Reichart 2018: The hitchhiker's guide to testing statistical significance in NLP).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from govnews.metrics.labels import LabelScores, Pair, score_entities

Counts = NDArray[np.int64]
"""One row a document: hits, predicted, gold."""

Rate = Literal["precision", "recall", "f1"]

CELLS = 2**19
"""How many draws of a document are held in memory at once."""


@dataclass(frozen=True, slots=True)
class Interval:
    """A rate and the interval around it."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Intervals:
    """Micro rates with their intervals.

    Args:
        precision: Share of the predictions that are right.
        recall: Share of the gold that was found.
        f1: Their harmonic mean.
        confidence: How often such intervals hold the true value.
        documents: Number of documents drawn from.
    """

    precision: Interval
    recall: Interval
    f1: Interval
    confidence: float
    documents: int

    def to_dict(self) -> dict[str, float | int | dict[str, float]]:
        """The figures as they stand in `metrics.json`."""
        rates = {"precision": self.precision, "recall": self.recall, "f1": self.f1}
        return {
            **{name: {key: round(value, 4) for key, value in asdict(rate).items()} for name, rate in rates.items()},
            "confidence": self.confidence,
            "documents": self.documents,
        }


@dataclass(frozen=True, slots=True)
class PermutationTest:
    """The difference between two systems, and how often chance alone makes one as large.

    Args:
        difference: The first system's rate less the second's.
        p_value: Two-sided.
        n_permutations: Number of random swaps behind it.
    """

    difference: float
    p_value: float
    n_permutations: int

    def to_dict(self) -> dict[str, float | int]:
        """The figures as they stand in `metrics.json`; the p-value in full."""
        return {
            "difference": round(self.difference, 4),
            "p_value": self.p_value,
            "n_permutations": self.n_permutations,
        }


def count_documents(pairs: Iterable[Pair], score: Callable[[Iterable[Pair]], LabelScores] = score_entities) -> Counts:
    """Count hits, predictions and gold of each document.

    Args:
        pairs: Gold and prediction for each text.
        score: What to count by, such as `score_relations`.

    Returns:
        An array (documents, 3).
    """
    micros = (score([pair]).micro for pair in pairs)
    return np.array([(m.hits, m.predicted, m.gold) for m in micros], dtype=np.int64).reshape(-1, 3)


def bootstrap(counts: Counts, *, confidence: float = 0.95, n_resamples: int = 10_000, seed: int = 0) -> Intervals:
    """Estimate intervals of micro precision, recall and F1: draw documents with replacement, take percentiles.

    Efron and Tibshirani (1993): An introduction to the bootstrap, chapter 13; Koehn (2004): Statistical
    significance tests for machine translation evaluation.

    Args:
        counts: One row a document: hits, predicted, gold.
        confidence: Share of the resamples inside the interval.
        n_resamples: Number of times the documents are drawn.
        seed: The same seed gives the same intervals.

    Raises:
        ValueError: There is no document, or the confidence is not between 0 and 1.
    """
    if not len(counts):
        raise ValueError("no document to resample")
    if not 0 < confidence < 1:
        raise ValueError(f"confidence is {confidence}, and should lie between 0 and 1")
    rng = np.random.default_rng(seed)
    draws = (rng.integers(len(counts), size=(n, len(counts))) for n in _chunks(n_resamples, len(counts)))
    rates = np.concatenate([_rates(_total(counts, drawn)) for drawn in draws])
    tail = (1 - confidence) / 2
    values = [_rates(counts.sum(axis=0)), *np.quantile(rates, [tail, 1 - tail], axis=0)]
    precision, recall, f1 = (Interval(*map(float, column)) for column in zip(*values, strict=True))
    return Intervals(precision, recall, f1, confidence, len(counts))


def permutation_test(
    first: Counts, second: Counts, *, rate: Rate = "f1", n_permutations: int = 10_000, seed: int = 0
) -> PermutationTest:
    """Test whether two systems differ on the same documents: swap their counts document by document at random.

    The p-value is the share of swaps that part the systems as far as they are parted, in either direction, where
    the one observed counts as a swap: (1 + n) / (1 + N). Noreen (1989): Computer-intensive methods for testing
    hypotheses.

    Args:
        first: One row a document: hits, predicted, gold.
        second: The same documents' rows, in the same order.
        rate: What is compared, micro.
        n_permutations: Number of random swaps, N.
        seed: The same seed gives the same p-value.

    Raises:
        ValueError: The systems were not scored on the same documents.
    """
    if first.shape != second.shape or not np.array_equal(first[:, 2], second[:, 2]):
        raise ValueError("the systems were not scored on the same documents: their numbers of gold items differ")
    column = ("precision", "recall", "f1").index(rate)
    total = (first + second).sum(axis=0)

    def differ(of_first: NDArray[np.float64]) -> NDArray[np.float64]:
        return (_rates(of_first) - _rates(total - of_first))[..., column]

    observed = float(differ(first.sum(axis=0)))
    change = (second - first).astype(np.float64)
    rng = np.random.default_rng(seed)
    extreme = 0
    for n in _chunks(n_permutations, len(first)):
        swapped = rng.integers(2, size=(n, len(first)), dtype=np.int8).astype(np.float64)
        differences = differ(first.sum(axis=0) + swapped @ change)
        extreme += int(np.count_nonzero(np.abs(differences) >= abs(observed) - 1e-12))
    return PermutationTest(observed, (1 + extreme) / (1 + n_permutations), n_permutations)


def _chunks(total: int, width: int) -> Iterator[int]:
    rows = max(1, CELLS // max(1, width))
    for done in range(0, total, rows):
        yield min(rows, total - done)


def _total(counts: Counts, drawn: NDArray[np.int64]) -> Counts:
    """Counts of each resample: (resamples, 3) from documents drawn (resamples, documents)."""
    return np.stack([column[drawn].sum(axis=1) for column in counts.T], axis=-1)


def _rates(totals: NDArray[np.int64] | NDArray[np.float64]) -> NDArray[np.float64]:
    """Precision, recall and F1 along the last axis, as `Score` gives them."""
    hits, predicted, gold = np.moveaxis(np.asarray(totals, dtype=np.float64), -1, 0)
    parts = np.stack([hits, hits, 2 * hits], axis=-1)
    wholes = np.stack([predicted, gold, predicted + gold], axis=-1)
    rates: NDArray[np.float64] = np.divide(parts, wholes, out=np.zeros_like(parts), where=wholes > 0)
    return rates
