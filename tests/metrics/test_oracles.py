"""Other implementations as oracles, on random gold and predictions, wherever their definitions are ours."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govnews.metrics.buckets import calibrate
from govnews.metrics.errors import count_confusion
from govnews.metrics.labels import score_entities, score_relations
from govnews.metrics.matching import match_entities
from govnews.metrics.resample import bootstrap, permutation_test
from govnews.metrics.schemes import SCHEMES, score_schemes
from govnews.metrics.scores import Score
from govnews.records import Document, Entity
from strategies import readings

LABELS = ["ORG", "METRIC", "DATE"]
NERVALUATE = {"strict": "strict", "exact": "exact", "partial": "partial", "type": "ent_type"}
COUNTS = ("correct", "incorrect", "partial", "missed", "spurious")
LENGTH = 40
TEXT = "字" * LENGTH


@st.composite
def flat(draw):
    """Flat entities of `TEXT`."""
    cuts = sorted(draw(st.sets(st.integers(0, LENGTH), min_size=2, max_size=12)))
    spans = [(a, b) for a, b in pairwise(cuts) if draw(st.booleans())]
    return [Entity(a, b, draw(st.sampled_from(LABELS))) for a, b in spans]


@st.composite
def revised(draw):
    """Flat gold, and a prediction that keeps, moves, renames, drops or adds entities."""
    gold = draw(flat())
    predicted = []
    for e in gold:
        how = draw(st.sampled_from(["keep", "keep", "cut", "rename", "drop"]))
        label = draw(st.sampled_from(LABELS)) if how == "rename" else e.label
        end = draw(st.integers(e.start + 1, e.end)) if how == "cut" else e.end
        predicted += [Entity(e.start, end, label)] if how != "drop" else []
    free = [e for e in draw(flat()) if all(overlap(e, other) <= 0 for other in gold)]
    return document(gold), document([*predicted, *free])


flat_pairs = st.lists(
    st.one_of(revised(), st.builds(lambda a, b: (document(a), document(b)), flat(), flat())), min_size=1, max_size=4
)


def document(entities):
    return Document("a", TEXT, tuple(entities))


def overlap(a, b):
    return min(a.end, b.end) - max(a.start, b.start)


def is_simple(gold, predicted):
    """Whether no entity overlaps two of the other side, so that there is only one way to pair them."""
    table = np.array([[overlap(a, b) > 0 for b in predicted.entities] for a in gold.entities])
    return table.size == 0 or max(table.sum(axis=0).max(), table.sum(axis=1).max()) <= 1


def nervaluate(pairs):
    from nervaluate import Evaluator

    sides = [
        [[{"label": e.label, "start": e.start, "end": e.end - 1} for e in side.entities] for side in documents]
        for documents in zip(*pairs, strict=True)
    ]  # its ends are inclusive
    return Evaluator(*sides, tags=LABELS, loader="dict").evaluate()


@settings(max_examples=300, deadline=None)
@given(flat_pairs)
def test_schemes_agree_with_nervaluate(pairs):
    """Where only one pairing is possible, all counts agree.

    Elsewhere they need not: nervaluate pairs anew for each scheme and each label, goes through the predictions in
    their order, and gives each the first gold entity it overlaps, be it by a character, where we give it the one it
    overlaps most. And it calls nothing an overlap that is under a hundredth of the gold entity.
    """
    pairs = [pair for pair in pairs if is_simple(*pair)] or [(document([]), document([]))]
    ours, theirs = score_schemes(pairs), nervaluate(pairs)
    for scheme, name in NERVALUATE.items():
        assert_same_counts(ours[scheme].micro, theirs["overall"][name])
        assert ours[scheme].per_label.keys() == theirs["entities"].keys()
        for label, counts in ours[scheme].per_label.items():
            assert_same_counts(counts, theirs["entities"][label][name])


def assert_same_counts(ours, theirs):
    assert [getattr(ours, name) for name in COUNTS] == [getattr(theirs, name) for name in COUNTS]
    score = ours.score
    assert (score.precision, score.recall, score.f1) == pytest.approx((theirs.precision, theirs.recall, theirs.f1))


@settings(max_examples=300, deadline=None)
@given(flat_pairs)
def test_right_entities_of_flat_predictions_agree_with_nervaluate(pairs):
    """Whatever overlaps, strict and exact rates of flat entities are the same: what is right has no rival."""
    ours, theirs = score_schemes(pairs), nervaluate(pairs)["overall"]
    for scheme in ("strict", "exact"):
        score = ours[scheme].micro.score
        assert (score.precision, score.recall, score.f1) == pytest.approx(
            (theirs[scheme].precision, theirs[scheme].recall, theirs[scheme].f1)
        )


@pytest.mark.parametrize(
    ("gold", "predicted", "scheme", "ours", "theirs"),
    [
        pytest.param([(0, 4)], [(0, 2), (0, 4)], "strict", 1, 0, id="an earlier prediction takes the gold entity"),
        pytest.param(
            [(0, 4), (4, 8)], [(3, 8), (0, 4)], "strict", 1, 0, id="the order of predictions decides over a hit"
        ),
        pytest.param([(0, 200)], [(199, 200)], "type", 1, 0, id="an overlap under a hundredth is none"),
    ],
)
def test_where_nervaluate_differs(gold, predicted, scheme, ours, theirs):
    from nervaluate.entities import Entity as Item
    from nervaluate.strategies import EntityTypeEvaluation, StrictEvaluation

    strategy = {"strict": StrictEvaluation, "type": EntityTypeEvaluation}[scheme]()
    sides = [[Item("ORG", a, b - 1) for a, b in spans] for spans in (gold, predicted)]
    assert strategy.evaluate(*sides, ["ORG"])[0].correct == theirs
    text = "字" * 200
    pair = [Document("a", text, tuple(Entity(a, b, "ORG") for a, b in spans)) for spans in (gold, predicted)]
    assert score_schemes([tuple(pair)])[scheme].micro.correct == ours


@settings(max_examples=150, deadline=None)
@given(flat_pairs)
def test_strict_scores_agree_with_seqeval(pairs):
    from seqeval.metrics import classification_report
    from seqeval.scheme import IOB2

    scores = score_entities(pairs)
    if not scores.per_label:  # seqeval has no report of nothing
        return
    sides = [[bio(side) for side in documents] for documents in zip(*pairs, strict=True)]
    theirs = classification_report(*sides, mode="strict", scheme=IOB2, output_dict=True, zero_division=0)
    for label, score in {**scores.per_label, "micro avg": scores.micro}.items():
        assert (*rates(score), score.gold) == pytest.approx(tuple(theirs[label].values()))


def bio(document):
    tags = ["O"] * len(document.text)
    for e in document.entities:
        tags[e.start : e.end] = [f"B-{e.label}"] + [f"I-{e.label}"] * (e.end - e.start - 1)
    return tags


@settings(max_examples=150, deadline=None)
@given(flat_pairs)
def test_strict_and_exact_scores_agree_with_spacy_on_characters(pairs):
    """On one token a character the faults of spaCy's scorer, unlike tokens and misaligned gold, cannot arise."""
    from spacy.scorer import Scorer
    from spacy.tokens import Doc
    from spacy.training import Example
    from spacy.vocab import Vocab

    vocab = Vocab()

    def doc(document):
        made = Doc(vocab, words=list(document.text), spaces=[False] * len(document.text))
        made.set_ents([made.char_span(e.start, e.end, label=e.label) for e in document.entities])
        return made

    examples = [Example(doc(predicted), doc(gold)) for gold, predicted in pairs]
    strict = score_entities(pairs)
    theirs = Scorer.score_spans(examples, "ents")
    if not strict.per_label:  # spaCy says None where there is nothing on either side, we say 0
        return
    assert (theirs["ents_p"], theirs["ents_r"], theirs["ents_f"]) == pytest.approx(rates(strict.micro))
    for label, score in strict.per_label.items():
        assert tuple(theirs["ents_per_type"][label].values()) == pytest.approx(rates(score))
    theirs = Scorer.score_spans(examples, "ents", labeled=False)
    exact = score_schemes(pairs)["exact"].micro.score
    assert (theirs["ents_p"], theirs["ents_r"], theirs["ents_f"]) == pytest.approx(rates(exact))


@settings(max_examples=150, deadline=None)
@given(st.lists(readings(), min_size=1, max_size=4), st.sampled_from([score_entities, score_relations]))
def test_strict_scores_agree_with_scikit_learn(pairs, score):
    from sklearn.metrics import precision_recall_fscore_support

    what = "entities" if score is score_entities else "relations"
    truth, found = (
        {(n, item) for n, pair in enumerate(pairs) for item in getattr(pair[side], what)} for side in (0, 1)
    )
    scores = score(pairs)
    items = sorted(truth | found)
    labels = [*scores.per_label, "in neither"]  # one column alone would not count as multilabel
    if not items:
        assert scores.per_label == {}
        return
    tables = [[[key in side and key[1].label == label for label in labels] for key in items] for side in (truth, found)]
    tables = [np.array(table, dtype=int) for table in tables]
    micro = precision_recall_fscore_support(*tables, average="micro", zero_division=0)
    each = precision_recall_fscore_support(*tables, average=None, zero_division=0)
    assert rates(scores.micro) == pytest.approx(micro[:3])
    ours = np.array([(*rates(s), s.gold) for s in [*scores.per_label.values(), Score()]])
    assert ours == pytest.approx(np.array(each).T)
    in_gold = [n for n, score in enumerate(scores.per_label.values()) if score.gold]
    assert scores.macro_f1 == pytest.approx(np.mean(each[2][in_gold]) if in_gold else 0)


@settings(max_examples=100, deadline=None)
@given(flat_pairs)
def test_confusion_agrees_with_scikit_learn(pairs):
    from sklearn.metrics import confusion_matrix

    labels = [*LABELS, "none"]
    matches = [m for gold, predicted in pairs for m in match_entities(gold.entities, predicted.entities)]
    sides = [
        [getattr(match, side).label if getattr(match, side) else "none" for match in matches]
        for side in ("gold", "predicted")
    ]
    table = count_confusion(pairs)
    ours = [[table.get(row, {}).get(column, 0) for column in labels] for row in labels]
    assert ours == (confusion_matrix(*sides, labels=labels).tolist() if matches else [[0] * 4] * 4)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.floats(0, 1, width=32), st.booleans()), min_size=1, max_size=LENGTH), st.integers(1, 12))
def test_calibration_agrees_with_scikit_learn(predictions, n_bins):
    from sklearn.calibration import calibration_curve
    from sklearn.metrics import brier_score_loss

    found = [Entity(n, n + 1, "ORG", score=score) for n, (score, _) in enumerate(predictions)]
    gold = [e for e, (_, hit) in zip(found, predictions, strict=True) if hit]
    scores, hits = zip(*predictions, strict=True)
    ours = calibrate([(document(gold), document(found))], n_bins=n_bins)
    assert ours.brier == pytest.approx(brier_score_loss(hits, scores, pos_label=True, labels=[False, True]))
    # scikit-learn puts a score on a border into the bin below, we into the one above
    if not {0, 1}.issuperset(hits) or not np.isin(np.float64(scores), np.linspace(0, 1, n_bins + 1)[1:-1]).any():
        precision, mean = calibration_curve(hits, scores, n_bins=n_bins, pos_label=True)
        assert [b.precision for b in ours.bins] == pytest.approx(precision)
        assert [b.mean_score for b in ours.bins] == pytest.approx(mean)


def rates(score):
    return score.precision, score.recall, score.f1


def f1(hits, predicted, gold, axis=-1):
    return 2 * hits.sum(axis=axis) / np.maximum(1, (predicted + gold).sum(axis=axis))


def test_bootstrap_agrees_with_scipy():
    from scipy.stats import bootstrap as scipy_bootstrap

    counts = np.sort(np.random.default_rng(1).integers(0, 30, (60, 3)))
    theirs = scipy_bootstrap(
        tuple(counts.T), f1, paired=True, method="percentile", n_resamples=10_000, rng=np.random.default_rng(2)
    ).confidence_interval
    ours = bootstrap(counts).f1
    assert (ours.low, ours.high) == pytest.approx((theirs.low, theirs.high), abs=0.05 * (ours.high - ours.low))


def test_permutation_test_agrees_with_scipy():
    from scipy.stats import permutation_test as scipy_permutation_test

    rng = np.random.default_rng(3)
    first, second = (np.sort(rng.integers(0, 30, (40, 3))) for _ in range(2))
    second[:, 2] = first[:, 2]
    second[:, :2] = np.minimum(second[:, :2], first[:, 2:])
    rows = np.concatenate([first, second])

    def difference(a, b, axis):
        return f1(*np.moveaxis(rows[a], -1, 0), axis=axis) - f1(*np.moveaxis(rows[b], -1, 0), axis=axis)

    theirs = scipy_permutation_test(
        (np.arange(40), np.arange(40, 80)),
        difference,
        permutation_type="samples",
        vectorized=True,
        n_resamples=10_000,
        batch=1000,
        rng=rng,
    )
    ours = permutation_test(first, second)
    assert ours.difference == pytest.approx(theirs.statistic)
    assert ours.p_value == pytest.approx(theirs.pvalue, abs=0.03)


@settings(max_examples=150, deadline=None)
@given(flat_pairs)
def test_pairs_of_one_label_are_as_many_as_any_matching_can_make_where_overlaps_are_equal(pairs):
    """Spans of one length, laid on a grid so that they overlap by half or wholly: a maximum matching by brute force."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import maximum_bipartite_matching

    for gold, predicted in pairs:
        a = sorted({Entity(4 * (e.start // 4), 4 * (e.start // 4) + 4, "ORG") for e in gold.entities})
        b = sorted({Entity(4 * (e.start // 4) + 2, 4 * (e.start // 4) + 6, "ORG") for e in predicted.entities})
        if a and b:
            table = csr_array([[overlap(x, y) > 0 for y in b] for x in a], dtype=int)
            best = (maximum_bipartite_matching(table) >= 0).sum()
            assert sum(m.gold is not None and m.predicted is not None for m in match_entities(a, b)) == best


def test_the_four_schemes_are_those_of_nervaluate():
    assert tuple(NERVALUATE) == SCHEMES
