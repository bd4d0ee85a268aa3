from itertools import pairwise

import numpy as np
import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st

from govnews.components.features import AFFIXES, FEATURES, read_doc
from govnews.components.lexicon import Lexicon
from govnews.components.tokenizer import CharacterTokenizer
from govnews.components.word_tokenizer import WordTokenizer
from govnews.components.word_vectors import look_up
from govnews.convert import BEGIN, END, MIDDLE, SINGLE
from govnews.training import texts as module
from govnews.training.texts import NOTHING, UNKNOWN, Reader, Texts, choose_words, number_units, unit_tags


def test_texts_become_arrays():
    texts = Texts.read([[("地区生产", "n"), ("值", "n")], [("增长", "v")]], {"B-n": 0, "S-n": 1, "B-v": 2})
    assert [texts.inventory[unit] for unit in texts.units] == [*"地区生产值", "\0", *"增长", "\0"]
    assert texts.inventory == sorted(texts.inventory)
    assert texts.characters == 9
    assert texts.places.tolist() == [BEGIN, MIDDLE, MIDDLE, END, SINGLE, 0, BEGIN, END, 0]
    assert texts.targets.tolist() == [0, UNKNOWN, UNKNOWN, UNKNOWN, 1, NOTHING, 2, UNKNOWN, NOTHING]
    assert texts.bounds.tolist() == [0, 6, 9]
    assert [texts.vocabulary[number] for number in texts.words[[0, 4, 6]]] == ["地区生产", "值", "增长"]
    assert texts.take([1]).tolist() == [6, 7, 8]


def halves(text):
    return [text[at : at + 2] for at in range(0, len(text), 2)]


def test_word_tokens_become_arrays():
    sentences = [[("地区生产", "n"), ("值增长", "v")], [("地区", "n")]]
    texts = Texts.read(sentences, {"B-n": 0, "E-n": 1, "B-v": 2}, cut=halves)
    assert [texts.inventory[unit] for unit in texts.units] == ["地区", "生产", "值增", "长", "\0", "地区", "\0"]
    assert texts.vocabulary == ["地区", "生产", "值增", "长"]
    assert [texts.vocabulary[word] for word in texts.words[:4]] == texts.vocabulary
    assert texts.words[4] == texts.words[6] == -1
    assert not texts.places.any()
    assert len(set(texts.numbers.tolist())) == 7
    assert texts.targets.tolist() == [0, 1, 2, UNKNOWN, NOTHING, UNKNOWN, NOTHING]
    assert texts.bounds.tolist() == [0, 5, 7]
    assert texts.characters == 11


def test_an_unsegmented_line_is_cut_as_a_segmented_one():
    segmented, whole = (
        Texts.read([sentence], cut=halves) for sentence in ([("增", ""), ("长五", "")], [("增长五", "")])
    )
    assert segmented.inventory == whole.inventory
    assert segmented.units.tolist() == whole.units.tolist()


@given(st.lists(st.integers(1, 4), max_size=9), st.lists(st.integers(1, 4), min_size=9, max_size=9))
def test_tags_of_units_are_those_of_the_words_around_them(words, sizes):
    text = "".join(chr(0x4E00 + n) for n in range(sum(words)))
    bounds = np.cumsum([0, *words])
    sentence = [(text[a:b], str(n)) for n, (a, b) in enumerate(pairwise(bounds))]
    cuts = [*np.minimum(np.cumsum([0, *sizes]), len(text)).tolist(), len(text)]
    units = [text[a:b] for a, b in pairwise(cuts) if b > a]
    found = list(unit_tags(sentence, lambda _: units))
    assert [unit for unit, _ in found] == units
    for unit, tag in found:
        inside = [(word, number) for word, number in sentence if unit in word]
        if not inside:
            assert tag == ""
            continue
        [(word, number)] = inside
        place = {(True, True): "S", (True, False): "B", (False, True): "E", (False, False): "M"}
        assert tag == f"{place[word.startswith(unit), word.endswith(unit)]}-{number}"


@given(st.lists(st.integers(1, 9), min_size=1, max_size=30), st.integers(1, 40), st.integers(0, 3))
def test_an_epoch_of_batches_holds_every_text_once(lengths, size, seed):
    texts = Texts.read([[("字" * length, "n")] for length in lengths])
    batches = texts.batches(size, np.random.default_rng(seed))
    seen = []
    while len(seen) < len(texts.units):
        batch = next(batches)
        assert len(batch) < size + 10 + 10
        seen += batch.tolist()
    assert sorted(seen) == list(range(len(texts.units)))


@given(st.lists(st.integers(1, 4), min_size=1, max_size=50), st.floats(0, 1))
def test_words_are_masked_whole(lengths, share):
    numbers = np.repeat(np.arange(len(lengths)), lengths)
    chosen = choose_words(numbers, share, np.random.default_rng(0))
    for number in range(len(lengths)):
        assert len(set(chosen[numbers == number].tolist())) == 1
    if share in (0, 1):
        assert chosen.all() == bool(share)


def test_rare_units_are_not_guessed():
    numbers = number_units(Texts.read([[("县", "")] * 30 + [("𠮷", "")] + [("市", "")] * 40]))
    assert numbers == {"市": 0, "县": 1}


def test_only_the_most_frequent_units_are_guessed(monkeypatch):
    monkeypatch.setattr(module, "MAX_CLASSES", 2)
    numbers = number_units(Texts.read([[("县市", "")] * 30 + [("市镇", "")] * 40], cut=halves))
    assert numbers == {"市镇": 0, "县市": 1}
    assert len(number_units(Texts.read([[("县市镇", "")] * 30]))) == 2


def test_characters_carry_the_place_in_their_word():
    assert [tag for _, tag in unit_tags([("地区生产", "n"), ("总值", "n"), ("增", "v")])] == [
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


WORD_FEATURES = ("char", "left_bigram", "right_bigram", *AFFIXES, "shape", "length", "tag")


@pytest.fixture(scope="module")
def word_nlp(root):
    nlp = spacy.load(root / "training/pretrained/vectors")
    nlp.tokenizer = WordTokenizer(nlp.vocab)
    return nlp


def read_words(nlp, *sentences, masked=()):
    texts = Texts.read([[(sentence, "")] for sentence in sentences], cut=nlp.tokenizer.cut)
    positions = texts.take(range(len(texts)))
    return Reader(nlp, WORD_FEATURES, texts).read(positions, np.isin(texts.numbers[positions], masked))


def test_of_word_tokens_the_encoder_sees_what_it_sees_of_a_doc(word_nlp):
    docs = [word_nlp.make_doc(text) for text in ("市委书记说，企业发展增长5%，", "好", "See企业（QCD-800）增长")]
    batch = read_words(word_nlp, *(doc.text for doc in docs))
    assert batch.lengths == [len(doc) for doc in docs]
    assert (batch.ids == np.concatenate([read_doc(doc, WORD_FEATURES).ids(WORD_FEATURES) for doc in docs])).all()
    vectors = np.concatenate([look_up(doc, word_nlp.vocab.vectors_length) for doc in docs])
    np.testing.assert_allclose(batch.vectors, vectors, rtol=1e-5)


@pytest.mark.parametrize("hidden", ["增长", "发展", "2023", "。", "GDP"])
def test_nothing_tells_a_masked_word_token(word_nlp, hidden):
    first = read_words(word_nlp, "企业下降，政府", masked=[1])
    other = read_words(word_nlp, f"企业{hidden}，政府", masked=[1])
    assert len(first.ids) == len(other.ids) == 4
    assert (first.ids == other.ids).all()
    assert (first.vectors == other.vectors).all()
    assert not first.vectors[1].any()
    seen = read_words(word_nlp, "企业下降，政府")
    assert (first.ids[1] != seen.ids[1]).all()
