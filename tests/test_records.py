import pickle

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govnews.records import (
    LABELS,
    SIGNATURES,
    Document,
    Entity,
    Relation,
    Section,
    SentenceIndex,
    index_documents,
    relation_labels,
)
from govnews.sentences import sentence_spans
from strategies import documents


@settings(max_examples=200, deadline=None)
@given(documents(), st.data())
def test_a_cut_keeps_what_lies_wholly_inside_and_nothing_else(document, data):
    start = data.draw(st.integers(0, len(document.text)))
    end = data.draw(st.integers(start, len(document.text)))
    part = document.cut(start, end)

    def inside(*entities):
        return all(start <= e.start and e.end <= end for e in entities)

    assert part.text == document.text[start:end]
    assert [e.shift(start) for e in part.entities] == [e for e in document.entities if inside(e)]
    assert [r.shift(start) for r in part.relations] == [r for r in document.relations if inside(r.head, r.tail)]
    assert [(s.start + start, s.end + start) for s in part.sections] == [
        (s.start, s.end) for s in document.sections if start <= s.start and s.end <= end
    ]


@settings(max_examples=100, deadline=None)
@given(documents())
def test_surfaces_stay_the_same_in_every_part(document):
    whole = sorted(document.surface(e) for e in document.entities)
    parts = [part.surface(e) for part in document.section_documents() for e in part.entities]
    assert sorted(parts) == whole


def test_a_section_becomes_a_document_named_after_both():
    document = Document(
        "yuhu", "一\n二", (Entity(2, 3, "ORG"),), (), (Section("头", 0, 1), Section("尾", 2, 3)), {"date": "2024-12-20"}
    )
    head, tail = document.section_documents()
    assert (head.id, head.text, head.entities) == ("yuhu#头", "一", ())
    assert (tail.id, tail.text, tail.entities, tail.sections) == ("yuhu#尾", "二", (Entity(0, 1, "ORG"),), ())
    assert tail.date == "2024-12-20"


def test_a_document_without_sections_is_its_own_only_part(ten):
    assert ten.section_documents() == [ten]


@pytest.mark.usefixtures("quick")
def test_cutting_a_long_document_into_all_its_paragraphs_is_linear():
    count = 30_000
    entities = tuple(Entity(3 * i, 3 * i + 2, "ORG") for i in range(count))
    relations = tuple(Relation(e, e, "PART_OF") for e in entities)
    sections = tuple(Section(str(i), 3 * i, 3 * i + 2) for i in range(count))
    parts = Document("a", "市县\n" * count, entities, relations, sections).section_documents()
    assert len(parts) == count
    assert all(part.entities == (Entity(0, 2, "ORG"),) and len(part.relations) == 1 for part in parts)


def test_order_of_construction_does_not_matter():
    first, second = Entity(0, 1, "ORG"), Entity(2, 3, "METRIC")
    relations = (Relation(first, second, "HAS_METRIC"), Relation(second, first, "PART_OF"))
    assert Document("a", "县增长", (second, first), relations[::-1]) == Document(
        "a", "县增长", (first, second), relations
    )


def test_a_score_is_no_part_of_equality():
    assert Entity(0, 1, "ORG", 0.3) == Entity(0, 1, "ORG")
    assert hash(Entity(0, 1, "ORG", 0.3)) == hash(Entity(0, 1, "ORG"))
    assert Entity(0, 1, "ORG", 0.3).shift(2).score == 0.3


def test_documents_travel_between_processes(ten):
    assert pickle.loads(pickle.dumps(ten)) == ten


@settings(max_examples=200, deadline=None)
@given(documents(), st.data())
def test_the_sentence_of_an_offset_is_the_one_that_holds_it(document, data):
    text = document.text or "县"
    offset = data.draw(st.integers(0, len(text) - 1))
    [expected] = [i for i, (start, end) in enumerate(sentence_spans(text)) if start <= offset < end]
    assert SentenceIndex(text).find(offset) == expected


@pytest.mark.parametrize(
    ("entities", "together"),
    [
        ([Entity(0, 2, "ORG")], True),
        ([Entity(0, 3, "ORG")], True),
        ([Entity(2, 4, "ORG")], False),
        ([Entity(0, 1, "ORG"), Entity(1, 2, "ORG")], True),
        ([Entity(3, 4, "ORG"), Entity(0, 1, "ORG")], False),
    ],
)
def test_entities_are_joined_by_their_sentence(entities, together):
    assert SentenceIndex("雨湖。区县。").joins(*entities) is together


def test_relation_labels_and_signatures_say_the_same():
    for head in LABELS:
        for tail in LABELS:
            assert set(relation_labels(head, tail)) == {k for k, v in SIGNATURES.items() if (head, tail) in v}
    assert relation_labels("DATE", "ORG") == []


def test_ids_are_unique(ten):
    assert index_documents([ten]) == {"ten": ten}
    with pytest.raises(ValueError, match="two documents are called 'ten'"):
        index_documents([ten, ten])
