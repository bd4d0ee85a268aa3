from dataclasses import replace

import nervaluate
import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.scorer import Scorer
from spacy.tokens import Doc
from spacy.training import Example

from govnews.metrics.labels import LabelScores, score_entities, score_relations
from govnews.metrics.scores import Score
from govnews.records import Document, Entity, Relation
from strategies import readings

corpora = st.lists(readings(), min_size=1, max_size=4)
VOCAB = spacy.blank("zh").vocab


def rates(score):
    return (score.precision, score.recall, score.f1)


def to_doc(document):
    doc = Doc(VOCAB, words=list(document.text), spaces=[False] * len(document.text))
    doc.ents = [doc.char_span(e.start, e.end, label=e.label) for e in document.entities]
    return doc


@settings(max_examples=150, deadline=None)
@given(corpora)
def test_entities_score_as_in_spacy(pairs):
    examples = [Example(to_doc(predicted), to_doc(gold)) for gold, predicted in pairs]
    expected = Scorer.score_spans(examples, "ents")
    scores = score_entities(pairs)
    if any(gold.entities for gold, _ in pairs):
        assert rates(scores.micro) == pytest.approx([expected[f"ents_{key}"] for key in "prf"])
        assert {label: rates(score) for label, score in scores.per_label.items()} == {
            label: pytest.approx((score["p"], score["r"], score["f"]))
            for label, score in expected["ents_per_type"].items()
        }


@settings(max_examples=150, deadline=None)
@given(corpora)
def test_entities_score_as_in_nervaluate(pairs):
    tags = sorted({e.label for pair in pairs for document in pair for e in document.entities})
    spans = [
        [[{"label": e.label, "start": e.start, "end": e.end - 1} for e in pair[side].entities] for pair in pairs]
        for side in (0, 1)
    ]
    expected = nervaluate.Evaluator(*spans, tags=tags, loader="dict").evaluate()["overall"]["strict"]
    micro = score_entities(pairs).micro
    assert (micro.hits, micro.predicted, micro.gold) == (expected.correct, expected.actual, expected.possible)
    assert rates(micro) == pytest.approx((expected.precision, expected.recall, expected.f1))


@settings(max_examples=150, deadline=None)
@given(corpora)
def test_relations_score_as_counted_by_hand(pairs):
    def keys(document):
        return {
            (r.head.start, r.head.end, r.head.label, r.label, r.tail.start, r.tail.end, r.tail.label)
            for r in document.relations
        }

    micro = score_relations(pairs).micro
    assert micro.hits == sum(key in keys(gold) for gold, predicted in pairs for key in keys(predicted))
    assert micro.predicted == sum(len(keys(predicted)) for _, predicted in pairs)
    assert micro.gold == sum(len(keys(gold)) for gold, _ in pairs)


@pytest.mark.parametrize("score", [score_entities, score_relations])
@settings(max_examples=100, deadline=None)
@given(pairs=corpora)
def test_order_does_not_matter_and_parts_add_up(score, pairs):
    whole = score(pairs)
    assert score(pairs[::-1]) == whole
    assert sum((score([pair]) for pair in pairs), LabelScores({})) == whole
    swapped = score([(b, a) for a, b in pairs])
    assert swapped.micro.f1 == whole.micro.f1
    assert (swapped.micro.precision, swapped.micro.recall) == (whole.micro.recall, whole.micro.precision)


@pytest.mark.parametrize("score", [score_entities, score_relations])
def test_a_perfect_system_gets_1_and_a_silent_one_0(ten, score):
    perfect, silent = score([(ten, ten)]), score([(ten, Document("ten", ten.text))])
    assert (rates(perfect.micro), perfect.macro_f1) == ((1, 1, 1), 1)
    assert (rates(silent.micro), silent.macro_f1) == ((0, 0, 0), 0)


@settings(max_examples=100, deadline=None)
@given(readings())
def test_a_wrong_span_never_raises_precision(pair):
    gold, predicted = pair
    wrong = replace(predicted, entities=(*predicted.entities, Entity(0, 1, "WRONG")))
    assert score_entities([(gold, wrong)]).micro.precision <= score_entities([pair]).micro.precision


ORG, METRIC = Entity(0, 3, "ORG"), Entity(5, 13, "METRIC")


@pytest.mark.parametrize(
    ("entity", "hits"),
    [
        (ORG, 1),
        (Entity(0, 2, "ORG"), 0),
        (Entity(0, 4, "ORG"), 0),
        (Entity(0, 3, "PROGRAM"), 0),
        (Entity(0, 3, "ORG", 0.1), 1),
    ],
)
def test_right_is_the_very_span_with_the_very_label(entity, hits):
    gold, predicted = (Document("a", "雨湖区新增学位3700余个", (e,)) for e in (ORG, entity))
    assert score_entities([(gold, predicted)]).micro == Score(hits, 1, 1)


@pytest.mark.parametrize(
    "relation",
    [
        Relation(METRIC, ORG, "HAS_METRIC"),
        Relation(ORG, METRIC, "RUNS"),
        Relation(Entity(0, 2, "ORG"), METRIC, "HAS_METRIC"),
        Relation(ORG, Entity(5, 13, "DATE"), "HAS_METRIC"),
    ],
)
def test_a_relation_is_wrong_when_direction_label_or_argument_is(relation):
    gold, predicted = (
        Document("a", "雨湖区新增学位3700余个", (ORG, METRIC), (r,))
        for r in (Relation(ORG, METRIC, "HAS_METRIC"), relation)
    )
    assert score_relations([(gold, predicted)]).micro == Score(0, 1, 1)


def test_the_macro_mean_is_over_the_labels_of_the_gold():
    assert LabelScores({"ORG": Score(1, 1, 1), "DATE": Score(0, 0, 1), "X": Score(0, 5, 0)}).macro_f1 == 0.5
    assert LabelScores({}).macro_f1 == 0


@pytest.mark.parametrize("score", [score_entities, score_relations])
def test_texts_that_differ_are_refused_by_name(score):
    with pytest.raises(ValueError, match="'雨湖': gold and prediction do not share their text"):
        score([(Document("雨湖", "县"), Document("雨湖", "县 "))])
