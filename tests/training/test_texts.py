import numpy as np
import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st

from govnews.components.features import FEATURES, read_doc
from govnews.components.lexicon import Lexicon
from govnews.components.tokenizer import CharacterTokenizer
from govnews.components.word_vectors import look_up
from govnews.convert import BEGIN, END, MIDDLE, SINGLE
from govnews.training.texts import Reader, Texts, character_tags, choose_words, number_characters


def test_texts_become_arrays():
    texts = Texts.read([[("地区生产", "n"), ("值", "n")], [("增长", "v")]], {"B-n": 0, "S-n": 1, "B-v": 2})
    assert texts.codes.tolist() == [*map(ord, "地区生产值"), 0, *map(ord, "增长"), 0]
    assert texts.places.tolist() == [BEGIN, MIDDLE, MIDDLE, END, SINGLE, 0, BEGIN, END, 0]
    assert texts.targets.tolist() == [0, -1, -1, -1, 1, -1, 2, -1, -1]
    assert texts.bounds.tolist() == [0, 6, 9]
    assert [texts.vocabulary[number] for number in texts.words[[0, 4, 6]]] == ["地区生产", "值", "增长"]
    assert texts.take([1]).tolist() == [6, 7, 8]


@given(st.lists(st.integers(1, 9), min_size=1, max_size=30), st.integers(1, 40), st.integers(0, 3))
def test_an_epoch_of_batches_holds_every_text_once(lengths, size, seed):
    texts = Texts.read([[("字" * length, "n")] for length in lengths])
    batches = texts.batches(size, np.random.default_rng(seed))
    seen = []
    while len(seen) < len(texts.codes):
        batch = next(batches)
        assert len(batch) < size + 10 + 10
        seen += batch.tolist()
    assert sorted(seen) == list(range(len(texts.codes)))


@given(st.lists(st.integers(1, 4), min_size=1, max_size=50), st.floats(0, 1))
def test_words_are_masked_whole(lengths, share):
    numbers = np.repeat(np.arange(len(lengths)), lengths)
    chosen = choose_words(numbers, share, np.random.default_rng(0))
    for number in range(len(lengths)):
        assert len(set(chosen[numbers == number].tolist())) == 1
    if share in (0, 1):
        assert chosen.all() == bool(share)


def test_rare_characters_are_not_guessed():
    codes = np.array([ord("县")] * 30 + [ord("𠮷")] + [0], dtype=np.uint32)
    numbers = number_characters(codes)
    assert numbers[ord("县")] == 0
    assert numbers[ord("𠮷")] == numbers[0] == -1


def test_characters_carry_the_place_in_their_word():
    assert [tag for _, tag in character_tags([("地区生产", "n"), ("总值", "n"), ("增", "v")])] == [
        "B-n", "M-n", "M-n", "E-n", "B-n", "E-n", "S-v",
    ]  # fmt: skip


@pytest.fixture(scope="module")
def nlp(root):
    nlp = spacy.load(root / "training/pretrained/vectors")
    nlp.tokenizer = CharacterTokenizer(nlp.vocab)
    nlp.tokenizer.initialize(pkuseg_model=str(root / "training/pretrained/segmenter"))
    nlp.tokenizer.lexicon = Lexicon(["企业", "企业发展", "发展", "企业增长", "长发展", "增长"])
    return nlp


def read(nlp, *sentences, masked=()):
    texts = Texts.read([[(word, "") for word in sentence.split()] for sentence in sentences])
    positions = texts.take(range(len(texts)))
    return Reader(nlp, FEATURES, texts).read(positions, np.isin(texts.numbers[positions], masked))


def test_without_masks_the_encoder_sees_what_it_sees_of_a_doc(nlp):
    docs = [nlp.make_doc(text) for text in ("企业发展增长5%。", "好", "企业增长")]
    batch = read(nlp, *(" ".join(doc._.words) for doc in docs))
    assert batch.lengths == [len(doc) for doc in docs]
    assert (batch.ids == np.concatenate([read_doc(doc, FEATURES).ids(FEATURES) for doc in docs])).all()
    vectors = np.concatenate([look_up(doc, nlp.vocab.vectors_length) for doc in docs])
    np.testing.assert_allclose(batch.vectors, vectors, rtol=1e-5)


@pytest.mark.parametrize("hidden", ["增长", "发展", "下降"])
def test_nothing_tells_a_masked_word(nlp, hidden):
    first = read(nlp, "企业 增长 发展 5% 。", "企业", masked=[1])
    other = read(nlp, f"企业 {hidden} 发展 5% 。", "企业", masked=[1])
    assert (first.ids == other.ids).all()
    assert (first.vectors == other.vectors).all()
    assert not first.vectors[2:4].any()
