from collections import Counter
from dataclasses import replace

from hypothesis import given

from govnews.corpus.review import find_doubts
from govnews.records import Document, Entity, Relation
from strategies import readings


def document(name, text, *items):
    entities = tuple(item for item in items if isinstance(item, Entity))
    return Document(name, text, entities, tuple(item for item in items if isinstance(item, Relation)))


def found(doubts, kind):
    return [(d.document, d.start, d.end) for d in doubts if d.kind == kind]


def test_a_text_that_is_marked_elsewhere_is_told_the_more_often_the_surer():
    documents = [document(str(n), "青禾县来了。", Entity(0, 3, "ORG")) for n in range(3)]
    documents.append(document("x", "去青禾县，云岭镇。"))
    documents.append(document("y", "云岭镇云岭镇", Entity(0, 3, "ORG")))
    doubts = find_doubts(documents)
    assert found(doubts, "marked elsewhere") == [("x", 1, 4), ("x", 5, 8), ("y", 3, 6)]
    assert doubts[0].weight == 0.75
    assert "ORG in 3 places, unmarked in 1" in doubts[0].why


def test_a_text_inside_a_longer_entity_is_none():
    documents = [document("a", "青禾县", Entity(0, 3, "ORG")), document("b", "青禾县委", Entity(0, 4, "ORG"))]
    assert found(find_doubts(documents), "marked elsewhere") == []


def test_a_rarer_label_is_told_where_it_stands():
    documents = [document(str(n), "横琴", Entity(0, 2, "ORG")) for n in range(2)]
    documents.append(document("x", "在横琴", Entity(1, 3, "PROGRAM")))
    [doubt] = [d for d in find_doubts(documents) if d.kind == "two labels"]
    assert (doubt.document, doubt.start, doubt.why) == ("x", 1, "PROGRAM here, ORG in 2 places")


def test_a_figure_in_no_entity_is_told():
    gold = document("a", "建成12个，增长3.5%。", Entity(7, 13, "METRIC"))
    assert found(find_doubts([gold]), "figure unmarked") == [("a", 2, 4)]


def test_a_date_without_relation_before_a_figure_is_told():
    date, metric = Entity(0, 2, "DATE"), Entity(3, 7, "METRIC")
    text = "去年，增长5%。今年。"
    alone = document("a", text, date, metric, Entity(8, 10, "DATE"))
    assert found(find_doubts([alone]), "date alone") == [("a", 0, 2)]
    base = document("a", "比去年增长5%", Entity(1, 3, "DATE"), Entity(3, 7, "METRIC"))
    assert found(find_doubts([base]), "date alone") == []
    assert found(find_doubts([replace(alone, relations=(Relation(metric, date, "HAS_DATE"),))]), "date alone") == []


def test_what_models_disagree_on_is_told_with_their_share():
    gold = document("a", "青禾县实施清流行动。", Entity(0, 3, "ORG"))
    predicted = document(
        "a", gold.text, Entity(0, 3, "ORG", 0.3), Entity(0, 2, "ORG", 0.2), Entity(5, 9, "PROGRAM", 1.0)
    )
    doubts = [d for d in find_doubts([gold], [(gold, predicted)]) if d.kind == "models disagree"]
    assert [(d.start, d.end, round(d.weight, 2)) for d in doubts] == [(5, 9, 0.33), (0, 3, 0.23)]  # shares 1 and 0.7
    assert "gold has nothing, models have PROGRAM 清流行动" in doubts[0].why
    assert find_doubts([gold], [(gold, gold)]) == []


def test_a_label_that_models_know_well_makes_them_more_suspicious():
    text = "去年前年今年甲行动乙行动丙行动"
    dates = [Entity(n, n + 2, "DATE") for n in (0, 2, 4)]
    programs = [Entity(n, n + 3, "PROGRAM") for n in (6, 9, 12)]
    gold = document("a", text, *dates[:2], programs[0])
    predicted = document("a", text, *dates, *programs)
    doubts = [d for d in find_doubts([gold], [(gold, predicted)]) if d.kind == "models disagree"]
    assert [(d.start, round(d.weight, 2)) for d in doubts] == [(4, 0.6), (9, 0.4), (12, 0.4)]


def test_relations_that_models_see_otherwise_are_told_where_both_have_the_arguments():
    org, metric, date = Entity(0, 3, "ORG"), Entity(3, 7, "METRIC"), Entity(8, 10, "DATE")
    text = "青禾县增长5%，去年建成9个"
    other = Entity(10, 14, "METRIC")
    gold = document("a", text, org, metric, date, other, Relation(org, metric, "HAS_METRIC"))
    predicted = document(
        "a", text, org, metric, date, Relation(metric, date, "HAS_DATE", 0.6), Relation(other, date, "HAS_DATE", 0.2)
    )
    doubts = [d for d in find_doubts([gold], [(gold, predicted)]) if d.kind == "models disagree"]
    assert sorted((d.start, d.end, round(d.weight, 2), d.why) for d in doubts) == [
        (0, 7, 0.33, "models have not 青禾县 HAS_METRIC 增长5%"),
        (3, 10, 0.2, "models have 增长5% HAS_DATE 去年"),
        (10, 14, 0.5, "missed: gold has METRIC 建成9个, models have nothing"),
    ]


@given(readings())
def test_the_likeliest_come_first_and_places_lie_in_the_text(pair):
    gold, _ = pair
    doubts = find_doubts([gold], [pair])
    assert [d.weight for d in doubts] == sorted((d.weight for d in doubts), reverse=True)
    assert all(0 <= d.start < d.end <= len(gold.text) for d in doubts)
    assert all(0 <= d.weight <= 1 for d in doubts)
    kinds = Counter(d.kind for d in find_doubts([gold]))
    assert kinds["models disagree"] == 0
