import pytest
import spacy
from spacy.tokens import Doc

from govnews.convert import SpanRelation, doc_to_document, document_to_doc, register_extensions
from govnews.errors import GovnewsError
from govnews.records import Document, Entity, Relation


@pytest.fixture
def characters():
    return spacy.blank("zh")


@pytest.fixture
def words():
    return spacy.blank("xx")  # splits at white space: a stand-in for a word segmenter


def test_a_document_comes_back_from_a_doc(characters, ten):
    aligned = document_to_doc(ten, characters)
    assert aligned.lost == ()
    assert doc_to_document(aligned.doc, ten) == ten


def test_offsets_count_code_points_beyond_the_basic_plane(characters):
    text = "😀𠮷县增长5%"
    document = Document("a", text, (Entity(1, 3, "ORG"), Entity(3, 7, "METRIC")))
    doc = document_to_doc(document, characters).doc
    assert [ent.text for ent in doc.ents] == ["𠮷县", "增长5%"]
    assert doc_to_document(doc, document) == document


def test_what_tokens_cannot_carry_is_listed_with_its_relations(words):
    text = "青禾县增长5% 今年"
    org, metric, date = Entity(0, 3, "ORG"), Entity(3, 7, "METRIC"), Entity(8, 10, "DATE")
    relations = (Relation(org, metric, "HAS_METRIC"), Relation(metric, date, "HAS_DATE"))
    aligned = document_to_doc(Document("a", text, (org, metric, date), relations), words)
    assert aligned.lost == (org, metric)
    assert aligned.lost_relations == relations
    assert [ent.text for ent in aligned.doc.ents] == ["今年"]


def test_tokens_are_cut_where_given_entities_begin_and_end(words):
    text = "青禾县增长5% 今年"
    org, metric, date = Entity(0, 3, "ORG"), Entity(3, 7, "METRIC"), Entity(8, 10, "DATE")
    document = Document("a", text, (org, metric, date), (Relation(org, metric, "HAS_METRIC"),))
    aligned = document_to_doc(document, words, split_tokens=True)
    assert aligned.lost == aligned.lost_relations == ()
    assert [token.text for token in aligned.doc] == ["青禾县", "增长5", "%", "今年"]
    assert doc_to_document(aligned.doc, document) == document


def test_spans_with_white_space_at_their_edges_are_listed(characters):
    document = Document("a", "青禾县 增长", (Entity(0, 4, "ORG"),))
    assert document_to_doc(document, characters).lost == document.entities


def test_relations_can_be_set_by_hand_and_read_as_spans(characters):
    register_extensions()
    doc = characters("青禾县增长5%")
    head, tail = doc.char_span(0, 3, label="ORG"), doc.char_span(3, 7, label="METRIC")
    doc._.relations = [SpanRelation(head, tail, "HAS_METRIC", 0.75)]
    [relation] = doc._.relations
    assert (relation.head.text, relation.head.label_, relation.tail.text) == ("青禾县", "ORG", "增长5%")
    assert relation.score == 0.75
    [again] = Doc(doc.vocab).from_bytes(doc.to_bytes())._.relations
    assert (again.label, again.score) == ("HAS_METRIC", 0.75)


def test_a_doc_without_relations_has_none(characters):
    register_extensions()
    assert characters("青禾县")._.relations == []


def test_overlapping_entities_are_told_by_name(characters):
    document = Document("a", "青禾县政府", (Entity(0, 3, "ORG"), Entity(0, 5, "ORG")))
    with pytest.raises(GovnewsError, match="'青禾县政府' overlaps ORG '青禾县'"):
        document_to_doc(document, characters)
