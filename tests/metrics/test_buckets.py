import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govnews.metrics.buckets import (
    Bin,
    calibrate,
    collect_mentions,
    measure_distance,
    score_by_density,
    score_by_distance,
    score_by_length,
    score_seen,
)
from govnews.metrics.labels import LabelScores, score_entities, score_relations
from govnews.metrics.scores import Score
from govnews.records import Document, Entity, Relation
from strategies import readings

TEXT = "雨湖区住建局今年改造老旧小区12个，新增停车位3700余个。"
ORG, WORKS, YEAR = Entity(0, 6, "ORG"), Entity(10, 17, "METRIC"), Entity(6, 8, "DATE")


def document(entities=(), relations=(), *, id="a", text=TEXT):
    return Document(id, text, tuple(entities), tuple(relations))


def micros(scores):
    return {name: part.micro for name, part in scores.items()}


def test_entities_fall_into_buckets_by_their_length():
    pairs = [(document([ORG, WORKS, YEAR]), document([ORG, Entity(10, 30, "METRIC")]))]
    assert micros(score_by_length(pairs)) == {
        "[0, 3)": Score(0, 0, 1),
        "[5, 9)": Score(1, 1, 2),
        "[17, inf)": Score(0, 1, 0),
    }
    assert list(score_by_length(pairs, starts=[2])) == ["[2, inf)"]


def test_what_lies_below_the_first_start_has_a_bucket_too():
    assert list(score_by_length([(document([YEAR]), document())], starts=[5])) == ["[-inf, 5)"]


def test_entities_fall_into_buckets_by_the_number_of_gold_entities_in_their_sentence():
    later = ORG.shift(len(TEXT))  # the same body again, alone in a second sentence
    gold = document([ORG, YEAR, later], text=TEXT * 3)
    third = YEAR.shift(2 * len(TEXT))  # nothing is marked in the third
    found = document([ORG, later, YEAR.shift(len(TEXT)), third], text=TEXT * 3)
    assert micros(score_by_density([(gold, found)], starts=[0, 1, 2])) == {
        "[0, 1)": Score(0, 1, 0),
        "[1, 2)": Score(1, 2, 1),
        "[2, inf)": Score(1, 1, 2),
    }
    assert score_by_density([(document(text=""), document(text=""))]) == {}


def test_relations_fall_into_buckets_by_the_distance_of_their_arguments():
    near, far = Relation(ORG, YEAR, "HAS_DATE"), Relation(WORKS, ORG, "HAS_METRIC")
    pairs = [(document([], [near, far]), document([], [near]))]
    assert micros(score_by_distance(pairs, starts=[0, 4])) == {"[0, 4)": Score(1, 1, 1), "[4, inf)": Score(0, 0, 1)}
    assert measure_distance(Relation(ORG, Entity(3, 8, "DATE"), "HAS_DATE")) == 0


def test_seen_and_unseen_mentions_go_by_text_and_label():
    mentions = collect_mentions([document([ORG, Entity(6, 8, "ORG")])])
    assert mentions == {("雨湖区住建局", "ORG"), ("今年", "ORG")}
    pairs = [(document([ORG, YEAR, WORKS]), document([ORG, YEAR, Entity(6, 8, "ORG")]))]
    assert micros(score_seen(pairs, mentions)) == {"seen": Score(1, 2, 1), "unseen": Score(1, 1, 2)}
    assert micros(score_seen([], mentions)) == {"seen": Score(), "unseen": Score()}


@settings(max_examples=200, deadline=None)
@given(st.lists(readings(), max_size=4), st.lists(st.integers(0, 9), unique=True, max_size=3).map(sorted))
def test_buckets_add_up_to_the_whole(pairs, starts):
    mentions = collect_mentions(gold for gold, _ in pairs[:1])
    for parts, whole in [
        (score_by_length(pairs, starts=starts), score_entities(pairs)),
        (score_by_density(pairs, starts=starts), score_entities(pairs)),
        (score_seen(pairs, mentions), score_entities(pairs)),
        (score_by_distance(pairs, starts=starts), score_relations(pairs)),
    ]:
        assert sum(parts.values(), LabelScores({})) == whole


def test_calibration_bins_predictions_by_score():
    found = [Entity(i, i + 1, "ORG", score=s) for i, s in enumerate([0.05, 0.5, 0.9, 1.0])]
    gold = document(found[2:])
    calibration = calibrate([(gold, document([*found, Entity(8, 9, "ORG")]))], n_bins=2)
    assert calibration.count == 4
    assert calibration.bins[0] == Bin(0, 0.5, 1, 0.05, 0)
    assert calibration.bins[1] == Bin(0.5, 1, 3, pytest.approx(0.8), pytest.approx(2 / 3))
    assert calibration.expected_error == pytest.approx((0.05 + 3 * (0.8 - 2 / 3)) / 4)
    assert calibration.brier == pytest.approx((0.05**2 + 0.5**2 + 0.1**2) / 4)
    assert calibration.to_dict()["bins"][1] == {
        **{"low": 0.5, "high": 1.0, "count": 3, "mean_score": 0.8, "precision": 0.6667}
    }


def test_calibration_of_relations():
    relation = Relation(ORG, YEAR, "HAS_DATE", score=0.75)
    calibration = calibrate([(document([], [relation]), document([], [relation]))], "relations")
    assert (calibration.expected_error, calibration.brier) == (0.25, 0.0625)


def test_equal_predictions_count_once_with_their_highest_score():
    twice = [Entity(0, 3, "ORG", score=0.2), Entity(0, 3, "ORG", score=0.6), Entity(0, 3, "ORG")]
    assert calibrate([(document(), document(twice))]).brier == pytest.approx(0.36)


def test_without_scores_there_is_no_calibration():
    assert calibrate([(document([ORG]), document([ORG]))]) is None


@pytest.mark.parametrize("score", [-0.1, 1.5, float("nan")])
def test_a_score_that_is_no_probability_is_refused(score):
    with pytest.raises(ValueError, match=r"document 'a': .* not between 0 and 1"):
        calibrate([(document(), document([Entity(0, 3, "ORG", score=score)]))])


def test_texts_that_differ_are_refused():
    pairs = [(document([ORG]), Document("a", "别的", (YEAR,)))]
    for function in (score_by_length, score_by_density, calibrate, lambda pairs: score_seen(pairs, set())):
        with pytest.raises(ValueError, match="do not share their text"):
            function(pairs)
