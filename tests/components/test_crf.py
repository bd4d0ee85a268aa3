"""The lattice against all taggings written out."""

from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import logsumexp

from govnews.components.crf import Lattice, TagScheme, find_best

SCHEME = TagScheme(["DATE", "ORG"])
NAMES = ["O", *(f"{kind}-{label}" for label in ("DATE", "ORG") for kind in "BILU")]


def follows(before, after):
    """What BILUO says, on the names of tags."""
    if before[0] in "BI":
        return after[0] in "IL" and after[2:] == before[2:]
    return after[0] in "OBU"


def taggings(length):
    for tags in product(range(SCHEME.size), repeat=length):
        names = [NAMES[tag] for tag in tags]
        if names[0][0] in "OBU" and names[-1][0] in "OLU" and all(follows(a, b) for a, b in pairwise(names)):
            yield np.array(tags)


TAGGINGS = {length: list(taggings(length)) for length in range(1, 5)}


def weigh(scores, transitions, tags):
    return scores[np.arange(len(tags)), tags].sum() + transitions[tags[:-1], tags[1:]].sum()


lengths = st.lists(st.integers(1, 4), min_size=1, max_size=4)


def draw(lengths, seed, scale=2.0):
    random = np.random.default_rng(seed)
    transitions = random.normal(scale=scale, size=(SCHEME.size, SCHEME.size))
    return transitions, [random.normal(scale=scale, size=(length, SCHEME.size)) for length in lengths]


@given(lengths=lengths, seed=st.integers(0, 999))
@settings(deadline=None)
def test_sums_and_best_taggings_are_those_of_all_taggings(lengths, seed):
    transitions, emissions = draw(lengths, seed)
    lattice = Lattice(SCHEME, transitions, emissions)
    best = find_best(SCHEME, transitions, emissions)
    expected_transitions = np.zeros_like(transitions)
    for number, scores in enumerate(emissions):
        paths = TAGGINGS[len(scores)]
        weights = np.array([weigh(scores, transitions, path) for path in paths])
        chances = np.exp(weights - logsumexp(weights))
        assert lattice.log_partition[number] == pytest.approx(logsumexp(weights))
        assert best[number].tolist() == paths[int(weights.argmax())].tolist()
        marginals = np.zeros_like(scores)
        for path, chance in zip(paths, chances, strict=True):
            marginals[np.arange(len(path)), path] += chance
            np.add.at(expected_transitions, (path[:-1], path[1:]), chance)
        np.testing.assert_allclose(lattice.marginals()[number], marginals, atol=1e-9)
        rows = lattice.conditionals(best)[number]
        np.testing.assert_allclose(rows.sum(axis=1), 1)
        assert rows[np.arange(len(scores)), best[number]].prod() == pytest.approx(chances.max())
    np.testing.assert_allclose(lattice.expected_transitions(), expected_transitions, atol=1e-9)


def test_the_gradient_is_the_slope_of_the_loss():
    transitions, emissions = draw([3, 1, 4], 5)
    tags = [TAGGINGS[len(scores)][-1] for scores in emissions]
    loss, gradients, d_transitions = Lattice(SCHEME, transitions, emissions).loss(tags)
    assert loss > 0
    step = 1e-5
    for array, gradient in [*zip(emissions, gradients, strict=True), (transitions, d_transitions)]:
        for place in [(0, 0), (0, 5), (len(array) - 1, 8), (len(array) - 1, 2)]:
            around = []
            for sign in (1, -1):
                array[place] += sign * step
                around.append(Lattice(SCHEME, transitions, emissions).loss(tags)[0])
                array[place] -= sign * step
            assert gradient[place] == pytest.approx((around[0] - around[1]) / (2 * step), abs=1e-5)


def test_great_scores_and_long_sequences_stay_finite():
    transitions, emissions = draw([400, 2], 1, scale=100)
    tags = find_best(SCHEME, transitions, emissions)
    loss, gradients, d_transitions = Lattice(SCHEME, transitions, emissions).loss(tags)
    assert loss >= -1e-3
    assert all(np.isfinite(array).all() for array in [*gradients, d_transitions])


@given(st.lists(st.tuples(st.integers(0, 3), st.sampled_from(["", "ORG", "DATE"])), max_size=6))
def test_entities_come_back_from_their_tags(pieces):
    spans, at = [], 0
    for gap, label in pieces:
        length = gap + 1
        if label:
            spans.append((at, at + length, label))
        at += length
    tags = SCHEME.encode(spans, at)
    assert list(SCHEME.decode(tags)) == spans
    names = [NAMES[tag] for tag in tags]
    assert all(follows(a, b) for a, b in pairwise(names))
    assert all(SCHEME.allowed[a, b] for a, b in pairwise(tags))


def test_tags_may_follow_each_other_as_biluo_says():
    assert SCHEME.allowed.tolist() == [[follows(a, b) for b in NAMES] for a in NAMES]
    assert [NAMES[i] for i in np.flatnonzero(SCHEME.starts)] == ["O", "B-DATE", "U-DATE", "B-ORG", "U-ORG"]
    assert [NAMES[i] for i in np.flatnonzero(SCHEME.ends)] == ["O", "L-DATE", "U-DATE", "L-ORG", "U-ORG"]


def test_unknown_labels_are_left_out():
    assert SCHEME.encode([(0, 2, "METRIC"), (2, 3, "ORG")], 3).tolist() == [0, 0, 8]
