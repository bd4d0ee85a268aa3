"""Words as tokens, cut so that entities begin and end where words do."""

from __future__ import annotations

import re
import warnings
import zlib
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import srsly
from numpy.typing import NDArray
from spacy.strings import hash_string  # type: ignore[attr-defined]
from spacy.tokens import Doc
from spacy.util import DummyTokenizer

from govnews.convert import register_extensions

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.vocab import Vocab

_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff〇々"
_LINE_BREAKS = "\n\r\f\v\x85\u2028\u2029"
_PIECE = re.compile(
    rf"(?P<han>[{_HAN}]+)"
    r"|(?P<figure>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:[.．]\d+)?)"
    rf"|[^\W\d_{_HAN}]+"  # letters
    rf"|…+|—+|[^\S{_LINE_BREAKS}]+|.",
    re.DOTALL,
)
# What counts in 5家 or 30余万人, unless it begins a word of its own: 12户人家 is 12, 户, 人家, but 12户籍 12, 户籍.
_UNIT = re.compile(
    "([余多来几十百千万亿]*)"
    "(年(?![代度])|月(?!份)|日(?!均)|天(?!然)|件|个(?![人体])|人(?![口员大均工才民次])|家(?!庭)|户(?![口均籍])"
    "|项(?!目)|名(?![单录牌]))"
)
_TITLES = re.compile(
    "[^副总](?:书记|主任|主席|经理|教授|委员|常委|干部|代表|代表团|[乡会区厂厅县司处局州市师村校省科部镇院]长)$"
)
# Words of the dictionary that hide an edge in whatever stands around them: 5个工作日|内, 打通|通村油路, 和|县财政局.
_NEVER = frozenset(
    [
        *("从今天起", "从今年起", "在京举行", "工作日内", "已有近", "减免税", "市中心"),
        *("年内", "期内", "家里", "村里", "院里", "区里", "园里", "和县", "修通", "通通", "段长"),
    ]
)
_ENOUGH = 100  # times that a half of a word was seen by itself, for the word to be two


def make_word_tokenizer() -> Callable[[Language], WordTokenizer]:
    """Make a `WordTokenizer` for a pipeline."""
    return lambda nlp: WordTokenizer(nlp.vocab)


class WordTokenizer(DummyTokenizer):
    """Make tokens of words, so that few entities begin or end inside one.

    Words are the most probable ones of jieba's dictionary, less those of its entries that are two words
    (`市委书记`, `试点工作`), as both may belong to different entities; words that jieba would guess stay characters.
    Figures, units after figures, Latin words, punctuation marks and line breaks are tokens of their own. A space by
    itself belongs to the token before it, as everywhere in spaCy; other white space is a token.

    The dictionary is the one that jieba brings, read once a process.
    """

    def __init__(self, vocab: Vocab) -> None:
        self.vocab = vocab
        self._han = load_jieba().lcut
        register_extensions()

    def __call__(self, text: str) -> Doc:
        """Make a `Doc` of the words of a text."""
        words: list[str] = []
        spaces: list[bool] = []
        for word in self.cut(text):
            if word == " " and words and not spaces[-1] and not words[-1].isspace():
                spaces[-1] = True
            else:
                words.append(word)
                spaces.append(False)
        return Doc(self.vocab, words=words, spaces=spaces)

    def cut(self, text: str) -> list[str]:
        """Cut a text into words, which joined give the text again.

        >>> from spacy.vocab import Vocab
        >>> WordTokenizer(Vocab()).cut("市委书记说，3年内新增企业1,200余家。")
        ['市委', '书记', '说', '，', '3', '年', '内', '新增', '企业', '1,200', '余', '家', '。']
        """
        words: list[str] = []
        after_figure = False
        for match in _PIECE.finditer(text):
            piece, kind = match.group(), match.lastgroup
            if kind != "han":
                words.append(piece)
                after_figure = kind == "figure" or (after_figure and piece == " ")
                continue
            if after_figure and (unit := _UNIT.match(piece)):
                words += self._han(unit[1], HMM=False)
                words.append(unit[2])
                piece = piece[unit.end() :]
            words += self._han(piece, HMM=False)
            after_figure = False
        return words

    def to_bytes(self, **kwargs: Any) -> bytes:
        """What tells whether the same words will be found again."""
        return bytes(srsly.msgpack_dumps({"dictionary": _checksum()}))

    def from_bytes(self, data: bytes, **kwargs: Any) -> WordTokenizer:
        """Check that words are cut as they were where the pipeline was stored."""
        return self._check(srsly.msgpack_loads(data))

    def to_disk(self, path: str | Path, **kwargs: Any) -> None:
        """Write a file, as `to_bytes`."""
        srsly.write_json(path, {"dictionary": _checksum()})

    def from_disk(self, path: str | Path, **kwargs: Any) -> WordTokenizer:
        """Read the file, as `from_bytes`."""
        return self._check(srsly.read_json(path))

    def _check(self, stored: Any) -> WordTokenizer:
        if isinstance(stored, dict) and stored.get("dictionary") != _checksum():
            warnings.warn(
                "the pipeline was made with another dictionary of jieba and may now cut other words than in training; "
                "install the version of jieba it was made with",
                stacklevel=3,
            )
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        return WordTokenizer, (self.vocab,)


@cache
def load_jieba() -> Any:
    """A jieba tokenizer of its own, whose dictionary has no words of two.

    Nothing is read from or written to jieba's cache file, and the tokenizer that `jieba.cut` uses is left alone.
    """
    with warnings.catch_warnings():  # of its regular expressions and of pkg_resources
        warnings.simplefilter("ignore")
        import jieba
    tokenizer = jieba.Tokenizer()
    tokenizer.FREQ, tokenizer.total = read_dictionary(_dictionary().decode("utf-8").splitlines())
    tokenizer.initialized = True
    return tokenizer


def read_dictionary(lines: Sequence[str]) -> tuple[dict[str, int], int]:
    """Read jieba's dictionary.

    Args:
        lines: Each a word, its frequency and its part of speech.

    Returns:
        The frequency of each word that does not hide an edge, with 0 for each beginning of one that is no word; and
        the sum of the frequencies of all words.

    >>> read_dictionary(["试点 300 n", "工作 400 n", "试点工作 5 n"])
    ({'试点': 300, '工作': 400, '试': 0, '工': 0}, 705)
    """
    counts: dict[str, int] = {}
    idioms = set()
    for line in lines:
        word, count, tag = line.split(" ")
        counts[word] = int(count)
        if tag == "i":
            idioms.add(word)
    total = sum(counts.values())
    hiding = [word for word in counts if word not in idioms and _hides_an_edge(word, counts)]
    for word in hiding:
        del counts[word]
    for word in list(counts):
        for end in range(1, len(word)):
            counts.setdefault(word[:end], 0)
    return counts, total


@cache
def dictionary_tags() -> tuple[NDArray[np.uint64], NDArray[np.uint8]]:
    """The ids of the words of jieba's dictionary in ascending order, and the number from 1 on of the tag of each."""
    lines = _dictionary().decode("utf-8").splitlines()
    names = [line[line.rindex(" ") + 1 :] for line in lines]
    numbers = {name: number for number, name in enumerate(sorted(set(names)), start=1)}
    ids = np.fromiter((hash_string(line[: line.index(" ")]) for line in lines), dtype=np.uint64, count=len(lines))
    order = np.argsort(ids)
    return ids[order], np.array([numbers[name] for name in names], dtype=np.uint8)[order]


def _hides_an_edge(word: str, counts: dict[str, int]) -> bool:
    if len(word) < 3 or word in _NEVER:
        return word in _NEVER
    if word[0] == "年" or word.endswith("地区") or _TITLES.search(word):  # 2023|年产值, 广东|地区, 县委|书记
        return True
    halves = ((word[:at], word[at:]) for at in range(2, len(word) - 1))
    return any(counts.get(first, 0) >= _ENOUGH and counts.get(last, 0) >= _ENOUGH for first, last in halves)


def _dictionary() -> bytes:
    from importlib.resources import files

    return files("jieba").joinpath("dict.txt").read_bytes()


@cache
def _checksum() -> int:
    return zlib.crc32(_dictionary())
