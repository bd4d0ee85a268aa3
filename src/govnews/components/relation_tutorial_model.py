"""The relation model of spaCy's tutorial, to compare others with."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from spacy.tokens import Doc
from thinc.api import Linear, Model
from thinc.types import Floats2d

from govnews.components.relation_candidates import Candidates
from govnews.components.relation_model import pool_spans

N_SPANS = 2


def build_tutorial_relation_model(
    tok2vec: Model[list[Doc], list[Floats2d]],
    nO: int | None = None,  # noqa: N803
) -> Model[list[Candidates], Floats2d]:
    """Build the classifier of spaCy's relation extraction tutorial.

    Head and tail are each the mean of their token vectors; side by side they go through one linear layer.
    Outputs are independent logits, one a label, as those of `govnews.RelationModel.v1`, in whose place it can
    stand; the tutorial's last layer, the sigmoid, is left to the component.

    Source: `tutorials/rel_component/scripts/rel_model.py` in https://github.com/explosion/projects. There the
    gradient of a token is averaged over the pairs it is part of; here it is the sum, which is its derivative.

    Args:
        tok2vec: Gives arrays of shape (tokens, width).
        nO: Number of labels; set when the component is initialised.

    Returns:
        A model from the candidates of a batch to an array of shape (pairs, labels).
    """
    output: Model[Any, Any] = Linear(nO=nO)
    return Model(
        "tutorial_relations",
        _forward,
        init=_init,
        layers=[tok2vec, output],
        refs={"tok2vec": tok2vec, "output": output},
        dims={"nO": nO},
    )


def _init(model: Model[Any, Any], X: list[Candidates] | None = None, Y: Floats2d | None = None) -> None:  # noqa: N803
    tok2vec, output = model.get_ref("tok2vec"), model.get_ref("output")
    if Y is not None:
        model.set_dim("nO", Y.shape[1], force=True)
        output.set_dim("nO", Y.shape[1], force=True)
    tok2vec.initialize(X=[candidates.doc for candidates in X] if X else None)
    output.initialize(X=model.ops.alloc2f(1, N_SPANS * tok2vec.get_dim("nO")), Y=Y)


def _forward(
    model: Model[list[Candidates], Floats2d], batch: list[Candidates], is_train: bool
) -> tuple[Floats2d, Callable[[Floats2d], list[Doc]]]:
    means, backprop_means = pool_spans(model.get_ref("tok2vec"), batch, is_train, n_spans=N_SPANS)
    scores, backprop_scores = model.get_ref("output")(means, is_train)

    def backprop(d_scores: Floats2d) -> list[Doc]:
        return backprop_means(backprop_scores(d_scores))

    return scores, backprop
