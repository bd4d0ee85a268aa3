"""Scores of facts: rows are right as a whole."""

from dataclasses import replace

from govnews.metrics.facts import score_facts


def without(document, surface):
    gone = [e for e in document.entities if document.surface(e) == surface]
    return replace(
        document,
        entities=tuple(e for e in document.entities if e not in gone),
        relations=tuple(r for r in document.relations if r.head not in gone and r.tail not in gone),
    )


def test_gold_against_itself_is_right(ten):
    scores = score_facts([(ten, ten), (ten, ten)])
    assert scores.micro.f1 == 1.0
    assert scores.micro.gold == 2 * sum(e.label == "METRIC" for e in ten.entities)
    assert {"amount", "count", "percent"} <= scores.per_label.keys()


def test_a_row_with_another_date_or_body_is_wrong(ten):
    for surface, rows in (("去年", 2), ("南塘社区", 1)):
        micro = score_facts([(ten, without(ten, surface))]).micro
        assert micro.predicted - micro.hits == micro.gold - micro.hits == rows


def test_a_missed_figure_is_missed_only(ten):
    micro = score_facts([(ten, without(ten, "增长5.1%"))]).micro
    assert (micro.predicted, micro.hits) == (micro.gold - 1, micro.gold - 1)


def test_rows_that_say_the_same_each_need_one_of_their_own(ten):
    length = len(ten.text) + 1
    twice = replace(
        ten,
        text=f"{ten.text}\n{ten.text}",
        entities=(*ten.entities, *(e.shift(length) for e in ten.entities)),
        relations=(*ten.relations, *(r.shift(length) for r in ten.relations)),
    )
    micro = score_facts([(twice, replace(ten, text=twice.text))]).micro
    assert micro.gold == 2 * micro.predicted


def test_nothing_found_is_nothing_earned(ten):
    assert score_facts([(ten, replace(ten, entities=(), relations=()))]).micro.f1 == 0.0
