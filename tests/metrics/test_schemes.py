import random
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govnews.metrics.labels import score_entities
from govnews.metrics.matching import GRAIN, match_entities
from govnews.metrics.schemes import SCHEMES, Counts, score_schemes
from govnews.records import Document, Entity

TEXT = "雨湖区住建局今年改造老旧小区12个，新增停车位3700余个。" * 4
LENGTH = len(TEXT)


@st.composite
def entities(draw, *, longest=12):
    """Entities that overlap and nest as they like."""
    start = draw(st.integers(0, 30))
    return Entity(start, start + draw(st.integers(1, longest)), draw(st.sampled_from(["ORG", "METRIC", "DATE"])))


overlapping = st.lists(entities(), max_size=10)
pairs_of_documents = st.lists(
    st.builds(lambda a, b: (document(a), document(b)), overlapping, overlapping), min_size=1, max_size=3
)


def document(found, *, id="a"):
    return Document(id, TEXT, tuple(found))


def score(gold, predicted):
    return score_schemes([(document(gold), document(predicted))])


def overlap(a, b):
    return min(a.end, b.end) - max(a.start, b.start)


@pytest.mark.parametrize(
    ("predicted", "verdicts"),
    [
        (Entity(0, 6, "ORG"), ("correct", "correct", "correct", "correct")),
        (Entity(0, 6, "DATE"), ("incorrect", "correct", "correct", "incorrect")),
        (Entity(3, 6, "ORG"), ("incorrect", "incorrect", "partial", "correct")),
        (Entity(3, 8, "DATE"), ("incorrect", "incorrect", "partial", "incorrect")),
    ],
)
def test_each_scheme_judges_a_pair_as_semeval_does(predicted, verdicts):
    scores = score([Entity(0, 6, "ORG")], [predicted])
    for scheme, verdict in zip(SCHEMES, verdicts, strict=True):
        assert scores[scheme].micro == Counts(**{verdict: 1})


def test_what_only_touches_does_not_overlap():
    scores = score([Entity(0, 3, "ORG")], [Entity(3, 6, "ORG")])
    for scheme in SCHEMES:
        assert scores[scheme].micro == Counts(missed=1, spurious=1)


def test_a_pair_of_two_labels_is_missed_under_the_one_and_spurious_under_the_other():
    partial = score([Entity(0, 6, "ORG")], [Entity(0, 6, "DATE")])["partial"]
    assert partial.per_label == {"DATE": Counts(spurious=1), "ORG": Counts(missed=1)}
    assert partial.micro.score.f1 == 1
    assert partial.macro_f1 == 0


def test_to_dict_holds_counts_and_rates_by_scheme():
    figures = score([Entity(0, 6, "ORG"), Entity(8, 9, "DATE")], [Entity(3, 6, "ORG")]).to_dict()
    assert list(figures) == list(SCHEMES)
    assert figures["partial"] == {
        "micro": {
            **{"precision": 0.5, "recall": 0.25, "f1": 0.3333, "hits": 0.5, "predicted": 1, "gold": 2},
            **{"correct": 0, "incorrect": 0, "partial": 1, "missed": 1, "spurious": 0},
        },
        "macro_f1": 0.25,
        "per_label": figures["partial"]["per_label"],
    }
    assert figures["partial"]["per_label"]["DATE"]["missed"] == 1


def test_no_documents_score_zero():
    assert score_schemes([])["strict"].micro == Counts()
    assert score_schemes([])["strict"].macro_f1 == 0


def test_texts_that_differ_are_refused():
    with pytest.raises(ValueError, match="'a': gold and prediction do not share their text"):
        score_schemes([(document([]), Document("a", "别的"))])


@pytest.mark.parametrize(
    ("gold", "predicted", "expected"),
    [
        pytest.param(
            [Entity(0, 10, "ORG"), Entity(10, 20, "ORG")],
            [Entity(9, 20, "ORG")],
            {(Entity(10, 20, "ORG"), Entity(9, 20, "ORG"))},
            id="larger overlap",
        ),
        pytest.param(
            [Entity(0, 4, "ORG"), Entity(4, 11, "ORG")],
            [Entity(0, 11, "ORG")],
            {(Entity(4, 11, "ORG"), Entity(0, 11, "ORG"))},
            id="larger overlap of two inside",
        ),
        pytest.param(
            [Entity(0, 6, "ORG")],
            [Entity(0, 5, "DATE"), Entity(4, 6, "ORG")],
            {(Entity(0, 6, "ORG"), Entity(4, 6, "ORG"))},
            id="same label before larger overlap",
        ),
        pytest.param(
            [Entity(0, 6, "ORG")],
            [Entity(0, 6, "DATE"), Entity(0, 5, "ORG")],
            {(Entity(0, 6, "ORG"), Entity(0, 6, "DATE"))},
            id="same span before same label",
        ),
        pytest.param(
            [Entity(0, 6, "ORG"), Entity(0, 3, "ORG")],
            [Entity(0, 6, "ORG"), Entity(1, 3, "ORG")],
            {(Entity(0, 6, "ORG"),) * 2, (Entity(0, 3, "ORG"), Entity(1, 3, "ORG"))},
            id="right before all else",
        ),
        pytest.param(
            [Entity(0, 4, "ORG"), Entity(2, 4, "ORG")],
            [Entity(0, 3, "ORG"), Entity(3, 8, "ORG")],
            {(Entity(0, 4, "ORG"), Entity(0, 3, "ORG")), (Entity(2, 4, "ORG"), Entity(3, 8, "ORG"))},
            id="both find a partner",
        ),
    ],
)
def test_matching_prefers(gold, predicted, expected):
    assert {(m.gold, m.predicted) for m in match_entities(gold, predicted) if m.gold and m.predicted} == expected


def test_matches_carry_the_predicted_score():
    [match] = match_entities([Entity(0, 3, "ORG")], [Entity(0, 3, "ORG", score=0.5)])
    assert match.predicted.score == 0.5


@settings(max_examples=300, deadline=None)
@given(overlapping, overlapping, st.randoms())
def test_matching_is_one_to_one_and_knows_neither_order_nor_side(gold, predicted, rng):
    matches = match_entities(gold, predicted)
    assert sorted(m.gold for m in matches if m.gold) == sorted(set(gold))
    assert sorted(m.predicted for m in matches if m.predicted) == sorted(set(predicted))
    assert all(overlap(m.gold, m.predicted) > 0 for m in matches if m.gold and m.predicted)
    rng.shuffle(gold)
    rng.shuffle(predicted)
    assert match_entities(gold, predicted) == matches
    swapped = {(m.predicted, m.gold) for m in match_entities(predicted, gold)}
    assert swapped == {(m.gold, m.predicted) for m in matches}


@settings(max_examples=300, deadline=None)
@given(st.lists(entities(longest=40), max_size=12), st.lists(entities(longest=40), max_size=12))
def test_no_two_entities_would_rather_have_each_other(gold, predicted):
    """The greedy by overlap is the stable matching: brute force looks for a pair that both sides prefer."""
    rank_of = {}
    for match in match_entities(gold, predicted):
        rank = rank_pair(match.gold, match.predicted) if match.gold and match.predicted else (0, 0)
        for side, entity in enumerate((match.gold, match.predicted)):
            if entity:
                rank_of[side, entity] = rank
    for a in set(gold):
        for b in set(predicted):
            if overlap(a, b) > 0:
                stage, length = rank_pair(a, b)
                best = max(rank_of[0, a], rank_of[1, b])
                assert best[0] >= stage
                assert best[0] > stage or best[1] >= length - length // GRAIN


def rank_pair(a, b):
    if (a.start, a.end) == (b.start, b.end):
        return (4 if a.label == b.label else 3), 0
    return (2 if a.label == b.label else 1), overlap(a, b)


@settings(max_examples=300, deadline=None)
@given(pairs_of_documents)
def test_schemes_keep_their_order_and_their_sums(pairs):
    schemes = score_schemes(pairs)
    strict = schemes["strict"]
    assert {k: (c.correct, c.predicted, c.gold) for k, c in strict.per_label.items()} == {
        k: (s.hits, s.predicted, s.gold) for k, s in score_entities(pairs).per_label.items()
    }
    assert strict.macro_f1 == pytest.approx(score_entities(pairs).macro_f1)
    for scheme in SCHEMES:
        scores = schemes[scheme]
        assert scores.micro.gold == sum(len(set(gold.entities)) for gold, _ in pairs)
        assert scores.micro.predicted == sum(len(set(predicted.entities)) for _, predicted in pairs)
        assert scores.micro.score.f1 >= strict.micro.score.f1
        assert scores.macro_f1 >= strict.macro_f1 - 1e-12
        assert all(scores.per_label[k].score.f1 >= c.score.f1 for k, c in strict.per_label.items())
        assert 0 <= scores.micro.score.f1 <= 1


@settings(max_examples=200, deadline=None)
@given(pairs_of_documents)
def test_f1_is_symmetric_and_the_order_of_documents_does_not_matter(pairs):
    schemes = score_schemes(pairs)
    swapped = score_schemes([(b, a) for a, b in pairs])
    for scheme in SCHEMES:
        here, there = schemes[scheme].micro.score, swapped[scheme].micro.score
        assert (here.precision, here.recall, here.f1) == (there.recall, there.precision, there.f1)
    assert score_schemes(reversed(pairs)).to_dict() == schemes.to_dict()
    assert sum((score_schemes([pair]) for pair in pairs[1:]), score_schemes(pairs[:1])) == schemes


@settings(max_examples=200, deadline=None)
@given(st.lists(entities(), min_size=1, max_size=10))
def test_a_perfect_system_scores_one_and_a_silent_one_zero(gold):
    for scheme in SCHEMES:
        perfect, silent = score(gold, gold)[scheme], score(gold, [])[scheme]
        assert perfect.micro.score.f1 == perfect.macro_f1 == 1
        rates = silent.micro.score
        assert (rates.precision, rates.recall, rates.f1, silent.macro_f1) == (0, 0, 0, 0)


@settings(max_examples=200, deadline=None)
@given(overlapping, overlapping, entities())
def test_a_wrong_span_more_never_raises_precision(gold, predicted, wrong):
    before = score(gold, predicted)
    if wrong not in gold:
        after = score(gold, [*predicted, wrong])["strict"]
        assert after.micro.score.precision <= before["strict"].micro.score.precision
    far_off = score(gold, [*predicted, Entity(LENGTH - 1, LENGTH, "ORG")])
    for scheme in SCHEMES:
        assert far_off[scheme].micro.score.precision <= before[scheme].micro.score.precision
        assert far_off[scheme].micro.score.recall == before[scheme].micro.score.recall


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("shape", ["nested", "crossing", "covering", "apart"])
def test_matching_is_fast_however_entities_overlap(shape):
    n = 20_000
    gold, predicted = {
        "nested": ([Entity(i, 9 * n - i, "A") for i in range(n)], [Entity(i + 1, 9 * n - i, "A") for i in range(n)]),
        "crossing": ([Entity(0, 9 * n - i, "A") for i in range(n)], [Entity(0, 9 * n + i, "B") for i in range(1, n)]),
        "covering": ([Entity(3 * i, 3 * i + 2, "A") for i in range(n)], [Entity(i, 4 * n + i, "B") for i in range(n)]),
        "apart": ([Entity(i, 2 * n, "A") for i in range(n)], [Entity(2 * n + i, 5 * n, "A") for i in range(n)]),
    }[shape]
    paired = sum(m.gold is not None and m.predicted is not None for m in match_entities(gold, predicted))
    assert paired == (0 if shape == "apart" else len(predicted))


def test_a_hundred_thousand_predicted_entities(benchmark_line):
    rng = random.Random(0)
    starts = sorted(rng.sample(range(1_500_000), 100_001))
    gold = [Entity(a, min(b, a + 12), rng.choice("ABCD")) for a, b in pairwise(starts)]
    predicted = [
        e if rng.random() < 0.7 else Entity(max(0, e.start - rng.randint(0, 3)), e.end + rng.randint(1, 3), e.label)
        for e in gold
    ]
    with benchmark_line("matching 100,000 predicted entities"):
        match_entities(gold, predicted)
