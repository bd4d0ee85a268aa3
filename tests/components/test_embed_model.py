import numpy as np
import pytest
import spacy
from spacy.tokens import Doc

from govnews.components.embed_model import build_ngram_embed
from govnews.components.features import FEATURES, read_doc
from govnews.components.lexicon import Lexicon
from govnews.components.tokenizer import CharacterTokenizer
from govnews.convert import WORDS_KEY


@pytest.fixture(scope="module")
def nlp(root):
    nlp = spacy.blank("zh")
    nlp.tokenizer = CharacterTokenizer(nlp.vocab)
    nlp.tokenizer.initialize(pkuseg_model=str(root / "training/pretrained/segmenter"))
    nlp.tokenizer.lexicon = Lexicon(["高质量", "高质量发展", "发展"])
    return nlp


def feature_ids(doc, features):
    return read_doc(doc, features).ids(features)


def test_equal_contexts_have_equal_features_and_others_not(nlp):
    doc = nlp.make_doc("增长5%，增长6%")
    ids = feature_ids(doc, list(FEATURES))
    columns = dict(zip(FEATURES, ids.T, strict=True))
    assert columns["char"][0] == columns["char"][5] != columns["char"][1]
    assert columns["right_bigram"][0] == columns["right_bigram"][5]  # 增 before 长, twice
    assert columns["left_bigram"][0] != columns["left_bigram"][5]  # text start against comma
    assert columns["right_bigram"][1] != columns["right_bigram"][6]  # 长5 against 长6
    assert columns["shape"][2] == columns["shape"][7] != columns["shape"][1]  # digits


def test_left_bigram_is_the_right_bigram_of_the_character_before(nlp):
    doc = nlp.make_doc("高质量发展高质量")
    left = feature_ids(doc, ["left_bigram"]).ravel()
    right = feature_ids(doc, ["right_bigram"]).ravel()
    same_left = [(i, j) for i in range(1, 8) for j in range(1, 8) if left[i] == left[j]]
    same_right = [(i + 1, j + 1) for i in range(7) for j in range(7) if right[i] == right[j]]
    assert same_left == same_right


def test_the_word_feature_tells_positions_in_words_apart(nlp):
    doc = nlp.make_doc("企业发展")
    doc.user_data[WORDS_KEY] = bytes([2, 4, 2, 4])
    before = feature_ids(doc, ["word"]).ravel()
    doc.user_data[WORDS_KEY] = bytes([1, 1, 2, 4])
    after = feature_ids(doc, ["word"]).ravel()
    assert (before[:2] != after[:2]).all()
    assert (before[2:] == after[2:]).all()


def test_trigrams_tell_both_neighbours(nlp):
    ids = feature_ids(nlp.make_doc("增长5增长6"), ["trigram"]).ravel()
    assert ids[0] != ids[3]  # text start against 5, both before 长
    assert ids[1] != ids[4]
    same = feature_ids(nlp.make_doc("中增长5，中增长6"), ["trigram"]).ravel()
    assert same[1] == same[6]  # 中增长, twice
    assert same[2] != same[7]


def test_lexicon_features_are_of_the_longest_word_that_begins_or_ends(nlp):
    doc = nlp.make_doc("推动高质量发展，高质量")
    begin, end = feature_ids(doc, ["lexicon_begin", "lexicon_end"]).T
    assert [n for n in range(len(doc)) if begin[n]] == [2, 5, 8]
    assert begin[2] != begin[8]  # 高质量发展 against 高质量
    assert [n for n in range(len(doc)) if end[n]] == [4, 6, 10]
    assert end[4] == end[10] == begin[8]
    assert end[6] == begin[2]


def test_affixes_and_length_are_of_the_token(nlp):
    words = ["县政府", "县", "政府", "县委", "乡政府", "一二三四五六七八九", "一二三四五六七八九十"]
    doc = Doc(nlp.vocab, words=words, spaces=[True, False, False, True, False, False, False])
    columns = feature_ids(doc, ["prefix", "prefix2", "suffix", "suffix2", "length"]).T
    prefix, prefix2, suffix, suffix2, length = ([list(column).index(value) for value in column] for column in columns)
    assert prefix == [0, 0, 2, 0, 4, 5, 5]
    assert prefix2 == [0, 1, 2, 3, 4, 5, 5]
    assert suffix == [0, 1, 0, 3, 0, 5, 6]
    assert suffix2 == [0, 1, 0, 3, 0, 5, 6]
    assert length == [0, 1, 2, 2, 0, 5, 5]
    begins, ends = columns[0], columns[2]
    assert begins[1] == ends[1]  # 县 begins and ends 县


def test_affixes_do_not_depend_on_the_rest_of_the_text(nlp):
    features = ["prefix", "prefix2", "suffix", "suffix2", "length"]
    alone = feature_ids(Doc(nlp.vocab, words=["地区", "生产总值"], spaces=[False, False]), features)
    later = feature_ids(Doc(nlp.vocab, words=["今年", "，", "地区", "生产总值", "增长"], spaces=[True] * 5), features)
    assert (alone == later[2:4]).all()


def test_a_doc_without_boundaries_warns_and_works(nlp):
    doc = spacy.blank("zh").make_doc("增长")
    with pytest.warns(UserWarning, match="without word boundaries"):
        assert feature_ids(doc, ["word"]).shape == (2, 1)


def test_output_has_one_row_a_token_and_the_empty_doc_none(nlp):
    model = build_ngram_embed(16, 8, list(FEATURES), [50] * len(FEATURES), include_static_vectors=False)
    docs = [nlp.make_doc(text) for text in ("雨湖区", "", "增长6.2%")]
    model.initialize(X=docs)
    assert [vectors.shape for vectors in model.predict(docs)] == [(3, 16), (0, 16), (6, 16)]


def test_batches_do_not_change_the_result(nlp):
    model = build_ngram_embed(16, 8, ["char", "right_bigram"], [50, 50], include_static_vectors=False)
    docs = [nlp.make_doc(text) for text in ("雨湖区", "增长6.2%")]
    model.initialize(X=docs)
    together = model.predict(docs)
    for doc, vectors in zip(docs, together, strict=True):
        np.testing.assert_allclose(model.predict([doc])[0], vectors, rtol=1e-5)


@pytest.mark.parametrize(
    ("features", "rows", "message"),
    [
        (["char", "colour"], [5, 5], "found colour"),
        ([], [], "found none"),
        (["char"], [5, 5], "2 values for 1 features"),
    ],
)
def test_wrong_settings_are_named(features, rows, message):
    with pytest.raises(ValueError, match=message):
        build_ngram_embed(8, 8, features, rows, include_static_vectors=False)
