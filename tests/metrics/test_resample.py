from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govnews.metrics.labels import score_relations
from govnews.metrics.resample import bootstrap, count_documents, permutation_test
from govnews.metrics.scores import Score
from govnews.records import Document, Entity, Relation

RATES = ("precision", "recall", "f1")


@st.composite
def rows(draw, *, gold=None):
    """One document's hits, predicted, gold."""
    gold = draw(st.integers(0, 9)) if gold is None else gold
    predicted = draw(st.integers(0, 9))
    return draw(st.integers(0, min(gold, predicted))), predicted, gold


@st.composite
def systems(draw, *, documents):
    """Two systems' counts on the same documents."""
    gold = draw(st.lists(st.integers(0, 9), min_size=documents, max_size=documents))
    return tuple(np.array([draw(rows(gold=g)) for g in gold]) for _ in range(2))


def rates(totals):
    score = Score(*map(int, totals))
    return score.precision, score.recall, score.f1


def test_documents_are_counted_by_the_score_asked_for():
    a, b = Entity(0, 1, "ORG"), Entity(1, 2, "DATE")
    pairs = [
        (Document("a", "甲乙", (a, b), (Relation(b, a, "X"),)), Document("a", "甲乙", (a,))),
        (Document("b", "甲"), Document("b", "甲")),
    ]
    assert count_documents(pairs).tolist() == [[1, 1, 2], [0, 0, 0]]
    assert count_documents(pairs, score_relations).tolist() == [[0, 0, 1], [0, 0, 0]]
    assert count_documents([]).shape == (0, 3)


@settings(max_examples=20, deadline=None)
@given(st.lists(rows(), min_size=3, max_size=3).map(np.array), st.sampled_from([0.95, 0.9]))
def test_bootstrap_takes_the_percentiles_of_all_27_resamples_of_three_documents(counts, confidence):
    every = np.array([rates(counts[list(drawn)].sum(axis=0)) for drawn in product(range(3), repeat=3)])
    tail = (1 - confidence) / 2
    low, high = np.quantile(every, [tail, 1 - tail], axis=0, method="inverted_cdf")
    intervals = bootstrap(counts, confidence=confidence)
    for n, rate in enumerate(RATES):
        interval = getattr(intervals, rate)
        assert (interval.low, interval.high) == pytest.approx((low[n], high[n]))
        assert interval.value == pytest.approx(rates(counts.sum(axis=0))[n])


@settings(max_examples=40, deadline=None)
@given(st.lists(rows(), min_size=1, max_size=30).map(np.array), st.integers(0, 5))
def test_intervals_hold_the_value_and_lie_between_zero_and_one(counts, seed):
    intervals = bootstrap(counts, n_resamples=1000, seed=seed)
    for rate in RATES:
        interval = getattr(intervals, rate)
        assert 0 <= interval.low <= interval.value + 1e-12
        assert interval.value - 1e-12 <= interval.high <= 1


def test_the_same_seed_gives_the_same_intervals_and_another_one_others():
    rng = np.random.default_rng(0)
    counts = np.sort(rng.integers(0, 30, (40, 3)))
    assert bootstrap(counts, seed=3) == bootstrap(counts, seed=3)
    assert bootstrap(counts, seed=3) != bootstrap(counts, seed=4)


def test_more_documents_and_less_confidence_narrow_the_interval():
    counts = np.array([(3, 5, 6), (1, 4, 2), (0, 2, 3), (7, 8, 9)])

    def width(counts, confidence=0.95):
        interval = bootstrap(counts, confidence=confidence).f1
        return interval.high - interval.low

    assert width(np.tile(counts, (50, 1))) < width(counts)
    assert width(counts, 0.5) < width(counts)


def test_intervals_as_plain_values():
    figures = bootstrap(np.array([(1, 2, 4)])).to_dict()
    assert figures == {
        "precision": {"value": 0.5, "low": 0.5, "high": 0.5},
        "recall": {"value": 0.25, "low": 0.25, "high": 0.25},
        "f1": {"value": 0.3333, "low": 0.3333, "high": 0.3333},
        "confidence": 0.95,
        "documents": 1,
    }


def test_bootstrap_refuses_what_it_cannot_use():
    with pytest.raises(ValueError, match="no document"):
        bootstrap(count_documents([]))
    with pytest.raises(ValueError, match="confidence is 95"):
        bootstrap(np.array([(1, 2, 4)]), confidence=95)


@settings(max_examples=25, deadline=None)
@given(systems(documents=8), st.sampled_from(RATES))
def test_permutation_test_agrees_with_all_256_swaps_of_eight_documents(pair, rate):
    first, second = pair
    column = RATES.index(rate)

    def difference(swap):
        swap = np.array(swap)[:, None]
        sides = np.where(swap, second, first), np.where(swap, first, second)
        return rates(sides[0].sum(axis=0))[column] - rates(sides[1].sum(axis=0))[column]

    observed = difference([0] * 8)
    exact = np.mean([abs(difference(swap)) >= abs(observed) - 1e-12 for swap in product((0, 1), repeat=8)])
    result = permutation_test(first, second, rate=rate)
    assert result.difference == pytest.approx(observed)
    assert result.p_value == pytest.approx(exact, abs=5 * np.sqrt(exact * (1 - exact) / 10_000) + 2e-4)


@settings(max_examples=25, deadline=None)
@given(systems(documents=5), st.integers(0, 5))
def test_permutation_test_knows_no_sides_and_repeats_itself(pair, seed):
    first, second = pair
    there, back = (permutation_test(*order, seed=seed, n_permutations=999) for order in [pair, pair[::-1]])
    assert there == permutation_test(first, second, seed=seed, n_permutations=999)
    assert (back.difference, back.p_value) == (-there.difference, there.p_value)
    assert 1 / 1000 <= there.p_value <= 1
    assert permutation_test(first, first, seed=seed, n_permutations=999).p_value == 1


def test_a_system_that_is_always_better_is_told_apart():
    counts = np.tile([(5, 10, 10)], (40, 1))
    better = counts + np.array([3, 0, 0])
    assert permutation_test(better, counts).to_dict() == {
        "difference": 0.3,
        "p_value": 1 / 10_001,
        "n_permutations": 10_000,
    }


def test_systems_scored_on_other_documents_are_refused():
    for second in (np.array([(1, 2, 5)]), np.array([(1, 2, 4), (1, 2, 4)])):
        with pytest.raises(ValueError, match="not scored on the same documents"):
            permutation_test(np.array([(1, 2, 4)]), second)


def test_ten_thousand_resamples_of_a_thousand_documents(benchmark_line):
    rng = np.random.default_rng(0)
    first, second = (np.sort(rng.integers(0, 30, (1000, 3))) for _ in range(2))
    second[:, 2] = first[:, 2]
    with benchmark_line("10,000 resamples of 1,000 documents, bootstrap"):
        bootstrap(first)
    with benchmark_line("10,000 swaps of 1,000 documents, permutation test"):
        permutation_test(first, second)
