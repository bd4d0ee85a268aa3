from dataclasses import replace

import pytest
import spacy
from hypothesis import assume, given
from hypothesis import strategies as st
from spacy.tokens import Span

from govnews.components.relation_candidates import N_FEATURES, CandidateRule, propose
from govnews.convert import document_to_doc
from govnews.records import LABELS, SIGNATURES
from strategies import documents

ALL = [(head, tail, label) for label, pairs in SIGNATURES.items() for head, tail in pairs]


@pytest.fixture(scope="module")
def nlp():
    return spacy.blank("zh")


def make(nlp, text, *spans):
    doc = nlp.make_doc(text)
    entities = []
    for surface, label in spans:
        start = text.index(surface)
        entities.append(doc.char_span(start, start + len(surface), label=label))
    doc.set_ents(entities)
    return doc


def pairs(candidates):
    return {(h.text, t.text) for h, t in zip(candidates.heads, candidates.tails, strict=True)}


def test_pairs_are_those_a_signature_allows_within_a_sentence(nlp):
    doc = make(
        nlp,
        "今年青禾县增长5%。云岭镇启动“清流”行动",
        ("今年", "DATE"),
        ("青禾县", "ORG"),
        ("增长5%", "METRIC"),
        ("云岭镇", "ORG"),
        ("“清流”行动", "PROGRAM"),
    )
    found = propose(doc, doc.ents, ALL, window=40)
    expected = {
        (head.text, tail.text)
        for head in doc.ents
        for tail in doc.ents
        if head != tail
        and (head.start < 10) == (tail.start < 10)
        and any((head.label_, tail.label_) in allowed for allowed in SIGNATURES.values())
    }
    assert pairs(found) == expected
    assert ("青禾县", "增长5%") in expected
    assert found.features.shape == (len(expected), N_FEATURES)


@pytest.mark.parametrize("spans", [(), (("青禾县", "ORG"),), (("今年", "DATE"), ("青禾县", "ORG"))])
def test_no_candidate_is_no_special_case(nlp, spans):
    doc = make(nlp, "今年青禾县增长5%。", *spans)
    found = propose(doc, doc.ents, ALL, window=40)
    assert len(found) == 0
    assert found.features.shape == (0, N_FEATURES)
    assert found.offsets().shape == (0, 6)


def test_the_window_bounds_what_lies_between(nlp):
    text = "甲" + "、".join(f"{n}家" for n in range(10, 20))
    doc = make(nlp, text, ("甲", "ORG"), *((f"{n}家", "METRIC") for n in range(10, 20)))
    assert pairs(propose(doc, doc.ents, [("ORG", "METRIC", "HAS_METRIC")], window=3)) == {
        ("甲", f"{n}家") for n in range(10, 14)
    }


def test_pairs_grow_linearly_with_a_sentence_that_never_ends(nlp):
    counts = []
    for repeats in (200, 400):
        doc = nlp.make_doc("甲5家，" * repeats)
        spans = [Span(doc, 4 * n, 4 * n + 1, label="ORG") for n in range(repeats)]
        spans += [Span(doc, 4 * n + 1, 4 * n + 3, label="METRIC") for n in range(repeats)]
        counts.append(len(propose(doc, spans, ALL, window=10)))
    assert counts[1] < 2.2 * counts[0]


def test_offsets_give_head_tail_and_the_text_between(nlp):
    doc = make(nlp, "青禾县新增5家", ("青禾县", "ORG"), ("5家", "METRIC"))
    found = propose(doc, doc.ents, ALL, window=40)
    assert found.offsets().tolist() == [[0, 3, 5, 7, 3, 5]]


def test_order_and_distance_change_the_features(nlp):
    near = make(nlp, "青禾县5家", ("青禾县", "ORG"), ("5家", "METRIC"))
    far = make(nlp, "青禾县今年以来全力推进新增5家", ("青禾县", "ORG"), ("5家", "METRIC"))
    after = make(nlp, "5家在青禾县", ("青禾县", "ORG"), ("5家", "METRIC"))
    rows = [propose(doc, doc.ents, ALL, window=40).features[0] for doc in (near, far, after)]
    assert rows[0][1] != rows[1][1]
    assert (rows[0] != rows[2]).all()
    assert rows[0][0] == rows[1][0]


@given(documents(), st.sets(st.sampled_from([(h, t, "R") for h in LABELS for t in LABELS])), st.integers(0, 2))
def test_the_rule_says_of_each_pair_whether_it_is_proposed(document, signatures, window):
    entities = [e for e in document.entities if document.surface(e).strip() == document.surface(e)]
    document = replace(document, entities=tuple(entities), relations=())
    doc = document_to_doc(document, spacy.blank("zh")).doc
    assume(len(doc.ents) == len(entities))
    found = propose(doc, doc.ents, signatures, window=window)
    proposed = {(h.start_char, t.start_char) for h, t in zip(found.heads, found.tails, strict=True)}
    rule = CandidateRule(signatures, window=window)
    allowed = {(h.start, t.start) for h in entities for t in entities if rule(document, h, t)}
    assert allowed == proposed
