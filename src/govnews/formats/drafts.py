"""Drafts: the inline format with decisions that a person has still to make.

    {DATE1:今年}，{ORG1:雨湖区}{?1:新增学位3700余个}。
    > ORG1 HAS_METRIC METRIC1
    ? 1 a, c: 新增{METRIC1:学位3700余个}
    ? 1 b: {METRIC1:新增学位3700余个}
    ? 2 a: > METRIC1 HAS_DATE DATE1
    ? 2 b, c: -

`{?n:text}` is a place that is marked in several ways, and a line `? n WHO: ...` one of them; a decision without such a
place is about relations, `-` is none and `;` stands between several. Whoever decides puts `!` for `?` in front of the
line that is right, and may change what it marks. Relations of spans that were not chosen go with them. No file with a
decision in it is in the inline format, so none is trained on unawares.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from govnews.errors import FormatError
from govnews.formats.inline import mark_spans
from govnews.formats.inline_parser import ALTERNATIVE, OPEN, RELATION, SHAPE, parse_inline, read_spans
from govnews.records import Document

NOTHING = "-"
_CHOOSE = "Put ! for ? before the one line that is right; change its markup where none is."

_Line = tuple[int, str]
_Tell = Callable[[str, int, str], None]


@dataclass(frozen=True, slots=True)
class _Alternative:
    line: int
    chosen: bool
    readers: str
    content: str

    @property
    def relations(self) -> list[str]:
        """The relation lines it stands for."""
        parts = (part.strip() for part in self.content.split(";"))
        return [part if part.startswith(">") else f"> {part}" for part in parts if part and part != NOTHING]

    @property
    def is_relations(self) -> bool:
        return self.content.startswith(">") or self.content.strip() == NOTHING


def format_alternatives(number: int, contents: Mapping[str, str]) -> list[str]:
    """The lines of a decision.

    Args:
        number: Unique in its paragraph.
        contents: What each reader has; those who have the same share a line.

    >>> format_alternatives(1, {"a": "-", "b": "> ORG1 RUNS PROGRAM1", "c": "-"})
    ['? 1 a, c: -', '? 1 b: > ORG1 RUNS PROGRAM1']
    """
    readers: dict[str, list[str]] = {}
    for reader, content in contents.items():
        readers.setdefault(content, []).append(reader)
    return [f"{OPEN} {number} {', '.join(names)}: {content}" for content, names in readers.items()]


def settle_draft(text: str, *, path: str | Path | None = None) -> tuple[list[Document], list[FormatError]]:
    """Read a draft whose decisions are made, and go on after each fault, so that all can be listed.

    Returns:
        The documents, and what is wrong or still open, in the order of the file.
    """
    problems: list[FormatError] = []

    def tell(message: str, line: int, hint: str) -> None:
        problems.append(FormatError(message, path=path, line=line, hint=hint))

    settled: list[_Line] = []
    block: list[_Line] = []
    for number, raw in enumerate([*text.split("\n"), ""], start=1):
        line = raw.removesuffix("\r")
        if line.strip() and not line.startswith("#"):
            block.append((number, line))
            continue
        settled += _settle_block(block, tell)
        settled.append((number, line))
        block = []
    parsed = parse_inline("\n".join(line for _, line in settled), path=path)
    problems += [
        problem.at(path, settled[problem.line - 1][0] if problem.line else None) for problem in parsed.problems
    ]
    return parsed.documents, sorted(problems, key=lambda problem: problem.line or 0)


@dataclass(slots=True)
class _Paragraph:
    """A paragraph while its decisions are applied.

    Args:
        pieces: Its text, marked as was chosen.
        offered: The names of spans that stand in alternatives.
        undecided: Those of them in decisions that are not made.
    """

    pieces: list[tuple[str, str]] = field(default_factory=list)
    offered: set[str] = field(default_factory=set)
    undecided: set[str] = field(default_factory=set)

    @property
    def gone(self) -> set[str]:
        """The names of spans that were not chosen."""
        return self.offered - {name for name, _ in self.pieces}


def _settle_block(block: list[_Line], tell: _Tell) -> list[_Line]:
    """A paragraph and the lines under it, as the decisions leave them."""
    if not block:
        return []
    (number, text), *lines = block
    decisions: dict[str, list[_Alternative]] = {}
    others: list[_Line] = []
    for at, line in lines:
        match = ALTERNATIVE.match(line)
        if match is None:
            others.append((at, line))
        else:
            choice = _Alternative(at, match[1] in "!！", match[3].strip(), match[4])
            decisions.setdefault(match[2], []).append(choice)
    faults: list[str] = []
    pieces = list(read_spans(text, faults.append))
    if not decisions and not any(name.startswith(OPEN) for name, _ in pieces):
        return block
    for fault in faults:
        tell(fault, number, SHAPE)
    paragraph = _Paragraph()
    for name, piece in pieces:
        if name.startswith(OPEN):
            decision = name.removeprefix(OPEN)
            _settle_place(paragraph, decision, piece, decisions.pop(decision, []), line=number, tell=tell)
        else:
            paragraph.pieces.append((name, piece))
    gone = paragraph.gone
    settled = [(at, line) for at, line in others if _joins_others(line, gone)]
    for decision, alternatives in decisions.items():
        settled += _settle_relations(gone, gone - paragraph.undecided, decision, alternatives, tell)
    return [(number, mark_spans(paragraph.pieces)), *settled]


def _settle_place(
    paragraph: _Paragraph, name: str, text: str, alternatives: list[_Alternative], *, line: int, tell: _Tell
) -> None:
    spans: dict[int, list[tuple[str, str]]] = {}
    for choice in alternatives:
        faults: list[str] = []
        spans[choice.line] = list(read_spans(choice.content, faults.append))
        for fault in faults:
            tell(fault, choice.line, SHAPE)
    names = {name for pieces in spans.values() for name, _ in pieces if name}
    paragraph.offered |= names
    chosen = _choose(name, alternatives, line=line, tell=tell)
    if chosen is not None:
        found = "".join(piece for _, piece in spans[chosen.line])
        if found == text:
            paragraph.pieces += spans[chosen.line]
            return
        tell(
            f"decision {name} reads {found[:40]!r}, but the paragraph has {text[:40]!r} there",
            chosen.line,
            "Change the markup only: the text stays as it is.",
        )
    paragraph.pieces.append(("", text))
    paragraph.undecided |= names


def _settle_relations(
    gone: set[str], surely_gone: set[str], name: str, alternatives: list[_Alternative], tell: _Tell
) -> list[_Line]:
    if strays := [choice for choice in alternatives if not choice.is_relations]:
        tell(
            f"decision {name} has lines, but the paragraph has no {{{OPEN}{name}:...}}",
            strays[0].line,
            "Remove the lines if the paragraph is marked as it should be, or put the place back.",
        )
        return []
    if not any(_joins_others(line, surely_gone) for choice in alternatives for line in choice.relations):
        return []  # there is nothing to decide any more
    chosen = _choose(name, alternatives, line=alternatives[0].line, tell=tell)
    if chosen is None:
        return []
    return [(chosen.line, relation) for relation in chosen.relations if _joins_others(relation, gone)]


def _joins_others(line: str, gone: set[str]) -> bool:
    """Whether a line is anything but a relation of a span that was not chosen."""
    match = RELATION.match(line)
    return match is None or gone.isdisjoint((match[1], match[3]))


def _choose(name: str, alternatives: list[_Alternative], *, line: int, tell: _Tell) -> _Alternative | None:
    chosen = [choice for choice in alternatives if choice.chosen]
    if len(chosen) == 1:
        return chosen[0]
    if chosen:
        tell(f"decision {name} is made twice", chosen[1].line, "Keep one ! of them.")
    elif alternatives:
        sides = "; ".join(f"{choice.readers} has {choice.content}" for choice in alternatives)
        tell(f"decision {name} is open: {sides}", alternatives[0].line, _CHOOSE)
    else:
        tell(f"decision {name} has no lines", line, f"Write `! {name} WHO: ...` below, or mark the paragraph itself.")
    return None
