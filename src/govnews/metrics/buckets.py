"""Strict scores of parts of the corpus (long or short, dense or sparse, near or far, seen or new), and calibration."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal, TypeVar

import numpy as np
from numpy.typing import NDArray

from govnews.metrics.labels import LabelScores, Pair, check_texts, score_entities, score_relations
from govnews.records import Document, Entity, Relation, SentenceIndex

LENGTHS = (0, 3, 5, 9, 17)
"""Where the buckets of entity length begin, in characters."""

DENSITIES = (0, 1, 2, 4, 8)
"""Where the buckets of density begin, in gold entities a sentence."""

DISTANCES = (0, 5, 10, 20, 40, 80)
"""Where the buckets of distance begin, in characters between the arguments."""

Mention = tuple[str, str]
"""The text of an entity and its label."""

Item = TypeVar("Item")
Place = TypeVar("Place", bound=Hashable)


def score_by_length(pairs: Iterable[Pair], *, starts: Sequence[float] = LENGTHS) -> dict[str, LabelScores]:
    """Score entities strictly, by their length in characters.

    Args:
        pairs: Gold and prediction for each text.
        starts: Where each bucket begins, ascending; the last has no end.

    Returns:
        Scores by bucket, as `[3, 5)`, in order; buckets without an entity are left out.
    """

    def place(_: Document, entity: Entity) -> int:
        return bisect_right(starts, entity.end - entity.start)

    return _name_buckets(starts, {n: score_entities(part) for n, part in _split_entities(pairs, place).items()})


def score_by_density(pairs: Iterable[Pair], *, starts: Sequence[float] = DENSITIES) -> dict[str, LabelScores]:
    """Score entities strictly, by the number of gold entities that begin in their sentence.

    Args and result are those of `score_by_length`.
    """
    parts: dict[int, list[Pair]] = defaultdict(list)
    for gold, predicted in pairs:
        sentences = SentenceIndex(gold.text)
        counts = Counter(sentences.find(entity.start) for entity in set(gold.entities))
        places = {
            entity: bisect_right(starts, counts[sentences.find(entity.start)])
            for entity in (*gold.entities, *predicted.entities)
        }
        for place, part in _split_entities([(gold, predicted)], lambda _, entity: places[entity]).items():  # noqa: B023
            parts[place] += part
    return _name_buckets(starts, {n: score_entities(part) for n, part in parts.items()})


def score_by_distance(pairs: Iterable[Pair], *, starts: Sequence[float] = DISTANCES) -> dict[str, LabelScores]:
    """Score relations strictly, by the number of characters between their arguments.

    Args and result are those of `score_by_length`.
    """

    def place(_: Document, relation: Relation) -> int:
        return bisect_right(starts, measure_distance(relation))

    return _name_buckets(starts, {n: score_relations(part) for n, part in _split_relations(pairs, place).items()})


def measure_distance(relation: Relation) -> int:
    """The number of characters between the arguments; 0 where they touch or overlap.

    >>> measure_distance(Relation(Entity(9, 12, "ORG"), Entity(0, 4, "METRIC"), "HAS_METRIC"))
    5
    """
    return max(0, relation.head.start - relation.tail.end, relation.tail.start - relation.head.end)


def collect_mentions(documents: Iterable[Document]) -> frozenset[Mention]:
    """The mentions of a training corpus."""
    return frozenset((document.surface(e), e.label) for document in documents for e in document.entities)


def score_seen(pairs: Iterable[Pair], mentions: Collection[Mention]) -> dict[str, LabelScores]:
    """Score entities strictly, apart for mentions that training held and for new ones.

    Recall tells how much of the seen (unseen) gold was found, precision how far seen (unseen) predictions
    can be trusted. Give the mentions as a set.

    Returns:
        Scores by `seen` and `unseen`.
    """

    def place(document: Document, entity: Entity) -> str:
        return "seen" if (document.surface(entity), entity.label) in mentions else "unseen"

    parts = _split_entities(pairs, place)
    return {name: score_entities(parts.get(name, [])) for name in ("seen", "unseen")}


def _split_entities(pairs: Iterable[Pair], place: Callable[[Document, Entity], Place]) -> dict[Place, list[Pair]]:
    return _split(
        pairs, lambda d: d.entities, place, lambda d, part: replace(d, entities=part, relations=(), sections=())
    )


def _split_relations(pairs: Iterable[Pair], place: Callable[[Document, Relation], Place]) -> dict[Place, list[Pair]]:
    return _split(
        pairs, lambda d: d.relations, place, lambda d, part: replace(d, entities=(), relations=part, sections=())
    )


def _split(
    pairs: Iterable[Pair],
    items: Callable[[Document], Iterable[Item]],
    place: Callable[[Document, Item], Place],
    keep: Callable[[Document, tuple[Item, ...]], Document],
) -> dict[Place, list[Pair]]:
    """Make of each pair one a place, that holds only the items that belong there; equal items belong together."""
    parts: dict[Place, list[Pair]] = defaultdict(list)
    for gold, predicted in pairs:
        first, second = _group(gold, items, place), _group(predicted, items, place)
        for name in dict.fromkeys([*first, *second]):
            parts[name].append((keep(gold, tuple(first.get(name, ()))), keep(predicted, tuple(second.get(name, ())))))
    return parts


def _group(
    document: Document, items: Callable[[Document], Iterable[Item]], place: Callable[[Document, Item], Place]
) -> dict[Place, list[Item]]:
    groups: dict[Place, list[Item]] = defaultdict(list)
    for item in items(document):
        groups[place(document, item)].append(item)
    return groups


def _name_buckets(starts: Sequence[float], scores: Mapping[int, LabelScores]) -> dict[str, LabelScores]:
    edges = [float("-inf"), *starts, float("inf")]
    return {f"[{edges[n]:g}, {edges[n + 1]:g})": scores[n] for n in sorted(scores)}


@dataclass(frozen=True, slots=True)
class Bin:
    """Predictions of about the same score.

    Args:
        low: Where the bin begins.
        high: Where it ends, excluded but for 1.
        count: Number of predictions.
        mean_score: Their mean score.
        precision: Share of them that is right.
    """

    low: float
    high: float
    count: int
    mean_score: float
    precision: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """How far scores can be read as the probability of being right.

    Args:
        bins: The reliability diagram; empty bins are left out.
        expected_error: Mean distance of precision and mean score over the bins, weighted by count (Naeini,
            Cooper and Hauskrecht 2015: Obtaining well calibrated probabilities using Bayesian binning).
        brier: Mean squared distance of score and outcome (Brier 1950).
    """

    bins: tuple[Bin, ...]
    expected_error: float
    brier: float

    @property
    def count(self) -> int:
        """Number of predictions that carry a score."""
        return sum(part.count for part in self.bins)

    def to_dict(self) -> dict[str, Any]:
        """The figures as they stand in `metrics.json`."""
        return {
            "count": self.count,
            "expected_error": round(self.expected_error, 4),
            "brier": round(self.brier, 4),
            "bins": [
                {key: round(value, 4) for key, value in asdict(part).items()}  # counts stay whole
                for part in self.bins
            ],
        }


def calibrate(
    pairs: Iterable[Pair], what: Literal["entities", "relations"] = "entities", *, n_bins: int = 10
) -> Calibration | None:
    """Hold the scores of predictions against whether they are strictly right.

    Equal predictions count once, with their highest score.

    Args:
        pairs: Gold and prediction for each text.
        what: Entities or relations.
        n_bins: Number of bins of equal width.

    Returns:
        None where no prediction carries a score.

    Raises:
        ValueError: A score is not between 0 and 1, or a pair does not share its text.
    """
    scores: list[float] = []
    hits: list[bool] = []
    for gold, predicted in pairs:
        truth = set(getattr(gold, what))
        found: dict[Entity | Relation, float] = {}
        for item in getattr(check_texts(gold, predicted), what):
            if item.score is not None:
                if not 0 <= item.score <= 1:
                    raise ValueError(f"document {gold.id!r}: {item} has a score that is not between 0 and 1")
                found[item] = max(item.score, found.get(item, 0))
        scores += found.values()
        hits += [item in truth for item in found]
    return _calibrate(np.array(scores), np.array(hits), n_bins) if scores else None


def _calibrate(scores: NDArray[np.float64], hits: NDArray[np.bool_], n_bins: int) -> Calibration:
    edges = np.linspace(0, 1, n_bins + 1).tolist()
    places = np.searchsorted(edges[1:-1], scores, side="right")
    bins = []
    for n in range(n_bins):
        inside = places == n
        if count := int(inside.sum()):
            mean, precision = float(scores[inside].mean()), float(hits[inside].mean())
            bins.append(Bin(edges[n], edges[n + 1], count, mean, precision))
    error = sum(part.count * abs(part.precision - part.mean_score) for part in bins) / len(scores)
    return Calibration(tuple(bins), error, float(np.mean((scores - hits) ** 2)))
