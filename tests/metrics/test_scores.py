import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import precision_recall_fscore_support

from govnews.metrics.scores import Score, score_sets

things = st.lists(st.integers(0, 9), max_size=12)


@settings(max_examples=200, deadline=None)
@given(things, things)
def test_scores_are_those_of_scikit_learn(predicted, gold):
    score = score_sets(predicted, gold)
    expected = precision_recall_fscore_support(
        [i in gold for i in range(10)], [i in predicted for i in range(10)], average="binary", zero_division=0
    )
    assert (score.precision, score.recall, score.f1) == pytest.approx(expected[:3])


@given(things, things)
def test_swapping_gold_and_prediction_swaps_precision_and_recall(first, second):
    score, swapped = score_sets(first, second), score_sets(second, first)
    assert (score.f1, score.precision, score.recall) == (swapped.f1, swapped.recall, swapped.precision)


@given(things, things)
def test_a_wrong_prediction_never_helps(predicted, gold):
    score, worse = score_sets(predicted, gold), score_sets([*predicted, "wrong"], gold)
    assert worse.precision <= score.precision
    assert worse.recall == score.recall
    assert worse.f1 <= score.f1


@pytest.mark.parametrize(
    ("predicted", "gold", "rates"),
    [
        ("ab", "ab", (1, 1, 1)),
        ("", "ab", (0, 0, 0)),
        ("ab", "", (0, 0, 0)),
        ("", "", (0, 0, 0)),
        ("ab", "cd", (0, 0, 0)),
    ],
)
def test_nothing_earns_nothing(predicted, gold, rates):
    score = score_sets(predicted, gold)
    assert (score.precision, score.recall, score.f1) == rates


def test_sums_count_all_and_do_not_average():
    assert (Score(1, 1, 1) + Score(0, 9, 9)).f1 == 0.1
    assert Score(2, 3, 4).to_dict() == {
        "precision": 0.6667,
        "recall": 0.5,
        "f1": 0.5714,
        "hits": 2,
        "predicted": 3,
        "gold": 4,
    }
