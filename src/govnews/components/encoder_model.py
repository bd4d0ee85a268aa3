"""Encode tokens in a wide context at the price of a narrow one: convolutions whose taps lie ever further apart."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from thinc.api import Maxout, Model, chain, residual, with_array
from thinc.types import Floats2d


def build_dilated_encoder(
    width: int, dilations: list[int], maxout_pieces: int
) -> Model[list[Floats2d], list[Floats2d]]:
    """Build an encoder of residual maxout layers over dilated windows of three tokens.

    Layer i sees its token and those `dilations[i]` to the left and right; together the layers see
    sum(dilations) tokens to each side, where spaCy's `MaxoutWindowEncoder` sees depth * window_size.
    Dilated convolutions for entity recognition: Strubell et al. (2017), Fast and accurate entity
    recognition with iterated dilated convolutions.

    Args:
        width: Width of input and output.
        dilations: Distance of the taps of each layer, such as [1, 2, 4, 8].
        maxout_pieces: Pieces of each maxout layer.

    Returns:
        A model from arrays of shape (tokens, width), one a document, to such arrays.

    Raises:
        ValueError: There is no layer, or a dilation below 1.
    """
    if not dilations or min(dilations) < 1:
        raise ValueError(f"dilations are positive distances, one a layer; found {dilations}")
    layers: list[Model[Floats2d, Floats2d]] = [
        residual(
            chain(
                dilated_window(dilation),
                Maxout(nO=width, nI=3 * width, nP=maxout_pieces, dropout=0.0, normalize=True),
            )
        )
        for dilation in dilations
    ]
    encoder: Model[Any, Any] = chain(*layers) if len(layers) > 1 else layers[0]
    encoder.set_dim("nO", width)
    model: Model[Any, Any] = with_array(encoder, pad=sum(dilations))
    return model


def dilated_window(dilation: int) -> Model[Floats2d, Floats2d]:
    """Build a layer that puts the rows `dilation` before and after beside each row.

    Returns:
        A model from (rows, width) to (rows, 3 * width); zeros stand for rows beyond the ends.
    """
    return Model("dilated_window", _forward, attrs={"dilation": dilation}, dims={"nO": None, "nI": None})


def _forward(model: Model[Floats2d, Floats2d], rows: Floats2d, is_train: bool) -> tuple[Floats2d, Callable[[Any], Any]]:
    dilation: int = model.attrs["dilation"]
    ops: Any = model.ops
    count, width = rows.shape
    output = ops.alloc2f(count, 3 * width)
    output[:, width : 2 * width] = rows
    if count > dilation:
        output[dilation:, :width] = rows[:-dilation]
        output[:-dilation, 2 * width :] = rows[dilation:]

    def backprop(gradient: Any) -> Any:
        result = ops.as_contig(gradient[:, width : 2 * width]).copy()
        if count > dilation:
            result[:-dilation] += gradient[dilation:, :width]
            result[dilation:] += gradient[:-dilation, 2 * width :]
        return result

    return output, backprop
