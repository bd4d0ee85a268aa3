import pickle
from pathlib import Path

import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.vocab import Vocab

from govnews.components.tokenizer import CharacterTokenizer
from govnews.convert import BEGIN, END, MIDDLE, SINGLE, WORDS_KEY
from govnews.errors import ModelError
from govnews.words import read_words

TEXT = "雨湖区全年新增规模以上工业企业5家，\n技术合同成交额达30亿元。 See QCD-800型🚄 \t完"


@pytest.fixture(scope="module")
def tokenizer(root: Path) -> CharacterTokenizer:
    tokenizer = CharacterTokenizer(Vocab())
    tokenizer.initialize(pkuseg_model=str(root / "training/pretrained/segmenter"))
    return tokenizer


def test_token_i_is_code_point_i(tokenizer):
    doc = tokenizer(TEXT)
    assert [token.text for token in doc] == list(TEXT)
    assert doc.text == TEXT


@settings(deadline=None, max_examples=200)
@given(text=st.text(alphabet=st.characters(codec="utf-8"), max_size=60))
def test_any_text_comes_back_exactly(tokenizer, text):
    doc = tokenizer(text)
    assert doc.text == text
    assert len(doc) == len(text)
    assert "".join(doc._.words) == "".join(text.split())


def test_words_are_those_of_pkuseg(tokenizer):
    text = "全年新增规模以上工业企业5家。"
    assert tokenizer(text)._.words == tokenizer.pkuseg_seg.cut(text)
    assert "企业" in tokenizer(text)._.words


def test_tags_mark_where_words_begin_and_end(tokenizer):
    doc = tokenizer(TEXT)
    tags = doc.user_data[WORDS_KEY]
    position = 0
    for word in doc._.words:
        position = TEXT.index(word, position)
        expected = [SINGLE] if len(word) == 1 else [BEGIN, *[MIDDLE] * (len(word) - 2), END]
        assert list(tags[position : position + len(word)]) == expected
        position += len(word)
    assert all(tags[i] == 0 for i, char in enumerate(TEXT) if char.isspace())


def test_a_word_of_the_list_is_never_cut(root, tmp_path):
    words = tmp_path / "words.txt"
    words.write_text("# comment\n尖晶石锰酸锂\n\n", encoding="utf-8")
    assert read_words(words) == ["尖晶石锰酸锂"]
    model = str(root / "training/pretrained/segmenter")
    tokenizer = CharacterTokenizer(Vocab())
    tokenizer.initialize(pkuseg_model=model)
    assert "尖晶石锰酸锂" not in tokenizer("生产尖晶石锰酸锂电池")._.words
    tokenizer.initialize(pkuseg_model=model, pkuseg_user_dict=str(words))
    assert "尖晶石锰酸锂" in tokenizer("生产尖晶石锰酸锂电池")._.words


@pytest.mark.parametrize("store", ["disk", "bytes", "pickle"])
def test_the_segmenter_survives_storage(tokenizer, tmp_path, store):
    if store == "disk":
        tokenizer.to_disk(tmp_path / "tokenizer")
        again = CharacterTokenizer(Vocab())
        again.from_disk(tmp_path / "tokenizer")
    elif store == "bytes":
        again = CharacterTokenizer(Vocab())
        again.from_bytes(tokenizer.to_bytes())
    else:
        again = pickle.loads(pickle.dumps(tokenizer))
    assert again(TEXT)._.words == tokenizer(TEXT)._.words


def test_without_a_model_every_character_is_a_word(tmp_path):
    tokenizer = CharacterTokenizer(Vocab())
    tokenizer.initialize(pkuseg_model=None)
    assert tokenizer("增长 5%")._.words == ["增", "长", "5", "%"]
    tokenizer.to_disk(tmp_path / "tokenizer")
    again = CharacterTokenizer(Vocab())
    again.from_disk(tmp_path / "tokenizer")
    assert again("增长")._.words == ["增", "长"]


def test_a_folder_without_a_model_is_named(tmp_path):
    with pytest.raises(ModelError, match="holds no pkuseg model") as caught:
        CharacterTokenizer(Vocab()).initialize(pkuseg_model=str(tmp_path))
    assert caught.value.path == str(tmp_path)


def test_cost_does_not_explode_without_any_sentence_end(tokenizer):
    text = "同比增长" * 20_000
    assert len(tokenizer(text)) == 80_000


def test_words_of_a_stock_pipeline_are_its_tokens():
    from govnews.convert import register_extensions

    register_extensions()
    assert spacy.blank("zh")("增长 5%")._.words == ["增", "长", "5", "%"]
