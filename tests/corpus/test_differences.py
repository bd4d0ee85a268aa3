from hypothesis import given

from govnews.corpus.differences import list_differences
from govnews.records import Document, Entity, Relation
from strategies import readings

TEXT = "雨湖区新增学位3700余个"


def test_differences_stand_side_by_side():
    org, metric, wider = Entity(0, 3, "ORG"), Entity(5, 13, "METRIC"), Entity(3, 13, "METRIC")
    first = Document("a", TEXT, (org, metric), (Relation(org, metric, "HAS_METRIC"),))
    second = Document("a", TEXT, (org, wider))
    assert [(d.start, d.end, d.kind, d.shown()) for d in list_differences([(first, second)])] == [
        (0, 13, "relations", ["雨湖区 HAS_METRIC 学位3700余个", ""]),
        (3, 13, "entities", ["METRIC 学位3700余个", "METRIC 新增学位3700余个"]),
    ]
    assert list_differences([(first, first)]) == []


def test_what_one_of_three_has_otherwise_is_one_difference():
    split = Document("a", TEXT, (Entity(5, 7, "PROGRAM"), Entity(7, 13, "METRIC")))
    whole = Document("a", TEXT, (Entity(5, 13, "METRIC"),))
    [difference] = list_differences([(split, whole, Document("a", TEXT))])
    assert difference.to_dict(["li", "wang", "zhao"]) == {
        "document": "a",
        "start": 5,
        "end": 13,
        "kind": "entities",
        "readings": {"li": "PROGRAM 学位，METRIC 3700余个", "wang": "METRIC 学位3700余个", "zhao": ""},
    }


@given(readings())
def test_every_item_that_only_one_has_is_in_a_difference_and_nothing_else_differs(pair):
    first, second = pair
    for kind in ("entities", "relations"):
        found = [d.found for d in list_differences([pair]) if d.kind == kind]
        ours, theirs = ({item for sides in found for item in sides[n]} for n in (0, 1))
        assert ours - theirs == set(getattr(first, kind)) - set(getattr(second, kind))
        assert theirs - ours == set(getattr(second, kind)) - set(getattr(first, kind))
