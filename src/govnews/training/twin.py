"""A torch copy of a pipeline's encoder, to pretrain it many times faster than thinc does."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from thinc.api import Model
from torch import Tensor, nn
from torch.nn import functional


class Twin(nn.Module):
    """Computes what `spacy.Tok2Vec.v2` of `govnews.NgramEmbed.v1` and `govnews.DilatedEncoder.v1` computes.

    Parameters are copied from the thinc model, which must be initialised, and `write_back` copies them into it.

    Args:
        tok2vec: The thinc model.
    """

    def __init__(self, tok2vec: Model[Any, Any]) -> None:
        super().__init__()
        self.source = tok2vec
        nodes = list(tok2vec.walk(order="dfs_pre"))
        self.hashes: list[Any] = [node for node in nodes if node.name == "hashembed"]
        self.dilations = [node.attrs["dilation"] for node in nodes if node.name == "dilated_window"]
        self._nodes: dict[str, list[Any]] = {
            name: [n for n in nodes if n.name == name] for name in ("linear", "maxout", "layernorm")
        }
        self.tables = nn.ParameterList([_tensor(node.get_param("E")) for node in self.hashes])
        [project] = self._nodes["linear"]
        self.project = nn.ParameterList([_tensor(project.get_param("W")), _tensor(project.get_param("b"))])
        self.pieces = self._nodes["maxout"][0].get_dim("nP")
        # rows of a maxout's weights are put in order of pieces, so that the pieces are contiguous halves of its output
        self.weights = nn.ParameterList([_tensor(_rows(node.get_param("W"))) for node in self._nodes["maxout"]])
        self.biases = nn.ParameterList([_tensor(_rows(node.get_param("b"))) for node in self._nodes["maxout"]])
        self.gains = nn.ParameterList([_tensor(node.get_param("G")) for node in self._nodes["layernorm"]])
        self.shifts = nn.ParameterList([_tensor(node.get_param("b")) for node in self._nodes["layernorm"]])

    @property
    def width(self) -> int:
        """Width of the output."""
        return int(self.gains[-1].shape[0])

    def prepare(self, ids: np.ndarray, vectors: np.ndarray) -> tuple[Tensor, Tensor]:
        """Look up what `forward` takes.

        Args:
            ids: Feature ids, shape (tokens, features).
            vectors: Static vectors, shape (tokens, vector width).

        Returns:
            The rows of the tables that the ids are hashed to, shape (tokens, features, 4), and the vectors.
        """
        columns = []
        for column, node in enumerate(self.hashes):
            hashed = node.ops.hash(np.ascontiguousarray(ids[:, column]), node.attrs["seed"])
            columns.append(hashed % node.get_dim("nV"))
        return torch.from_numpy(np.stack(columns, axis=1).astype(np.int64)), torch.from_numpy(vectors)

    def forward(self, keys: Tensor, vectors: Tensor, lengths: Sequence[int]) -> Tensor:
        """Encode a batch.

        Args:
            keys: Rows of the tables, shape (tokens, features, 4).
            vectors: Static vectors of the words around the tokens, shape (tokens, vector width).
            lengths: Tokens of each text.

        Returns:
            Shape (tokens, width).
        """
        embedded = [
            functional.embedding_bag(keys[:, column], table, mode="sum") for column, table in enumerate(self.tables)
        ]
        static = functional.linear(vectors, self.project[0], self.project[1])
        mixed = self._maxout(0, torch.cat([part.to(static.dtype) for part in (*embedded, static)], dim=1))
        pad = sum(self.dilations)
        sizes = torch.tensor(lengths)
        places = torch.arange(len(mixed)) + pad * torch.repeat_interleave(torch.arange(1, len(sizes) + 1), sizes)
        rows = mixed.new_zeros(len(mixed) + pad * (len(sizes) + 1), mixed.shape[1])
        rows = rows.index_copy(0, places, mixed)
        for layer, dilation in enumerate(self.dilations, start=1):
            rows = rows + self._maxout(layer, _Window.apply(rows, dilation))  # type: ignore[no-untyped-call]
        return rows[places]

    def _maxout(self, layer: int, rows: Tensor) -> Tensor:
        best = _Maximum.apply(functional.linear(rows, self.weights[layer], self.biases[layer]), self.pieces)  # type: ignore[no-untyped-call]
        gain = self.gains[layer]
        return functional.layer_norm(best.float(), gain.shape, gain, self.shifts[layer], eps=1e-8)

    @torch.no_grad()
    def write_back(self) -> None:
        """Copy the parameters into the thinc model."""
        for node, table in zip(self.hashes, self.tables, strict=True):
            node.set_param("E", table.numpy().copy())
        [project] = self._nodes["linear"]
        project.set_param("W", self.project[0].numpy().copy())
        project.set_param("b", self.project[1].numpy().copy())
        for node, weight, bias in zip(self._nodes["maxout"], self.weights, self.biases, strict=True):
            shape = node.get_param("W").shape
            node.set_param("W", weight.numpy().reshape(shape[1], shape[0], shape[2]).swapaxes(0, 1).copy())
            node.set_param("b", bias.numpy().reshape(shape[1], shape[0]).swapaxes(0, 1).copy())
        for node, gain, shift in zip(self._nodes["layernorm"], self.gains, self.shifts, strict=True):
            node.set_param("G", gain.numpy().copy())
            node.set_param("b", shift.numpy().copy())


class _Window(torch.autograd.Function):
    """The rows `dilation` before and after beside each row, as in `dilated_window`; of the type autocast asks for."""

    @staticmethod
    def forward(ctx: Any, rows: Tensor, dilation: int) -> Tensor:
        ctx.dilation, ctx.dtype = dilation, rows.dtype
        count, width = rows.shape
        dtype = torch.get_autocast_dtype("cpu") if torch.is_autocast_enabled("cpu") else rows.dtype
        output = rows.new_empty(count, 3 * width, dtype=dtype)
        output[:dilation, :width] = 0
        output[dilation:, :width] = rows[:-dilation]
        output[:, width : 2 * width] = rows
        output[:-dilation, 2 * width :] = rows[dilation:]
        output[-dilation:, 2 * width :] = 0
        return output

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, None]:
        [gradient] = gradients
        width = gradient.shape[1] // 3
        result = gradient[:, width : 2 * width].to(ctx.dtype, copy=True)
        result[: -ctx.dilation] += gradient[ctx.dilation :, :width]
        result[ctx.dilation :] += gradient[: -ctx.dilation, 2 * width :]
        return result, None


class _Maximum(torch.autograd.Function):
    """The greatest of the pieces of a row; what autograd does for `torch.maximum` takes several times as long."""

    @staticmethod
    def forward(ctx: Any, rows: Tensor, pieces: int) -> Tensor:
        best, *others = rows.chunk(pieces, dim=1)
        wins = []
        for piece in others:
            wins.append(piece > best)
            best = torch.maximum(best, piece)
        ctx.save_for_backward(*wins)
        return best

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, None]:
        [left] = gradients
        wins = ctx.saved_tensors
        result = left.new_empty(left.shape[0], (len(wins) + 1) * left.shape[1])
        parts = result.chunk(len(wins) + 1, dim=1)
        for win, part in reversed(list(zip(wins, parts[1:], strict=True))):
            torch.mul(left, win, out=part)
            left = left - part
        parts[0].copy_(left)
        return result, None


def _tensor(array: Any) -> nn.Parameter:
    return nn.Parameter(torch.from_numpy(np.array(array, dtype="f")))


def _rows(array: np.ndarray) -> np.ndarray:
    """Shape (outputs, pieces, ...) as (pieces * outputs, ...)."""
    return np.asarray(array).swapaxes(0, 1).reshape(-1, *array.shape[2:])
