"""A text taken from a page: its blocks, and where each of its characters stands in the raw text."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["headline", "subhead", "byline", "caption", "credit", "furniture", "body"]


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph of the clean text, without its line feed."""

    kind: Kind
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Page:
    """A text with its layout repaired.

    Args:
        text: The clean text: one line a paragraph.
        blocks: Its paragraphs with their kinds, in order.
        raw: The text as it was given.
        joins: Offsets in `text` at which two pieces of the page were put together.
    """

    text: str
    blocks: tuple[Block, ...]
    raw: str
    joins: tuple[int, ...] = ()
    _clean: tuple[int, ...] = field(default=(), repr=False)
    _raw: tuple[int, ...] = field(default=(), repr=False)
    _lengths: tuple[int, ...] = field(default=(), repr=False)

    def raw_spans(self, start: int, end: int) -> list[tuple[int, int]]:
        """Where a span of the clean text stands in the raw one.

        Args:
            start: First code point in the clean text.
            end: One past the last.

        Returns:
            Half-open spans in reading order; more than one where the page cut the span.
        """
        spans: list[tuple[int, int]] = []
        index = max(bisect_right(self._clean, start) - 1, 0)
        while index < len(self._clean) and self._clean[index] < end:
            offset = self._raw[index] - self._clean[index]
            low = max(start, self._clean[index])
            high = min(end, self._clean[index] + self._lengths[index])
            if low < high:
                spans.append((low + offset, high + offset))
            index += 1
        return spans

    def kind_at(self, offset: int) -> Kind:
        """The kind of the block that holds an offset of the clean text."""
        index = bisect_right(self.blocks, offset, key=lambda block: block.start) - 1
        return self.blocks[index].kind


def keep_layout(raw: str) -> Page:
    """A page whose text is the raw text itself, character for character."""
    blocks = []
    start = 0
    for line in raw.split("\n"):
        blocks.append(Block("body", start, start + len(line)))
        start += len(line) + 1
    return Page(raw, tuple(blocks), raw, (), (0,), (0,), (len(raw),))
