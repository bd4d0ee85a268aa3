from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govnews.metrics.errors import (
    NONE,
    EntityError,
    RelationMiss,
    count_confusion,
    list_entity_errors,
    list_relation_misses,
    score_relations_relaxed,
)
from govnews.metrics.labels import score_entities, score_relations
from govnews.metrics.schemes import score_schemes
from govnews.metrics.scores import Score
from govnews.records import Document, Entity, Relation
from strategies import readings

TEXT = "雨湖区住建局今年改造老旧小区12个，新增停车位3700余个。"
ORG, WORKS, YEAR, PARKING = (
    Entity(0, 6, "ORG"),
    Entity(10, 17, "METRIC"),
    Entity(6, 8, "DATE"),
    Entity(18, 29, "METRIC"),
)
METRIC_OF = "HAS_METRIC"


def document(entities=(), relations=(), *, id="a"):
    return Document(id, TEXT, tuple(entities), tuple(relations))


@pytest.mark.parametrize(
    ("predicted", "kind"),
    [
        (Entity(3, 6, "ORG"), "boundary"),
        (Entity(0, 6, "PROGRAM"), "type"),
        (Entity(3, 6, "PROGRAM"), "boundary and type"),
    ],
)
def test_a_pair_that_is_not_right_is_one_error(predicted, kind):
    pairs = [(document([ORG, YEAR]), document([predicted, YEAR]))]
    assert list_entity_errors(pairs) == [EntityError("a", kind, ORG, predicted)]


def test_what_has_no_partner_is_missed_or_spurious_in_the_order_of_the_text():
    pairs = [(document([ORG, PARKING]), document([YEAR])), (document([], id="b"), document([ORG], id="c"))]
    assert list_entity_errors(pairs) == [
        EntityError("a", "missed", ORG, None),
        EntityError("a", "spurious", None, YEAR),
        EntityError("a", "missed", PARKING, None),
        EntityError("b", "spurious", None, ORG),
    ]


def test_confusion_counts_labels_over_matched_entities():
    gold = document([ORG, YEAR, PARKING])
    predicted = document([Entity(3, 6, "ORG"), Entity(6, 8, "METRIC"), Entity(8, 10, "PROGRAM")])
    assert count_confusion([(gold, predicted)]) == {
        "DATE": {"METRIC": 1},
        "METRIC": {NONE: 1},
        "ORG": {"ORG": 1},
        NONE: {"PROGRAM": 1},
    }


@settings(max_examples=200, deadline=None)
@given(st.lists(readings(), max_size=4))
def test_errors_and_confusion_add_up_to_the_scores(pairs):
    kinds = Counter(error.kind for error in list_entity_errors(pairs))
    strict = score_schemes(pairs)["strict"].micro
    assert (kinds["missed"], kinds["spurious"]) == (strict.missed, strict.spurious)
    assert kinds["boundary"] + kinds["type"] + kinds["boundary and type"] == strict.incorrect
    table = count_confusion(pairs)
    for label, score in score_entities(pairs).per_label.items():
        assert sum(table.get(label, {}).values()) == score.gold
        assert sum(row.get(label, 0) for row in table.values()) == score.predicted


def test_relaxed_forgives_boundaries_only():
    gold = document([ORG, WORKS], [Relation(ORG, WORKS, METRIC_OF)])

    def relaxed(head, tail, label=METRIC_OF):
        return score_relations_relaxed([(gold, document([head, tail], [Relation(head, tail, label)]))]).micro

    assert relaxed(Entity(3, 6, "ORG"), Entity(12, 17, "METRIC")) == Score(1, 1, 1)
    assert relaxed(ORG, WORKS) == Score(1, 1, 1)
    for head, tail in [
        (Entity(3, 6, "PROGRAM"), WORKS),  # another label of an argument
        (Entity(6, 8, "ORG"), WORKS),  # no overlap
        (WORKS, ORG),  # the other way round
    ]:
        assert relaxed(head, tail) == Score(0, 1, 1)
    assert relaxed(ORG, WORKS, "PART_OF") == Score(0, 1, 1)


def test_relaxed_counts_a_gold_relation_once():
    halves = [Entity(0, 3, "ORG"), Entity(3, 6, "ORG")]
    gold = document([ORG, WORKS], [Relation(ORG, WORKS, METRIC_OF)])
    predicted = document([*halves, WORKS], [Relation(half, WORKS, METRIC_OF) for half in halves])
    assert score_relations_relaxed([(gold, predicted)]).micro == Score(1, 2, 1)


def test_relaxed_looks_at_each_label_apart_and_asks_for_a_common_character():
    def relations(*heads):
        return document(heads, [Relation(head, WORKS, METRIC_OF) for head in heads])

    between = (relations(ORG), relations(Entity(2, 4, "PROGRAM"), Entity(3, 6, "ORG")))
    assert score_relations_relaxed([between]).micro == Score(1, 2, 1)
    bridged = (relations(Entity(0, 3, "ORG"), Entity(2, 6, "ORG")), relations(Entity(3, 5, "ORG")))
    assert score_relations_relaxed([bridged]).micro == Score(1, 1, 2)
    touching = (
        relations(Entity(0, 3, "ORG"), Entity(1, 9, "ORG")),
        relations(Entity(3, 6, "ORG"), Entity(1, 8, "ORG")),
    )
    assert score_relations_relaxed([touching]).micro == Score(1, 2, 2)


@settings(max_examples=300, deadline=None)
@given(st.lists(readings(), max_size=4))
def test_relaxed_is_symmetric_and_never_below_strict(pairs):
    relaxed, strict = score_relations_relaxed(pairs), score_relations(pairs)
    assert relaxed.per_label.keys() == strict.per_label.keys()
    for label, score in strict.per_label.items():
        assert relaxed.per_label[label].hits >= score.hits
        assert (relaxed.per_label[label].predicted, relaxed.per_label[label].gold) == (score.predicted, score.gold)
    assert score_relations_relaxed([(b, a) for a, b in pairs]).micro.f1 == relaxed.micro.f1
    assert score_relations_relaxed([(a, a) for a, _ in pairs]).micro.hits == relaxed.micro.gold


@settings(max_examples=200, deadline=None)
@given(readings())
def test_relaxed_leaves_no_pair_that_could_still_be_made(pair):
    """Brute force: a matching that cannot be extended holds at least half of the best one."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import maximum_bipartite_matching

    gold, predicted = pair

    def overlap(a, b):
        return a.label == b.label and min(a.end, b.end) > max(a.start, b.start)

    table = [
        [a.label == b.label and overlap(a.head, b.head) and overlap(a.tail, b.tail) for b in predicted.relations]
        for a in gold.relations
    ]
    best = 0
    if gold.relations and predicted.relations:
        best = int((maximum_bipartite_matching(csr_array(table, dtype=int)) >= 0).sum())
    hits = score_relations_relaxed([pair]).micro.hits
    assert best / 2 <= hits <= best


def test_each_missed_relation_has_a_cause():
    gold = document(
        [ORG, WORKS, YEAR, PARKING],
        [
            Relation(ORG, WORKS, METRIC_OF),
            Relation(ORG, PARKING, METRIC_OF),
            Relation(WORKS, YEAR, "HAS_DATE"),
            Relation(PARKING, WORKS, "PART_OF"),
        ],
    )
    wrong = Relation(WORKS, YEAR, "PART_OF")
    predicted = document([WORKS, YEAR, PARKING], [wrong])
    assert list_relation_misses([(gold, predicted)]) == [
        RelationMiss("a", Relation(ORG, WORKS, METRIC_OF), "argument missed"),
        RelationMiss("a", Relation(ORG, PARKING, METRIC_OF), "argument missed"),
        RelationMiss("a", Relation(WORKS, YEAR, "HAS_DATE"), "wrong label", wrong),
        RelationMiss("a", Relation(PARKING, WORKS, "PART_OF"), "pair rejected"),
    ]


@pytest.mark.parametrize(("candidates", "cause"), [((), "pair not proposed"), ([(ORG, WORKS)], "pair rejected")])
def test_a_pair_that_was_never_considered_was_not_rejected(candidates, cause):
    gold = document([ORG, WORKS], [Relation(ORG, WORKS, METRIC_OF)])
    [miss] = list_relation_misses(
        [(gold, document([ORG, WORKS]))], proposed=lambda document, head, tail: (head, tail) in candidates
    )
    assert miss.cause == cause


@settings(max_examples=200, deadline=None)
@given(readings())
def test_hits_and_misses_add_up_to_the_gold(pair):
    score = score_relations([pair]).micro
    assert len(list_relation_misses([pair])) == score.gold - score.hits


def test_texts_that_differ_are_refused():
    pairs = [(document(), Document("a", "别的"))]
    for function in (list_entity_errors, count_confusion, score_relations_relaxed, list_relation_misses):
        with pytest.raises(ValueError, match="do not share their text"):
            function(pairs)
