import pytest

from govnews.errors import FormatError
from govnews.formats.losses import Limits, Loss, fit, refuse
from govnews.records import Document, Entity, Relation

ORG, DATE = Entity(0, 3, "ORG"), Entity(4, 6, "DATE")


def lost(document, limits):
    losses = []
    found = fit(document, limits, report=losses.append)
    return found, [(loss.kind, loss.why) for loss in losses]


def test_nothing_is_dropped_without_a_word():
    twice = Relation(ORG, DATE, "X")
    found, losses = lost(Document("a", "雨湖区\n今年", (ORG, ORG, DATE), (twice, twice)), Limits("all"))
    assert (found.entities, found.relations) == ((ORG, DATE), (twice,))
    assert losses == [("entity", "stands twice"), ("relation", "stands twice")]


def test_a_relation_goes_with_its_argument():
    document = Document("a", "雨湖区\n今年", (ORG, Entity(2, 6, "DATE")), (Relation(ORG, Entity(2, 6, "DATE"), "X"),))
    found, losses = lost(document, Limits("flat", nested=False))
    assert found.entities == (ORG,)
    assert [kind for kind, _ in losses] == ["entity", "relation"]


@pytest.mark.parametrize(
    ("text", "plain", "carried"),
    [
        ("县", True, True),
        ("", True, False),
        (" \n", True, False),
        ("", False, True),
        ("\ufeff县", True, False),
        ("\ufeff县", False, True),
        ("县\0", True, False),
        ("县\0", False, True),
        ("\ud83d", False, False),
    ],
)
def test_a_text_that_cannot_stand_in_a_file_is_a_lost_document(text, plain, carried):
    found, losses = lost(Document("a", text), Limits("text", plain=plain))
    assert (found is not None, losses == []) == (carried, carried)


def test_half_a_character_is_found_wherever_it_stands():
    for document in (
        Document("\ud83d", "县"),
        Document("a", "县", (Entity(0, 1, "\ud83d"),)),
        Document("a", "县", meta={"b": "\ud83d"}),
    ):
        assert lost(document, Limits("any"))[0] is None


def test_a_loss_is_raised_unless_somebody_takes_it():
    loss = Loss("entity", "ORG '县'", "is in several pieces").at("a.ann", 3)
    with pytest.raises(FormatError, match=r"^a\.ann:3: entity ORG '县' is in several pieces\n") as caught:
        refuse(loss)
    assert caught.value.hint
    assert loss.at("a.ann", 9).line == 3
