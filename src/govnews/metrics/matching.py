"""Match gold and predicted entities one to one: what all scores but the strict ones rest on."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from heapq import heappop, heappush

from govnews.metrics.labels import check_texts
from govnews.records import Document, Entity

GRAIN = 16
"""Overlaps below this many characters are told apart exactly; longer ones to one part in this many."""

_Key = tuple[int, int, str]  # start, end, label
_Item = tuple[int, int, str, int]  # and the side: 0 gold, 1 predicted
_Pairs = Iterable[tuple[_Key, _Key]]


@dataclass(frozen=True, slots=True)
class Match:
    """A gold entity and the predicted one that answers it; one of the two may be lacking."""

    gold: Entity | None
    predicted: Entity | None

    @property
    def same_span(self) -> bool:
        """Whether both are there and cover the same characters."""
        if self.gold is None or self.predicted is None:
            return False
        return (self.gold.start, self.gold.end) == (self.predicted.start, self.predicted.end)

    @property
    def same_label(self) -> bool:
        """Whether both are there and have the same label."""
        return self.gold is not None and self.predicted is not None and self.gold.label == self.predicted.label


def match_documents(gold: Document, predicted: Document) -> list[Match]:
    """Match the entities of a gold document and of the prediction for the same text.

    Raises:
        ValueError: The two do not share their text.
    """
    return match_entities(gold.entities, check_texts(gold, predicted).entities)


def match_entities(gold: Iterable[Entity], predicted: Iterable[Entity]) -> list[Match]:
    """Match gold and predicted entities one to one, and list also what finds no partner, in the order of the text.

    Four rounds, each among what the earlier ones left: the same span and label; the same span; an overlap with
    the same label; any overlap. Among overlaps the largest go first (see `GRAIN`); of equal ones as many as
    possible are paired. Equal entities count once. The result depends neither on the order of the entities nor on
    which side is called gold, and the work is n log n however the entities overlap.

    >>> [match] = match_entities([Entity(0, 6, "ORG")], [Entity(3, 6, "ORG")])
    >>> match.same_span, match.same_label
    (False, True)
    """
    truth = {(e.start, e.end, e.label): e for e in gold}
    found = {(e.start, e.end, e.label): e for e in predicted}
    partners: dict[_Key, _Key] = {key: key for key in truth.keys() & found.keys()}
    left, right = truth.keys() - partners.keys(), found.keys() - partners.keys()
    rounds: tuple[Callable[[set[_Key], set[_Key]], _Pairs], ...] = (_same_span, _same_label, _overlapping)
    for pairs_of in rounds:
        pairs = dict(pairs_of(left, right))
        partners.update(pairs)
        left, right = left - pairs.keys(), right - set(pairs.values())
    matches = [(a, Match(truth[a], found[b])) for a, b in partners.items()]
    matches += [(key, Match(truth[key], None)) for key in left]
    matches += [(key, Match(None, found[key])) for key in right]
    return [match for _, match in sorted(matches, key=lambda keyed: keyed[0])]


def _same_span(gold: set[_Key], predicted: set[_Key]) -> _Pairs:
    groups: dict[tuple[int, int], tuple[list[_Key], list[_Key]]] = defaultdict(lambda: ([], []))
    for side, keys in enumerate((gold, predicted)):
        for key in keys:
            groups[key[:2]][side].append(key)
    return [pair for a, b in groups.values() for pair in zip(sorted(a), sorted(b), strict=False)]


def _same_label(gold: set[_Key], predicted: set[_Key]) -> _Pairs:
    groups: dict[str, tuple[set[_Key], set[_Key]]] = defaultdict(lambda: (set(), set()))
    for side, keys in enumerate((gold, predicted)):
        for key in keys:
            groups[key[2]][side].add(key)
    return [pair for a, b in groups.values() for pair in _overlapping(a, b)]


def _overlapping(gold: set[_Key], predicted: set[_Key]) -> _Pairs:
    items = [(*key, 0) for key in gold] + [(*key, 1) for key in predicted]
    return [pair for cluster in _clusters(sorted(items)) for pair in _pair_cluster(cluster)]


def _clusters(items: list[_Item]) -> Iterator[list[_Item]]:
    """Cut sorted spans where no span crosses."""
    cluster: list[_Item] = []
    reach = 0
    for item in items:
        if cluster and item[0] >= reach:
            yield cluster
            cluster = []
        cluster.append(item)
        reach = max(reach, item[1])
    yield cluster


def _pair_cluster(items: list[_Item]) -> Iterator[tuple[_Key, _Key]]:
    while largest := _largest_overlap(items):
        taken: set[_Item] = set()
        for pair in _sweep(items, largest - largest // GRAIN):
            taken.update(pair)
            first, second = sorted(pair, key=lambda item: item[3])
            yield first[:3], second[:3]
        items = [item for item in items if item not in taken]


def _largest_overlap(items: list[_Item]) -> int:
    reach = [0, 0]
    largest = 0
    for start, end, _, side in items:
        largest = max(largest, min(end, reach[1 - side]) - start)
        reach[side] = max(reach[side], end)
    return largest


def _sweep(items: list[_Item], overlap: int) -> Iterator[tuple[_Item, _Item]]:
    """Pair as many spans as can be that overlap by so many characters.

    Going from left to right, a span that can meet no further one takes, of those open on the other side, the one
    that ends first: it has the fewest chances left, so this pairs as many as any matching could.
    """
    heaps: tuple[list[_Item], list[_Item]] = ([], [])  # open spans, their ends first
    for start, end, label, side in items:
        if end - start >= overlap:
            yield from _close(heaps, start + overlap)
            heappush(heaps[side], (end, start, label, side))
    yield from _close(heaps, math.inf)


def _close(heaps: tuple[list[_Item], list[_Item]], limit: float) -> Iterator[tuple[_Item, _Item]]:
    """Close the spans that end before `limit`, each with the other side's first to end, if one is open."""
    while (tops := sorted(heap[0] for heap in heaps if heap)) and tops[0][0] < limit:
        pair = [(start, end, label, side) for end, start, label, side in tops]
        for item in pair:
            heappop(heaps[item[3]])
        if len(pair) == 2:
            yield pair[0], pair[1]
