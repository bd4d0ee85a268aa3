import pickle
import time

import pytest
import spacy
from hypothesis import example, given, settings
from hypothesis import strategies as st
from spacy.tokens import DocBin
from spacy.training.initialize import init_nlp
from spacy.training.loop import train
from spacy.util import load_config
from spacy.vocab import Vocab

from govnews.ceiling import measure_ceiling
from govnews.components import word_tokenizer
from govnews.components.word_tokenizer import WordTokenizer, load_jieba, read_dictionary
from govnews.convert import doc_to_document
from govnews.corpus.load import load_split

TEXT = "青禾县委书记说，2022年6月新增规模以上企业1,200余家，\r\n\n  增长6.2%。 See QCD-800型🚄 \t“完”"
TRICKY = [
    "个",
    "年",
    "2023",
    "1,2",
    "…",
    "—",
    " ",
    "  ",
    "\n",
    "\u3000",
    "\x1c",
    "\u2028",
    "〇",
    "县",
    "委",
    "书记",
    "％",
    "𠮷",
]


@pytest.fixture(scope="module")
def tokenizer():
    return WordTokenizer(Vocab())


@pytest.fixture(scope="module")
def nlp():
    nlp = spacy.blank("zh")
    nlp.tokenizer = WordTokenizer(nlp.vocab)
    return nlp


@pytest.mark.parametrize(
    "cut",
    [
        "县委 书记 是 市 科技局 局长",
        "2022 年 6 月 12 日 前 完成",
        "2023 年 产值 86.4 亿元 ， 年 内 还要 增长",
        "新增 企业 1,200 余 家",
        "帮助 12 户 人家",
        "增长 6.2 % ， 提高 0.3 个 百分点",
        "推进 污水 处理 试点 工作",
        "“ 五个 中心 ” （ 第一批 ）",
        "QCD - 800 型 、 5 G 基站",
        "从 今天 起 …… —— 好",
        "坚持 实事求是",
        "服务 100 个体户",
    ],
)
def test_words_end_where_entities_may(tokenizer, cut):
    assert tokenizer.cut(cut.replace(" ", "")) == cut.split()


@settings(deadline=None, max_examples=300)
@given(
    text=st.text(alphabet=st.characters(codec="utf-8"), max_size=60)
    | st.lists(st.sampled_from(TRICKY), max_size=20).map("".join)
)
@example(text=TEXT)
@example(text="")
def test_any_text_comes_back_exactly(tokenizer, text):
    words = tokenizer.cut(text)
    assert all(words)
    assert "".join(words) == text
    doc = tokenizer(text)
    assert doc.text == text
    assert all(token.text for token in doc)
    assert [token.text for token in tokenizer(text)] == [token.text for token in doc]


def test_a_line_break_is_a_token_and_one_space_belongs_to_the_word_before(tokenizer):
    doc = tokenizer(" 增长 5%\r\n\n  GDP  增")
    assert [token.text_with_ws for token in doc] == [" ", "增长 ", "5", "%", "\r", "\n", "\n", "  ", "GDP", "  ", "增"]


def test_words_of_the_doc_are_its_tokens(tokenizer):
    doc = tokenizer("市委 书记\n新增企业5家。")
    assert doc._.words == [token.text for token in doc if not token.is_space]


@pytest.mark.parametrize("store", ["disk", "bytes", "pickle"])
def test_it_survives_storage(nlp, tmp_path, store):
    expected = nlp.tokenizer.cut(TEXT)
    if store == "disk":
        nlp.tokenizer.to_disk(tmp_path / "tokenizer")
        again = WordTokenizer(Vocab()).from_disk(tmp_path / "tokenizer")
    elif store == "bytes":
        again = WordTokenizer(Vocab()).from_bytes(nlp.tokenizer.to_bytes())
    else:
        again = pickle.loads(pickle.dumps(nlp.tokenizer))
    assert again.cut(TEXT) == expected
    assert again(TEXT).text == TEXT


def test_a_pipeline_of_its_own_loads_again(tmp_path):
    config = {"nlp": {"tokenizer": {"@tokenizers": "govnews.WordTokenizer.v1"}}}
    nlp = spacy.blank("zh", config=config)
    nlp.add_pipe("sentences")
    nlp.to_disk(tmp_path / "model")
    again = spacy.load(tmp_path / "model")
    assert isinstance(again.tokenizer, WordTokenizer)
    assert [token.text for token in again(TEXT)] == [token.text for token in nlp(TEXT)]
    bytes_again = spacy.blank("zh", config=config)
    bytes_again.add_pipe("sentences")
    bytes_again.from_bytes(nlp.to_bytes())
    assert [sentence.text for sentence in bytes_again(TEXT).sents] == [sentence.text for sentence in nlp(TEXT).sents]


def test_another_dictionary_is_told(nlp, tmp_path, monkeypatch):
    nlp.tokenizer.to_disk(tmp_path / "tokenizer")
    monkeypatch.setattr(word_tokenizer, "_checksum", lambda: 1)
    with pytest.warns(UserWarning, match="another dictionary of jieba"):
        WordTokenizer(Vocab()).from_disk(tmp_path / "tokenizer")


@pytest.mark.parametrize("store", ["docbin", "processes"])
def test_docs_travel(nlp, store):
    doc = nlp.make_doc(TEXT)
    if store == "docbin":
        data = DocBin(docs=[doc], store_user_data=True).to_bytes()
        [again] = DocBin().from_bytes(data).get_docs(nlp.vocab)
    else:
        again = list(nlp.pipe([TEXT] * 3, n_process=2, batch_size=1))[-1]
    assert again.text == TEXT
    assert again._.words == doc._.words


def test_sentences_begin_with_tokens(nlp):
    from govnews.sentences import sentence_spans

    text = "好…………”。\r\n\n  二、“三”。……\u3000四"
    starts = {token.idx for token in nlp.make_doc(text)}
    assert {start for start, _ in sentence_spans(text)} <= starts


def test_a_pipeline_over_words_learns_and_loads_again(root, ten, ten_path, tmp_path):
    config = load_config(
        root / "configs" / "sm.cfg", overrides={"paths.vectors": None, "paths.tok2vec": None, "paths.heads": None}
    )
    config["components"]["tok2vec"]["model"]["embed"] |= {"rows": [500] * 10, "include_static_vectors": False}
    for name in ("train", "dev"):
        config["corpora"][name] |= {"path": str(ten_path), "split": None, "max_chars": 40}
        config["corpora"][name].pop("also", None)
    config["training"] |= {"max_steps": 120, "eval_frequency": 120, "dropout": 0.0}
    config["training"]["logger"] = {"@loggers": "spacy.ConsoleLogger.v3", "console_output": False}
    (tmp_path / "run").mkdir()
    train(init_nlp(config), tmp_path / "run")
    nlp = spacy.load(tmp_path / "run" / "model-last")
    document = doc_to_document(nlp(ten.text), ten)
    found = {(e.start, e.end, e.label) for e in document.entities}
    gold = {(e.start, e.end, e.label) for e in ten.entities}
    assert len(found & gold) >= 0.9 * len(gold)
    assert document.relations


def test_few_entities_of_the_corpus_are_lost(nlp, root):
    documents = load_split(root / "corpus", "train")
    assert measure_ceiling(nlp, documents).entity_recall > 0.997
    tokens = sum(len(nlp.make_doc(document.text)) for document in documents)
    assert sum(len(document.text) for document in documents) / tokens > 1.55


def test_the_tokenizer_of_jieba_itself_is_left_alone(tokenizer):
    import jieba

    assert tokenizer.cut("市委书记") == ["市委", "书记"]
    assert jieba.dt is not load_jieba()
    assert "市委书记" not in jieba.dt.FREQ or jieba.dt.FREQ["市委书记"]


def test_jieba_writes_no_cache(tmp_path, monkeypatch):
    import tempfile

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    load_jieba.cache_clear()
    WordTokenizer(Vocab()).cut("增长")
    assert not list(tmp_path.iterdir())


def test_words_of_two_words_are_left_out_of_the_dictionary():
    lines = ["工业 900 n", "园区 800 n", "工业园区 7 n", "副市长 50 n", "开发区区长 3 n", "实事 500 n", "求是 400 v"]
    frequencies, total = read_dictionary([*lines, "实事求是 9 i", "年产值 4 n"])
    kept = {word for word, frequency in frequencies.items() if frequency}
    assert kept == {"工业", "园区", "副市长", "实事", "求是", "实事求是"}
    assert total == 900 + 800 + 7 + 50 + 3 + 500 + 400 + 9 + 4
    assert frequencies["副"] == frequencies["实事求"] == 0
    assert "开发区区" not in frequencies


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize(
    "text", ["同比增长" * 50_000, "1," * 100_000, "年2023" * 50_000, " " * 200_000, "A1" * 100_000]
)
def test_cost_is_linear_without_any_sentence_end(tokenizer, text):
    before = time.process_time()
    assert "".join(tokenizer.cut(text)) == text
    assert time.process_time() - before < 5
