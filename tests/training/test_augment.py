import random

import spacy
from hypothesis import given
from hypothesis import strategies as st

from govnews.convert import doc_to_document
from govnews.records import Document
from govnews.training.augment import PUNCTUATION, make_augmenter, vary
from govnews.training.reader import make_examples
from strategies import documents

MENTIONS = {"ORG": ["云岭镇", "县住建局"], "PROGRAM": ["“清流”行动"], "DATE": ["2023年"]}


@given(documents(), st.integers(0, 99), st.floats(0, 1), st.floats(0, 1))
def test_entities_and_relations_stay_exact_whatever_is_varied(document, seed, swap, figures):
    varied = vary(document, MENTIONS, random.Random(seed), swap=swap, figures=figures, punctuation=0.0)
    assert [e.label for e in varied.entities] == [e.label for e in document.entities]
    index = {e: n for n, e in enumerate(document.entities)}
    moved = {e: n for n, e in enumerate(varied.entities)}
    assert [(moved[r.head], moved[r.tail], r.label) for r in varied.relations] == [
        (index[r.head], index[r.tail], r.label) for r in document.relations
    ]
    for old, new in zip(document.entities, varied.entities, strict=True):
        before, after = document.surface(old), varied.surface(new)
        if old.label not in MENTIONS:
            assert len(before) == len(after)
            assert all(a == b or (a.isdigit() and b.isdigit()) for a, b in zip(before, after, strict=True))
        else:
            assert after == before or after in MENTIONS[old.label]

    def outside(d: Document) -> str:
        parts, at = [], 0
        for e in d.entities:
            parts.append(d.text[at : e.start])
            at = e.end
        return "|".join([*parts, d.text[at:]])

    assert outside(varied) == outside(document)


@given(documents())
def test_nothing_is_varied_where_nothing_is_asked(document):
    varied = vary(document, MENTIONS, random.Random(0), swap=0, figures=0, punctuation=0)
    assert (varied.text, varied.entities, varied.relations) == (document.text, document.entities, document.relations)


def test_punctuation_is_exchanged_one_for_one(ten):
    texts = {vary(ten, {}, random.Random(n), swap=0, figures=0, punctuation=1).text for n in range(20)}
    assert texts == {ten.text.translate(table) for table in PUNCTUATION}


def test_the_augmenter_gives_each_example_and_some_varied_ones(ten):
    nlp = spacy.blank("zh")
    augment = make_augmenter(level=1.0, swap=1.0, figures=1.0, punctuation=0.0)
    [example] = make_examples([ten], nlp)
    first, second = augment(nlp, example)
    assert first is example
    varied = doc_to_document(second.reference, ten)
    assert varied.text == second.predicted.text != ten.text
    assert [e.label for e in varied.entities] == [e.label for e in ten.entities]
    assert len(varied.relations) == len(ten.relations)
    names = {ten.surface(e) for e in ten.entities if e.label == "ORG"}
    assert {varied.surface(e) for e in varied.entities if e.label == "ORG"} <= names


def test_the_same_seed_gives_the_same_text(ten):
    nlp = spacy.blank("zh")
    texts = []
    for _ in range(2):
        augment = make_augmenter(level=0.5, swap=0.5, figures=0.5, punctuation=0.5, seed=4)
        texts.append([e.predicted.text for _ in range(5) for ex in make_examples([ten], nlp) for e in augment(nlp, ex)])
    assert texts[0] == texts[1]
    assert 5 < len(texts[0]) < 10
