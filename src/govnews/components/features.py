"""What is seen of each character before any learning: ids that hash tables of the embedding are looked up by."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from spacy.attrs import NORM, SHAPE
from spacy.tokens import Doc

from govnews.components.lexicon import Codes, Lengths, code_points, gram_hashes
from govnews.convert import LEXICON_KEY, WORDS_KEY

Ids = NDArray[np.uint64]
_MIX = np.uint64(0x9E3779B97F4A7C15)

FEATURES = ("char", "left_bigram", "right_bigram", "trigram", "shape", "word", "lexicon_begin", "lexicon_end")


@dataclass(frozen=True, slots=True)
class Characters:
    """A run of tokens as arrays, each of shape (tokens,).

    Args:
        norms: Ids of the normalised tokens; 0 stands between texts.
        shapes: Ids of their shapes.
        tags: Place in the pkuseg word: single, begin, middle, end; 0 for none.
        codes: Code points, where tokens are characters.
        begins: Length of the longest lexicon word that begins here.
        ends: Length of the longest that ends here.
    """

    norms: Ids
    shapes: Ids
    tags: NDArray[np.uint8]
    codes: Codes
    begins: Lengths
    ends: Lengths

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
        }
        return np.stack([columns[feature]() for feature in features], axis=1).astype(np.uint64)

    def _grams(self, side: int, lengths: Lengths) -> Ids:
        found = np.flatnonzero(lengths)
        sizes = lengths[found].astype(np.int64)
        ids = np.zeros(len(lengths), dtype=np.uint64)
        ids[found] = gram_hashes(self.codes, found + side * (1 - sizes), sizes)
        return ids


def read_doc(doc: Doc, features: Sequence[str]) -> Characters:
    """Take from a `Doc` what the features need; warns where the tokenizer left out what they ask for."""
    attributes: Any = doc.to_array([NORM, SHAPE]).reshape(len(doc), 2)
    tags = begins = ends = np.zeros(len(doc), dtype=np.uint8)
    codes = np.zeros(len(doc), dtype=np.uint32)
    if "word" in features:
        tags = _read(doc, WORDS_KEY, len(doc), "word boundaries", tags)
    if "lexicon_begin" in features or "lexicon_end" in features:
        begins, ends = np.split(_read(doc, LEXICON_KEY, 2 * len(doc), "lexicon words", np.tile(tags * 0, 2)), 2)
        if begins.any():
            codes = code_points("".join(token.text for token in doc))
    return Characters(attributes[:, 0], attributes[:, 1], tags, codes, begins, ends)


def _read(doc: Doc, key: str, size: int, what: str, default: Lengths) -> Lengths:
    data = doc.user_data.get(key)
    if data is None or len(data) != size:
        warnings.warn(
            f"a Doc without {what}: make it with nlp.make_doc, and keep user data when storing it", stacklevel=3
        )
        return default
    return np.frombuffer(data, dtype=np.uint8)
