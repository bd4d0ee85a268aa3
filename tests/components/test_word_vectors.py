import numpy as np
import pytest
import spacy
from spacy.tokens import Doc
from spacy.vectors import Vectors

from govnews.components.embed_model import build_ngram_embed
from govnews.components.word_vectors import build_word_vectors, look_up
from govnews.convert import WORDS_KEY

TEXT = "企业发展 好"
TAGS = bytes([2, 4, 2, 4, 0, 1])


def make_doc(vectors=True):
    nlp = spacy.blank("zh")
    if vectors:
        keys = ["企业", "发展", "好"]
        nlp.vocab.vectors = Vectors(strings=nlp.vocab.strings, data=np.eye(3, dtype="f") + 1, keys=keys)
    return tag(nlp)


def tag(nlp):
    doc = Doc(nlp.vocab, words=list(TEXT), spaces=[False] * len(TEXT))
    doc.user_data[WORDS_KEY] = TAGS
    return doc


def test_each_character_has_the_vector_of_its_word_and_white_space_none():
    rows = look_up(make_doc(), 3)
    eye = np.eye(3) + 1
    assert rows.tolist() == [*[eye[0].tolist()] * 2, *[eye[1].tolist()] * 2, [0, 0, 0], eye[2].tolist()]


def test_an_unknown_word_has_zeros():
    doc = make_doc()
    doc.user_data[WORDS_KEY] = bytes([2, 3, 3, 4, 0, 1])
    assert not look_up(doc, 3)[:4].any()


def test_a_floret_table_has_a_vector_for_every_word():
    nlp = spacy.blank("zh")
    data = np.random.default_rng(0).normal(size=(20, 5)).astype("f")
    nlp.vocab.vectors = Vectors(
        strings=nlp.vocab.strings, data=data, mode="floret", minn=1, maxn=2, hash_count=2, hash_seed=1, bow="<", eow=">"
    )
    rows = look_up(tag(nlp), 5)
    assert rows[0].any()
    assert rows[0].tolist() == rows[1].tolist() != rows[2].tolist()


@pytest.mark.parametrize("vectors", [True, False])
def test_the_layer_has_one_row_a_token_also_without_vectors(vectors):
    doc = make_doc(vectors)
    empty = Doc(doc.vocab)
    model = build_word_vectors()
    model.initialize(X=[doc])
    output = model.predict([doc, empty])
    assert output.data.shape == (len(doc), 3 if vectors else 1)
    assert output.lengths.sum() == len(doc)


def test_the_embedding_sees_the_words():
    model = build_ngram_embed(8, 8, ["char"], [50], include_static_vectors=True)
    doc = make_doc()
    model.initialize(X=[doc])
    before = model.predict([doc])[0]
    doc.user_data[WORDS_KEY] = bytes([1, 1, 2, 4, 0, 1])
    after = model.predict([doc])[0]
    assert before.shape == (len(doc), 8)
    assert (before[:2] != after[:2]).any()
    assert (before[2:] == after[2:]).all()
