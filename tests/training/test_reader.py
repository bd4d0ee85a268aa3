import logging

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st

from govnews.convert import doc_to_document
from govnews.errors import GovnewsError
from govnews.records import Document
from govnews.training.reader import cut_paragraphs, make_corpus_reader


def test_examples_hold_the_gold_entities_and_relations(ten, ten_path):
    [example] = make_corpus_reader(ten_path)(spacy.blank("zh"))
    assert doc_to_document(example.reference, ten) == ten
    assert example.predicted.ents == ()


def test_paragraphs_are_packed_without_losing_anything(ten, ten_path):
    examples = list(make_corpus_reader(ten_path, max_chars=60)(spacy.blank("zh")))
    assert 1 < len(examples) < 11
    assert "\n".join(example.reference.text for example in examples) == ten.text
    assert sum(len(example.reference.ents) for example in examples) == len(ten.entities)
    assert sum(len(example.reference._.relations) for example in examples) == len(ten.relations)


@given(st.text(alphabet="字\n", max_size=60), st.integers(0, 20))
def test_cut_documents_join_to_the_whole_and_paragraphs_stay_whole(text, size):
    parts = [part.text for part in cut_paragraphs(Document("a", text), size)]
    assert "\n".join(parts) == text
    if size:
        assert all(len(part) <= size or "\n" not in part for part in parts)


def test_the_corpus_folder_is_read_by_split(root):
    nlp = spacy.blank("zh")
    texts = {
        split: {example.reference.text for example in make_corpus_reader(root / "corpus", split)(nlp)}
        for split in ("train", "validation", "test")
    }
    assert all(texts.values())
    assert not texts["train"] & texts["test"]
    assert not texts["train"] & texts["validation"]


def test_further_text_is_read_whole_after_the_split(root, ten, ten_path):
    read = make_corpus_reader(root / "corpus", "validation", also=ten_path)
    alone = make_corpus_reader(root / "corpus", "validation")
    nlp = spacy.blank("zh")
    texts = [example.reference.text for example in read(nlp)]
    assert texts == [*(example.reference.text for example in alone(nlp)), ten.text]


def test_entities_lost_to_words_are_logged(ten_path, caplog):
    with caplog.at_level(logging.WARNING, logger="govnews"):
        list(make_corpus_reader(ten_path)(spacy.blank("xx")))
    assert "entities begin or end inside a token" in caplog.text


def test_none_is_lost_where_words_are_cut(ten, ten_path, caplog):
    with caplog.at_level(logging.WARNING, logger="govnews"):
        [example] = make_corpus_reader(ten_path, split_tokens=True)(spacy.blank("xx"))
    assert caplog.text == ""
    assert doc_to_document(example.reference, ten) == ten


@pytest.mark.parametrize("split", ["training", "dev"])
def test_an_unknown_split_is_told(root, split):
    with pytest.raises(GovnewsError, match="no split is called"):
        list(make_corpus_reader(root / "corpus", split)(spacy.blank("zh")))
