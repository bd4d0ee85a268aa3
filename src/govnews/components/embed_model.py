"""Embed tokens, characters or words, by what they are, what stands beside them, and where they stand in a word."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from spacy.tokens import Doc
from thinc.api import HashEmbed, Linear, Maxout, Model, chain, concatenate, list2ragged, ragged2list, with_array
from thinc.types import Floats2d, Ints2d

from govnews.components.features import FEATURES, read_doc
from govnews.components.word_vectors import build_word_vectors


def build_ngram_embed(
    width: int, table_width: int, features: list[str], rows: list[int], include_static_vectors: bool
) -> Model[list[Doc], list[Floats2d]]:
    """Build an embedding of hashed token n-grams, shapes, beginnings and ends, word boundary tags and lexicon words.

    Each feature has a hash table of its own; their rows are concatenated and mixed by one maxout
    layer, as in spaCy's `MultiHashEmbed`. Works with any tokenizer: features are of tokens, and
    boundary tags and lexicon words are none where the tokenizer gives none, which only `CharacterTokenizer` does.

    Args:
        width: Output width.
        table_width: Width of every table.
        features: Any of `char` (the token itself, normalised), `left_bigram` (with the token before),
            `right_bigram` (with the one after), `trigram` (with both), `shape` (digit, Latin, ideograph, the
            punctuation mark itself), `word` (the pkuseg boundary tag together with the character),
            `lexicon_begin` and `lexicon_end` (the longest word of the tokenizer's lexicon that begins or ends here);
            and, for words, `prefix` and `prefix2` (the first one and two characters), `suffix` and `suffix2` (the
            last), and `length`.
        rows: Rows of each table.
        include_static_vectors: Whether to add, for each token, the vocabulary's vector of the word around it.

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
        HashEmbed(table_width, n_rows, column=column, seed=17 + column, dropout=0.0)
        for column, n_rows in enumerate(rows)
    ]
    embed: Model[Any, Any] = chain(build_feature_extractor(features), list2ragged(), with_array(concatenate(*tables)))
    if include_static_vectors:
        embed = concatenate(embed, chain(build_word_vectors(), with_array(Linear(table_width))))
    mixed = table_width * (len(features) + include_static_vectors)
    return chain(embed, with_array(Maxout(width, mixed, nP=3, dropout=0.0, normalize=True)), ragged2list())


def build_feature_extractor(features: list[str]) -> Model[list[Doc], list[Ints2d]]:
    """Build a layer from documents to arrays of shape (tokens, features) of 64-bit ids."""
    return Model("govnews_features", _forward, attrs={"features": list(features)})


def _forward(
    model: Model[list[Doc], list[Ints2d]], docs: list[Doc], is_train: bool
) -> tuple[list[Ints2d], Callable[[Any], list[Any]]]:
    features = model.attrs["features"]
    ops: Any = model.ops
    outputs = [ops.asarray2i(read_doc(doc, features).ids(features), dtype="uint64") for doc in docs]
    return outputs, lambda _: []
