"""Embed characters by what they are, what stands beside them, and where they stand in a word."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from spacy.attrs import NORM, SHAPE
from spacy.tokens import Doc
from thinc.api import HashEmbed, Linear, Maxout, Model, chain, concatenate, list2ragged, ragged2list, with_array
from thinc.types import Floats2d, Ints2d

from govnews.components.word_vectors import build_word_vectors
from govnews.convert import WORDS_KEY

Ids = NDArray[np.uint64]
_MIX = np.uint64(0x9E3779B97F4A7C15)

FEATURES = ("char", "left_bigram", "right_bigram", "shape", "word")


def build_ngram_embed(
    width: int, features: list[str], rows: list[int], include_static_vectors: bool
) -> Model[list[Doc], list[Floats2d]]:
    """Build an embedding of hashed character n-grams, character shape and word boundary tags.

    Each feature has a hash table of its own; their rows are concatenated and mixed by one maxout
    layer, as in spaCy's `MultiHashEmbed`. Works with any tokenizer: features are of tokens, and the
    boundary tag is 0 where the tokenizer gives none.

    Args:
        width: Output width, and that of every table.
        features: Any of `char`, `left_bigram` (with the character before), `right_bigram` (with the
            one after), `shape` (digit, Latin, ideograph, the punctuation mark itself) and `word` (the
            pkuseg boundary tag together with the character).
        rows: Rows of each table.
        include_static_vectors: Whether to add, for each character, the vocabulary's vector of the word around it.

    Returns:
        A model from documents to one array of shape (tokens, width) each.

    Raises:
        ValueError: A feature is unknown, or `rows` and `features` differ in length.
    """
    unknown = set(features) - set(FEATURES)
    if unknown or not features:
        raise ValueError(f"features are {', '.join(FEATURES)}; found {', '.join(sorted(unknown)) or 'none'}")
    if len(rows) != len(features):
        raise ValueError(f"rows has {len(rows)} values for {len(features)} features")
    tables: list[Model[Any, Any]] = [
        HashEmbed(width, n_rows, column=column, seed=17 + column, dropout=0.0) for column, n_rows in enumerate(rows)
    ]
    embed: Model[Any, Any] = chain(build_feature_extractor(features), list2ragged(), with_array(concatenate(*tables)))
    if include_static_vectors:
        embed = concatenate(embed, chain(build_word_vectors(), with_array(Linear(width))))
    mixed = width * (len(features) + include_static_vectors)
    return chain(embed, with_array(Maxout(width, mixed, nP=3, dropout=0.0, normalize=True)), ragged2list())


def build_feature_extractor(features: list[str]) -> Model[list[Doc], list[Ints2d]]:
    """Build a layer from documents to arrays of shape (tokens, features) of 64-bit ids."""
    return Model("govnews_features", _forward, attrs={"features": list(features)})


def _forward(
    model: Model[list[Doc], list[Ints2d]], docs: list[Doc], is_train: bool
) -> tuple[list[Ints2d], Callable[[Any], list[Any]]]:
    features = model.attrs["features"]
    ops: Any = model.ops
    outputs = [ops.asarray2i(feature_ids(doc, features), dtype="uint64") for doc in docs]
    return outputs, lambda _: []


def feature_ids(doc: Doc, features: list[str]) -> Ids:
    """The ids of the features of each token, shape (tokens, features)."""
    attributes: Any = doc.to_array([NORM, SHAPE]).reshape(len(doc), 2)
    norm: Ids = attributes[:, 0]
    shape: Ids = attributes[:, 1]
    edge = norm[:1] * np.uint64(0)
    columns: dict[str, Callable[[], Ids]] = {
        "char": lambda: norm,
        "left_bigram": lambda: np.concatenate([edge, norm[:-1]]) * _MIX + norm,
        "right_bigram": lambda: norm * _MIX + np.concatenate([norm[1:], edge]) + np.uint64(1),
        "shape": lambda: shape,
        "word": lambda: norm * np.uint64(8) + _word_tags(doc),
    }
    return np.stack([columns[feature]() for feature in features], axis=1).astype(np.uint64)


def _word_tags(doc: Doc) -> Ids:
    tags = doc.user_data.get(WORDS_KEY)
    if tags is None or len(tags) != len(doc):
        warnings.warn(
            "a Doc without word boundaries: make it with nlp.make_doc, and keep user data when storing it",
            stacklevel=2,
        )
        return np.zeros((len(doc),), dtype=np.uint64)
    return np.frombuffer(tags, dtype=np.uint8).astype(np.uint64)
