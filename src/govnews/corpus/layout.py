"""Repair the layout of copied or scanned pages.

Text taken from a page has its paragraphs cut by columns and page breaks, captions in the middle
of sentences, and headline, byline and credits in the flow. `repair_layout` rejoins what belongs
together, tells the kinds of block apart, and keeps a map from the clean text to the raw one.

The evidence it uses, none of it particular to one page: how a piece ends (a clause mark, a bracket
left open, a character that ends no phrase), how the next begins (a closing mark, a character that
begins no word, no indent where paragraphs have one), and what stands between (captions, headings,
page numbers). Where the evidence is thin the pieces stay apart: a false join is worse than a missed one.
Hard-wrapped lines are those as long as the page is wide.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from operator import add

from govnews.corpus.page import Block, Page, keep_layout
from govnews.corpus.page_lines import (
    CONTINUES,
    INSIDE_WORDS,
    LABEL,
    MAX_BETWEEN,
    MAX_HEADING,
    MAX_WRAP,
    MIN_BODY,
    PARAGRAPH_START,
    SLACK,
    STARTS,
    Line,
    columns_of,
    is_row,
    joint_of,
    read_lines,
    tell_headlines,
    tell_kinds,
    usual_gap,
)

__all__ = ["Block", "Page", "keep_layout", "repair_layout"]


def repair_layout(raw: str) -> Page:
    r"""Repair the layout of a page and tell its blocks apart.

    Nothing is dropped but white space between blocks, and nothing is changed inside them;
    a caption that cut a paragraph follows it. Linear in the length of the text.

    Args:
        raw: Text as it was copied or scanned.

    >>> page = repair_layout("园区投产。它为对外\n\n— 3 —\n\n开放注入动力。未来可期。")
    >>> page.text
    '园区投产。它为对外开放注入动力。未来可期。\n— 3 —'
    >>> page.raw_spans(7, 11)
    [(7, 9), (18, 20)]
    """
    lines = _unwrap(read_lines(raw))
    if not lines:
        return Page("", (), raw)
    tell_kinds(lines)
    lines = _rejoin(lines, _Habits.of(raw, lines))
    tell_headlines(lines)
    return _lay_out(raw, lines)


def _unwrap(lines: list[Line]) -> list[Line]:
    """Join hard-wrapped lines, where the page is hard-wrapped at all."""
    widths = [columns_of(line.texts[0]) for line in lines]
    margin = min((line.indent for line in lines), default=0)
    reach = [width + line.indent - margin for width, line in zip(widths, lines, strict=True)]
    width = sorted(reach)[-1 - len(reach) // 10] if len(reach) > 3 else 0
    full = [width - SLACK <= columns <= width + SLACK for columns in reach]
    tight = [index for index, line in enumerate(lines[1:]) if line.gap == 0]
    if not 20 <= width <= 2 * MAX_WRAP or len(tight) < 3 or not _is_wrapped(lines, tight, full):
        return lines
    indented = sum(line.indent >= margin + 2 for line in lines) >= 2
    ends = [index for index, is_full in enumerate(full[:-1]) if not is_full]
    spaced = len(ends) > 1 and sum(lines[index + 1].gap > 0 for index in ends) > 0.8 * len(ends)
    joined = [lines[0]]
    for index, line in enumerate(lines[1:]):
        starts = line.gap > 0 or line.indent >= margin + 2 or PARAGRAPH_START.match(line.texts[0])
        rows = is_row(line.texts[0]) or is_row(lines[index].texts[0])
        heading = lines[index].closed and not (line.clauses or line.closed or full[index + 1])
        if starts or rows or heading or not full[index] or (joined[-1].closed and not indented and not spaced):
            joined.append(line)
        else:
            joined[-1].join(line)
    return joined


def _is_wrapped(lines: list[Line], tight: list[int], full: list[bool]) -> bool:
    """Whether most lines are full, and break where prose breaks: anywhere."""
    wrapped = [lines[index] for index in tight if full[index]]
    prose = sum(line.clauses or "、" in line.texts[0] for line in wrapped)
    broken = sum(not line.closed for line in wrapped)
    return len(wrapped) >= len(tight) / 2 and prose >= len(wrapped) / 2 and broken >= len(wrapped) * 2 / 3


@dataclass(frozen=True, slots=True)
class _Habits:
    """How a page is set: indented, lax about ends, captions apart, its usual gap; and its pairs of characters."""

    indented: bool
    lax: bool
    captioned: bool
    usual: int
    pairs: set[str]

    @classmethod
    def of(cls, raw: str, lines: list[Line]) -> _Habits:
        bodies = [line for line in lines if line.kind == "body"]
        prose = [line.closed for line in bodies if line.prose]
        usual = usual_gap(lines)
        return cls(
            sum(line.indent >= 2 for line in bodies) > len(bodies) / 2,
            len(prose) > 4 and sum(prose) < len(prose) / 2,
            any(line.kind == "caption" and line.gap > usual for line in lines),
            usual,
            set(map(add, raw, raw[1:])),
        )


def _rejoin(lines: list[Line], habits: _Habits) -> list[Line]:
    """Put the halves of cut paragraphs together; what stood between follows them."""
    result = []
    for start, line in enumerate(lines):
        index = start
        if line.taken:
            continue
        result.append(line)
        half = _other_half(lines, line, index, habits)
        while half is not None:
            for between in lines[index + 1 : half]:
                if between.kind == "body" and between.short and not between.taken:
                    between.kind = "caption"
            line.join(lines[half])
            index = half
            half = _other_half(lines, line, index, habits)
    return result


def _is_cut(line: Line, habits: _Habits) -> bool:
    """Whether a line ends mid-sentence, as far as it shows by itself."""
    if line.open or line.closed:
        return line.open
    if habits.indented and line.indent >= 2 and (line.kind == "body" or not STARTS.match(line.texts[0])):
        return True  # the other half has no indent
    if line.kind != "body" or habits.lax:
        return False
    note = LABEL.match(re.split("[。！？]", line.texts[-1][-2 * MAX_HEADING :])[-1])
    return not note and (line.prose or (line.clauses and line.length >= MIN_BODY and not LABEL.match(line.texts[0])))


def _other_half(lines: list[Line], line: Line, index: int, habits: _Habits) -> int | None:
    """The block that goes on where a line stops, if it can be told."""
    if line.kind not in ("body", "subhead"):
        return None
    cut = _is_cut(line, habits)
    halves: list[int] = []
    paged = False
    for at in range(index + 1, min(index + 2 + MAX_BETWEEN, len(lines))):
        other = lines[at]
        if other.taken or other.kind not in ("body", "subhead"):
            paged = paged or other.kind == "furniture"
            continue
        if _goes_on(line, other):
            return at
        if other.kind == "subhead" and cut:
            continue
        starts = STARTS.match(other.texts[0]) or not (other.clauses or other.closed)
        if not cut or starts or (habits.indented and other.indent >= 2):
            break
        halves.append(at)
        if not other.short or paged or (habits.captioned and other.gap <= habits.usual):
            if habits.indented:
                return at
            break
    if len(halves) > 1:  # captions may stand before the other half: it makes a word that the page has elsewhere
        halves = [at for at in halves if line.ends[-1] + lines[at].texts[0][0] in habits.pairs]
    return halves[0] if len(halves) == 1 else None


def _goes_on(line: Line, other: Line) -> bool:
    """Whether one begins as only the rest of a paragraph does, and the other can be its beginning."""
    left, right = line.ends, other.texts[0]
    if left[-1] in ".．" and left[-2:-1].isdigit() and right[0].isdigit():
        return line.prose
    if line.closed:
        return False
    bodies = line.kind == other.kind == "body"
    return CONTINUES.match(right) is not None or (bodies and line.prose and right[0] in INSIDE_WORDS)


def _lay_out(raw: str, lines: list[Line]) -> Page:
    blocks: list[Block] = []
    joins: list[int] = []
    clean: list[int] = []
    texts: list[str] = []
    offset = 0
    for line in lines:
        start = offset
        left = ""
        for number, text in enumerate(line.texts):
            joint = joint_of(left, text)
            if number:
                joins.append(offset + len(joint))
            clean.append(offset + len(joint))
            texts += (joint, text)
            offset += len(joint) + len(text)
            left = text
        blocks.append(Block(line.kind, start, offset))
        texts.append("\n")
        offset += 1
    pieces = [piece for line in lines for piece in line.pieces]
    starts = tuple(start for start, _ in pieces)
    lengths = tuple(end - start for start, end in pieces)
    return Page("".join(texts[:-1]), tuple(blocks), raw, tuple(joins), tuple(clean), starts, lengths)
