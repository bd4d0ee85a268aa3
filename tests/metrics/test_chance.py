"""Agreement beyond chance: published values, and a count of all pairs of labels."""

from collections import Counter
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govnews.metrics.chance import cohen_kappa, krippendorff_alpha


def count_units(*readings):
    return Counter(tuple(None if label == "." else label for label in unit) for unit in zip(*readings, strict=True))


@pytest.mark.parametrize(
    ("readings", "alpha"),
    [  # Krippendorff (2011), sections A to C: two readers and two labels, five labels, four readers with gaps
        (["0100000000", "1110010010"], 0.095),
        (["aabbdcccedda", "babbbccceddd"], 0.692),
        (["123321412...", "1233224125.3", ".3332342251.", "12332441251."], 0.743),
    ],
)
def test_published_values(readings, alpha):
    assert krippendorff_alpha(count_units(*readings)) == pytest.approx(alpha, abs=5e-4)


def alpha_by_pairs(units):
    """One less the share of differing pairs within units over that of all pairs, each label weighed as defined."""
    paired = [[label for label in unit if label is not None] for unit in units.elements()]
    paired = [labels for labels in paired if len(labels) > 1]
    labels = [label for unit in paired for label in unit]
    observed = sum(sum(a != b for a, b in permutations(unit, 2)) / (len(unit) - 1) for unit in paired)
    expected = sum(a != b for a, b in permutations(labels, 2)) / (len(labels) - 1) if len(labels) > 1 else 0
    return 1 - observed / expected if observed else 1.0


@settings(deadline=None)
@given(st.lists(st.tuples(*[st.sampled_from(["", "ORG", "DATE", None])] * 3), max_size=12))
def test_alpha_is_that_of_all_pairs_counted_singly(units):
    assert krippendorff_alpha(Counter(units)) == pytest.approx(alpha_by_pairs(Counter(units)))


@given(st.lists(st.sampled_from(["", "ORG", "DATE"]), max_size=9))
def test_who_always_agrees_has_one(labels):
    units = Counter((label, label) for label in labels)
    assert cohen_kappa(units) == krippendorff_alpha(units) == 1


def test_what_chance_alone_would_do_is_zero():
    units = Counter({("a", "a"): 1, ("a", "b"): 1, ("b", "a"): 1, ("b", "b"): 1})
    assert cohen_kappa(units) == pytest.approx(0)
