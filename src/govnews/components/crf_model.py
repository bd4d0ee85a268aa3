"""Score the tags of tokens, and one tag after another."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from spacy.tokens import Doc
from thinc.api import Linear, Maxout, Model, chain, with_array
from thinc.types import Floats2d


def build_crf_model(
    tok2vec: Model[list[Doc], list[Floats2d]],
    hidden_width: int,
    nO: int | None = None,  # noqa: N803
) -> Model[list[Doc], list[Floats2d]]:
    """Build a model of the scores of a linear-chain conditional random field.

    Token vectors go through one maxout layer and a linear one, whose outputs are the scores of the tags. The scores
    of one tag after another, shape (tags, tags), are the parameter `transitions`; what both mean together is left to
    the component. After Collobert et al. (2011: Natural language processing (almost) from scratch).

    Args:
        tok2vec: Gives arrays of shape (tokens, width).
        hidden_width: Width of the maxout layer.
        nO: Number of tags; set when the component is initialised.

    Returns:
        A model from documents to one array of shape (tokens, tags) each; its callback takes the gradient of these and
        that of the transitions.
    """
    output: Model[Any, Any] = Linear(nO=nO)
    hidden: Model[Any, Any] = Maxout(hidden_width, nP=2, normalize=True, dropout=0.0)
    emissions: Model[Any, Any] = chain(tok2vec, with_array(chain(hidden, output)))
    return Model(
        "govnews_crf",
        _forward,
        init=_init,
        layers=[emissions],
        refs={"tok2vec": tok2vec, "output": output},
        dims={"nO": nO},
        params={"transitions": None},
    )


def _init(model: Model[Any, Any], X: list[Doc] | None = None, Y: list[Floats2d] | None = None) -> None:  # noqa: N803
    if Y is not None:
        size = Y[0].shape[1]
        model.set_dim("nO", size, force=True)
        model.get_ref("output").set_dim("nO", size, force=True)
        model.set_param("transitions", model.ops.alloc2f(size, size))
    model.layers[0].initialize(X=X)


def _forward(
    model: Model[list[Doc], list[Floats2d]], docs: list[Doc], is_train: bool
) -> tuple[list[Floats2d], Callable[[tuple[list[Floats2d], Floats2d]], list[Doc]]]:
    scores, backprop_scores = model.layers[0](docs, is_train)

    def backprop(gradients: tuple[list[Floats2d], Floats2d]) -> list[Doc]:
        d_scores, d_transitions = gradients
        model.inc_grad("transitions", d_transitions)
        return backprop_scores(d_scores)  # type: ignore[no-any-return]

    return scores, backprop
