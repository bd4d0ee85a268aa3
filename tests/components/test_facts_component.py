"""Facts on documents: from entities and relations of any pipeline, kept by every serialization."""

import pytest
import spacy
from spacy.tokens import Doc
from spacy.training import Example

from govnews.convert import document_to_doc
from govnews.facts import find_facts
from govnews.formats.inline import parse_inline
from govnews.pipeline import load_model
from storages import STORAGES, store_and_load

SENTENCE = (
    "{DATE1:2022年}，{ORG1:青禾县}实现{METRIC1:地区生产总值86.4亿元}，{METRIC2:增长5.1%}。\n"
    "> ORG1 HAS_METRIC METRIC1\n> ORG1 HAS_METRIC METRIC2\n> METRIC1 HAS_DATE DATE1\n> METRIC2 HAS_DATE DATE1"
)
TEXT = "2022年，青禾县实现地区生产总值86.4亿元，增长5.1%。"


@pytest.fixture(scope="module")
def nlp():
    """Knows the entities of one sentence, and joins each to the nearest."""
    nlp = spacy.blank("zh")
    patterns = {"DATE": ["2022年"], "ORG": ["青禾县"], "METRIC": ["地区生产总值86.4亿元", "增长5.1%"]}
    nlp.add_pipe("entity_ruler").add_patterns(
        [{"label": label, "pattern": [{"TEXT": c} for c in text]} for label in patterns for text in patterns[label]]
    )
    document = parse_inline(f"# doc: a\n\n{SENTENCE}\n").documents[0]
    examples = [Example(nlp.make_doc(document.text), document_to_doc(document, nlp).doc)]
    nlp.add_pipe("nearest_relations").initialize(lambda: examples, nlp=nlp)
    nlp.add_pipe("normalize")
    nlp.add_pipe("facts")
    return nlp


def test_a_row_is_found_from_what_the_pipeline_found(nlp):
    first, second = nlp(TEXT)._.facts
    assert (first.organisation, first.indicator, first.value) == ("青禾县", "地区生产总值", 8_640_000_000)
    assert (first.period_start, first.period_end) == ("2022-01-01", "2022-12-31")
    assert (second.organisation, second.value, second.unit) == ("青禾县", 5.1, "%")


def test_a_trained_pipeline_finds_facts_with_scores(trained):
    nlp = load_model(trained)
    if "facts" not in nlp.pipe_names:
        nlp.add_pipe("facts")
    facts = nlp(TEXT)._.facts
    assert [fact.organisation for fact in facts] == ["青禾县", "青禾县"]
    assert all(0 < fact.score <= 1 for fact in facts)


def test_facts_are_those_of_the_record(ten):
    nlp = spacy.blank("zh")
    nlp.add_pipe("facts")
    doc = document_to_doc(ten, nlp).doc
    doc._.date = ten.date
    assert [f.to_row() | {"document": ten.id} for f in nlp(doc)._.facts] == [f.to_row() for f in find_facts(ten)]


def test_no_component_no_facts():
    assert Doc(spacy.blank("zh").vocab, words=["青", "禾"])._.facts == []


@pytest.mark.parametrize("storage", STORAGES)
def test_facts_survive(nlp, storage, tmp_path):
    doc = nlp(TEXT)
    expected = doc._.facts
    assert expected
    assert store_and_load(doc, storage, tmp_path)._.facts == expected


def test_facts_survive_other_processes(nlp):
    assert list(nlp.pipe([TEXT] * 3, n_process=2))[-1]._.facts == nlp(TEXT)._.facts


def test_the_pipeline_is_saved_and_loaded(nlp, tmp_path):
    nlp.to_disk(tmp_path / "nlp")
    assert load_model(tmp_path / "nlp")(TEXT)._.facts == nlp(TEXT)._.facts


@pytest.mark.parametrize("text", ["", "。", "\n\n", "😀" * 50])
def test_documents_without_figures_have_none(nlp, text):
    assert nlp(text)._.facts == []
