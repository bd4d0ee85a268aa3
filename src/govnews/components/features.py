"""What is seen of each token before any learning: ids that hash tables of the embedding are looked up by."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from spacy.attrs import IDX, LENGTH, NORM, ORTH, SHAPE
from spacy.tokens import Doc

from govnews.components.lexicon import Codes, Lengths, code_points, gram_hashes
from govnews.components.word_tokenizer import dictionary_tags
from govnews.convert import LEXICON_KEY, WORDS_KEY

Ids = NDArray[np.uint64]
_MIX = np.uint64(0x9E3779B97F4A7C15)

AFFIXES = ("prefix", "prefix2", "suffix", "suffix2")
FEATURES = (
    *("char", "left_bigram", "right_bigram", "trigram", "shape", "word", "lexicon_begin", "lexicon_end"),
    *(*AFFIXES, "length", "tag"),
)
MAX_LENGTH = 8


@dataclass(frozen=True, slots=True)
class Tokens:
    """A run of tokens as arrays, each of shape (tokens,).

    Args:
        norms: Ids of the normalised tokens; 0 stands between texts.
        shapes: Ids of their shapes.
        tags: Place in the pkuseg word: single, begin, middle, end; 0 for none.
        codes: Code points, where tokens are characters.
        begins: Length of the longest lexicon word that begins here.
        ends: Length of the longest that ends here.
        affixes: Ids of the first one and two code points and of the last one and two, shape (tokens, 4).
        sizes: Code points of each token; 0 for a masked one.
        kinds: Part of speech that the dictionary of `WordTokenizer` gives the token; 0 for none.
    """

    norms: Ids
    shapes: Ids
    tags: NDArray[np.uint8]
    codes: Codes
    begins: Lengths
    ends: Lengths
    affixes: Ids
    sizes: NDArray[np.int64]
    kinds: NDArray[np.uint8]

    def ids(self, features: Sequence[str]) -> Ids:
        """The ids of the features of each token, shape (tokens, features)."""
        edge = np.zeros(min(1, len(self.norms)), dtype=np.uint64)
        left = np.concatenate([edge, self.norms[:-1]])
        right = np.concatenate([self.norms[1:], edge])
        columns: dict[str, Callable[[], Ids]] = {
            "char": lambda: self.norms,
            "left_bigram": lambda: left * _MIX + self.norms,
            "right_bigram": lambda: self.norms * _MIX + right + np.uint64(1),
            "trigram": lambda: (left * _MIX + self.norms) * _MIX + right,
            "shape": lambda: self.shapes,
            "word": lambda: self.norms * np.uint64(8) + self.tags.astype(np.uint64),
            "lexicon_begin": lambda: self._grams(0, self.begins),
            "lexicon_end": lambda: self._grams(1, self.ends),
            "prefix": lambda: self.affixes[:, 0],
            "prefix2": lambda: self.affixes[:, 1],
            "suffix": lambda: self.affixes[:, 2],
            "suffix2": lambda: self.affixes[:, 3],
            "length": lambda: np.minimum(self.sizes, MAX_LENGTH).astype(np.uint64),
            "tag": lambda: self.kinds.astype(np.uint64),
        }
        return np.stack([columns[feature]() for feature in features], axis=1).astype(np.uint64)

    def _grams(self, side: int, lengths: Lengths) -> Ids:
        found = np.flatnonzero(lengths)
        sizes = lengths[found].astype(np.int64)
        ids = np.zeros(len(lengths), dtype=np.uint64)
        ids[found] = gram_hashes(self.codes, found + side * (1 - sizes), sizes)
        return ids


def read_doc(doc: Doc, features: Sequence[str]) -> Tokens:
    """Take from a `Doc` what the features need; warns where the tokenizer left out what they ask for."""
    attributes: Any = doc.to_array([NORM, SHAPE, IDX, LENGTH, ORTH]).reshape(len(doc), 5)
    starts, sizes = attributes[:, 2:4].astype(np.int64).T
    tags = begins = ends = kinds = np.zeros(len(doc), dtype=np.uint8)
    codes = np.zeros(len(doc), dtype=np.uint32)
    affixes = np.zeros((len(doc), len(AFFIXES)), dtype=np.uint64)
    if "word" in features:
        tags = _read(doc, WORDS_KEY, len(doc), "word boundaries", tags)
    if "lexicon_begin" in features or "lexicon_end" in features:
        begins, ends = np.split(_read(doc, LEXICON_KEY, 2 * len(doc), "lexicon words", np.tile(tags * 0, 2)), 2)
        if begins.any():
            codes = code_points("".join(token.text for token in doc))
    if not set(AFFIXES).isdisjoint(features):
        affixes = affix_hashes(code_points(doc.text), starts, sizes)
    if "tag" in features:
        kinds = find_tags(attributes[:, 4])
    return Tokens(attributes[:, 0], attributes[:, 1], tags, codes, begins, ends, affixes, sizes, kinds)


def find_tags(words: Ids) -> NDArray[np.uint8]:
    """Look up the part of speech of words, by their ids in a string store; 0 for words that the dictionary lacks."""
    keys, tags = dictionary_tags()
    places = np.minimum(np.searchsorted(keys, words), len(keys) - 1)
    return np.where(keys[places] == words, tags[places], 0).astype(np.uint8)


def affix_hashes(codes: Codes, starts: NDArray[np.int64], sizes: NDArray[np.int64]) -> Ids:
    """Hash the first one and two and the last one and two code points of each token, shape (tokens, 4).

    Args:
        codes: Code points of the text.
        starts: Where each token begins.
        sizes: How many code points it has.
    """
    one, two = np.minimum(sizes, 1), np.minimum(sizes, 2)
    begins = np.concatenate([starts, starts, starts + sizes - one, starts + sizes - two])
    return gram_hashes(codes, begins, np.concatenate([one, two, one, two])).reshape(len(AFFIXES), len(starts)).T


def _read(doc: Doc, key: str, size: int, what: str, default: Lengths) -> Lengths:
    data = doc.user_data.get(key)
    if data is None or len(data) != size:
        warnings.warn(
            f"a Doc without {what}: make it with nlp.make_doc, and keep user data when storing it", stacklevel=3
        )
        return default
    return np.frombuffer(data, dtype=np.uint8)
