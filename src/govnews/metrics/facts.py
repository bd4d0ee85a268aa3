"""Strict scores of whole facts."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator

from govnews.facts import Fact, find_facts
from govnews.metrics.labels import LabelScores, Pair
from govnews.metrics.scores import Score, score_sets

UNREADABLE = "unreadable"


def score_facts(pairs: Iterable[Pair]) -> LabelScores:
    """Score rows of facts, by the kind of figure: amount, count, percent and so on.

    A row is right where the same document has one with the same body, indicator, value, unit and period: see
    `Fact.key`. Where a row stands does not count; of rows that say the same, each needs one of its own.

    Args:
        pairs: Gold and prediction for each text; the facts of both are found by `find_facts`.
    """
    totals: defaultdict[str, Score] = defaultdict(Score)
    for gold, predicted in pairs:
        truth, found = (_by_kind(find_facts(document)) for document in (gold, predicted))
        for kind in truth.keys() | found.keys():
            totals[kind] += score_sets(found[kind], truth[kind])
    return LabelScores(dict(sorted(totals.items())))


def _by_kind(facts: Iterable[Fact]) -> defaultdict[str, set[Hashable]]:
    kinds: defaultdict[str, set[Hashable]] = defaultdict(set)
    for kind, key in _number(facts):
        kinds[kind].add(key)
    return kinds


def _number(facts: Iterable[Fact]) -> Iterator[tuple[str, Hashable]]:
    """The keys of facts, each with how often it came before, so that sets keep rows that say the same."""
    seen: Counter[Hashable] = Counter()
    for fact in facts:
        yield fact.kind or UNREADABLE, (fact.key, seen[fact.key])
        seen[fact.key] += 1
