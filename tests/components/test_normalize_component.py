"""Figures and dates on spans, and that they survive whatever spaCy does with a document."""

from datetime import date
from decimal import Decimal

import pytest
import spacy

from govnews.normalize.values import Unreadable
from storages import STORAGES, store_and_load

TEXT = "去年，青禾县实现地区生产总值86.4亿元，增长5.1%。前不久，成绩名列前茅。"
PATTERNS = [
    {"label": "DATE", "pattern": [{"TEXT": c} for c in "去年"]},
    {"label": "DATE", "pattern": [{"TEXT": c} for c in "前不久"]},
    {"label": "ORG", "pattern": [{"TEXT": c} for c in "青禾县"]},
    {"label": "METRIC", "pattern": [{"TEXT": c} for c in "地区生产总值86.4亿元"]},
    {"label": "METRIC", "pattern": [{"TEXT": c} for c in "增长5.1%"]},
    {"label": "METRIC", "pattern": [{"TEXT": c} for c in "名列前茅"]},
]


@pytest.fixture(scope="module")
def nlp():
    nlp = spacy.blank("zh")
    nlp.add_pipe("entity_ruler").add_patterns(PATTERNS)
    nlp.add_pipe("normalize")
    return nlp


def dated(nlp, text=TEXT):
    doc = nlp.make_doc(text)
    doc._.date = date(2024, 1, 15)
    return nlp(doc)


def read(doc):
    return [(span.text, span._.quantity, span._.period) for span in doc.ents]


def test_metrics_have_a_quantity_and_dates_a_period(nlp):
    found = {text: (quantity, period) for text, quantity, period in read(dated(nlp))}
    gdp, growth = found["地区生产总值86.4亿元"][0], found["增长5.1%"][0]
    assert (gdp.indicator, gdp.value, gdp.unit) == ("地区生产总值", Decimal(8_640_000_000), "CNY")
    assert (growth.kind, growth.direction, growth.value) == ("percent", "up", Decimal("5.1"))
    assert found["去年"][1].start == date(2023, 1, 1)
    assert found["青禾县"] == (None, None)
    assert found["去年"][0] is None


def test_what_cannot_be_read_says_why(nlp):
    found = {text: quantity or period for text, quantity, period in read(dated(nlp))}
    assert isinstance(found["前不久"], Unreadable)
    for text, quantity, _ in read(dated(nlp)):
        if text == "名列前茅":
            assert isinstance(quantity, Unreadable)
            assert quantity.reason


def test_without_a_date_relative_dates_are_unreadable_and_figures_are_not(nlp):
    found = {text: (quantity, period) for text, quantity, period in read(nlp(TEXT))}
    assert isinstance(found["去年"][1], Unreadable)
    assert found["增长5.1%"][0].value == Decimal("5.1")


def test_the_date_of_a_document_is_a_day(nlp):
    doc = nlp.make_doc("")
    assert doc._.date is None
    doc._.date = "2024-01-15"
    assert doc._.date == date(2024, 1, 15)
    with pytest.raises(ValueError, match="2024"):
        doc._.date = "2024年"


@pytest.mark.parametrize("storage", STORAGES)
def test_values_survive(nlp, storage, tmp_path):
    doc = dated(nlp)
    assert read(store_and_load(doc, storage, tmp_path)) == read(doc)


def test_values_survive_other_processes(nlp):
    docs = [nlp.make_doc(TEXT) for _ in range(3)]
    for one in docs:
        one._.date = date(2024, 1, 15)
    assert read(list(nlp.pipe(docs, n_process=2))[-1]) == read(dated(nlp))


def test_the_pipeline_is_saved_and_loaded(nlp, tmp_path):
    nlp.to_disk(tmp_path / "nlp")
    assert read(dated(spacy.load(tmp_path / "nlp"))) == read(dated(nlp))
    again = spacy.blank("zh", config=nlp.config).from_bytes(nlp.to_bytes())
    assert read(dated(again)) == read(dated(nlp))


def test_an_empty_document_is_no_special_case(nlp):
    assert read(nlp("")) == []
