"""Give each character the static vector of the word it stands in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from spacy.tokens import Doc
from spacy.vectors import Mode
from thinc.api import Model, Ragged
from thinc.types import Floats2d

from govnews.convert import word_spans

MAX_KNOWN = 20_000
"""Words whose vectors are kept: 8 MB at a width of 96."""


def build_word_vectors() -> Model[list[Doc], Ragged]:
    """Build a layer that looks up, for each token, the vector of the pkuseg word around it.

    The vectors are those of the vocabulary (`[initialize] vectors`); in a floret table every word has one, made
    from its character n-grams (Bojanowski et al. 2017: Enriching word vectors with subword information). They are
    not trained. Without vectors the rows are zeros of width 1.

    Returns:
        A model from documents to one ragged array of shape (tokens, vector width).
    """
    return Model("word_vectors", _forward, init=_init, dims={"nO": None})


def _init(model: Model[list[Doc], Ragged], X: list[Doc] | None = None, Y: Any = None) -> None:  # noqa: N803
    if X:
        model.set_dim("nO", max(1, X[0].vocab.vectors_length), force=True)


def _forward(
    model: Model[list[Doc], Ragged], docs: list[Doc], is_train: bool
) -> tuple[Ragged, Callable[[Any], list[Doc]]]:
    width = model.get_dim("nO")
    ops: Any = model.ops
    rows: list[Floats2d] = [ops.asarray2f(look_up(doc, width)) for doc in docs]
    lengths = ops.asarray1i([len(doc) for doc in docs])
    data = ops.flatten(rows) if rows else ops.alloc2f(0, width)
    return Ragged(data, lengths), lambda _: []


class _Known:
    """The vectors of words met so far in one floret table, which is slow to ask: each word is a sum of n-grams."""

    def __init__(self) -> None:
        self.table: Any = None
        self.rows: dict[str, np.ndarray] = {}

    def find(self, vectors: Any, words: list[str]) -> dict[str, np.ndarray]:
        """The vector of each word."""
        if self.table is not vectors.data or len(self.rows) > MAX_KNOWN:
            self.table, self.rows = vectors.data, {}
        rows = self.rows
        new = list(dict.fromkeys(word for word in words if word not in rows))
        if new:
            rows.update(zip(new, np.array(vectors.get_batch(new), dtype="f"), strict=True))
        return rows


_known = _Known()


def look_up(doc: Doc, width: int) -> np.ndarray:
    """The vectors of the words around the tokens, shape (tokens, width)."""
    vectors = doc.vocab.vectors
    rows = np.zeros((len(doc), width), dtype="f")
    if not doc.vocab.vectors_length or not len(doc):
        return rows
    spans = word_spans(doc)
    words = [doc[start:end].text for start, end in spans]
    if vectors.mode == Mode.floret:
        table = _known.find(vectors, words)
    else:
        found = list(dict.fromkeys(word for word in words if vectors.find(key=word) != -1))
        table = dict(zip(found, np.array(vectors.get_batch(found), dtype="f"), strict=True)) if found else {}
    for (start, end), word in zip(spans, words, strict=True):
        if word in table:  # for unknown words spaCy would give the last row
            rows[start:end] = table[word]
    return rows
