"""Score pairs of entities: both spans in context, what lies between, and what can be counted."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
from spacy.tokens import Doc
from thinc.api import Dropout, HashEmbed, Linear, Maxout, Model, chain, concatenate
from thinc.types import Floats2d

from govnews.components.relation_candidates import N_FEATURES, Candidates

N_SPANS = 3


def build_relation_model(
    tok2vec: Model[list[Doc], list[Floats2d]],
    hidden_width: int,
    feature_width: int,
    feature_rows: int,
    dropout: float,
    nO: int | None = None,  # noqa: N803
) -> Model[list[Candidates], Floats2d]:
    """Build a classifier of candidate pairs.

    Head, tail and the text between them are each the mean of their token vectors; with the
    embedded features of the pair they go through one maxout layer. Outputs are independent
    logits, one a label. Means come from prefix sums, so that cost is linear in tokens
    and in pairs, however long the spans.

    Args:
        tok2vec: Gives arrays of shape (tokens, width).
        hidden_width: Width of the maxout layer.
        feature_width: Width of the embedding of each feature.
        feature_rows: Rows of the table of each feature.
        dropout: Of the classifier's inputs.
        nO: Number of labels; set when the component is initialised.

    Returns:
        A model from the candidates of a batch to an array of shape (pairs, labels).
    """
    features: Model[Any, Any] = concatenate(
        *(HashEmbed(feature_width, feature_rows, column=column, seed=41 + column) for column in range(N_FEATURES))
    )
    output: Model[Any, Any] = Linear(nO=nO)
    classifier: Model[Any, Any] = chain(
        Dropout(dropout), Maxout(hidden_width, nP=2, normalize=True, dropout=dropout), output
    )
    return Model(
        "govnews_relations",
        _forward,
        init=_init,
        layers=[tok2vec, features, classifier],
        refs={"tok2vec": tok2vec, "features": features, "classifier": classifier, "output": output},
        dims={"nO": nO},
    )


def _init(model: Model[Any, Any], X: list[Candidates] | None = None, Y: Floats2d | None = None) -> None:  # noqa: N803
    tok2vec, features, classifier = (model.get_ref(name) for name in ("tok2vec", "features", "classifier"))
    if Y is not None:
        model.set_dim("nO", Y.shape[1], force=True)
        model.get_ref("output").set_dim("nO", Y.shape[1], force=True)
    tok2vec.initialize(X=[candidates.doc for candidates in X] if X else None)
    ops: Any = model.ops
    features.initialize(X=ops.asarray(np.zeros((1, N_FEATURES), dtype=np.uint64)))
    width = N_SPANS * tok2vec.get_dim("nO") + features.get_dim("nO")
    classifier.initialize(X=ops.alloc2f(1, width), Y=Y)


def _forward(
    model: Model[list[Candidates], Floats2d], batch: list[Candidates], is_train: bool
) -> tuple[Floats2d, Callable[[Floats2d], list[Doc]]]:
    ops: Any = model.ops
    tok2vec, features, classifier = (model.get_ref(name) for name in ("tok2vec", "features", "classifier"))
    means, backprop_means = pool_spans(tok2vec, batch, is_train)
    if not len(means):  # nothing to classify, but the encoder waits for its gradient
        return ops.alloc2f(0, model.get_dim("nO")), lambda _: backprop_means(means)
    ids = [np.zeros((0, N_FEATURES), dtype=np.uint64)] + [candidates.features for candidates in batch]
    embedded, backprop_features = features(ops.asarray(np.concatenate(ids)), is_train)
    pooled_width = means.shape[1]
    scores, backprop_scores = classifier(ops.xp.concatenate([means, embedded], axis=1), is_train)

    def backprop(d_scores: Floats2d) -> list[Doc]:
        d_inputs = backprop_scores(d_scores)
        backprop_features(d_inputs[:, pooled_width:])
        return backprop_means(d_inputs[:, :pooled_width])

    return scores, backprop


def pool_spans(
    tok2vec: Model[list[Doc], list[Floats2d]], batch: list[Candidates], is_train: bool, *, n_spans: int = N_SPANS
) -> tuple[Floats2d, Callable[[Floats2d], list[Doc]]]:
    """Put the mean token vectors of each pair's spans side by side.

    Args:
        tok2vec: Gives arrays of shape (tokens, width).
        batch: Pairs of each document.
        is_train: Whether backpropagation will follow.
        n_spans: 2 for head and tail, 3 for them and the text between.

    Returns:
        An array of shape (pairs, n_spans * width), and a callback that takes its gradient.
    """
    ops: Any = tok2vec.ops
    tokvecs, backprop_tokvecs = tok2vec([candidates.doc for candidates in batch], is_train)
    lengths = [len(vectors) for vectors in tokvecs]
    filled = [vectors for vectors in tokvecs if len(vectors)]  # transformers give the empty text no width
    tokens: Any = ops.xp.concatenate(filled) if filled else ops.alloc2f(0, tok2vec.get_dim("nO"))
    shifts = np.cumsum([0, *lengths])
    offsets = np.concatenate(
        [np.zeros((0, 6), dtype=np.int64)]
        + [candidates.offsets() + shift for candidates, shift in zip(batch, shifts, strict=False)]
    )
    n_pairs = len(offsets)
    spans = offsets[:, : 2 * n_spans].reshape(-1, 2)
    starts, ends = ops.asarray(spans[:, 0]), ops.asarray(spans[:, 1])
    sizes = ops.xp.maximum(ends - starts, 1).reshape(-1, 1).astype("float32")
    sums = ops.xp.concatenate([ops.alloc2f(1, tokens.shape[1]), tokens.cumsum(axis=0, dtype="float64")])
    means = ((sums[ends] - sums[starts]) / sizes).astype("float32").reshape(n_pairs, n_spans * tokens.shape[1])

    def backprop(d_means: Floats2d) -> list[Doc]:
        d_spans = ops.reshape2f(d_means, -1, tokens.shape[1]) / sizes
        steps = ops.xp.zeros((len(tokens) + 1, tokens.shape[1]), dtype="float64")
        ops.scatter_add(steps, starts, d_spans)
        ops.scatter_add(steps, ends, -d_spans)
        d_tokens = steps.cumsum(axis=0)[:-1].astype("float32")
        return backprop_tokvecs([d_tokens[a:b] for a, b in pairwise(shifts)])  # type: ignore[no-any-return]

    return means, backprop
