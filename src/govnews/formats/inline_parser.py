"""Parse the inline format, and go on after each fault; `inline` says what the format is."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from govnews.errors import FormatError
from govnews.records import Document, Entity, Relation, Section

_HEADER = re.compile(r"#[ \t]*(\w+)[ \t]*:(.*)")
NAME = r"[^\W\d](?:\w*[^\W0-9])?"
OPEN = "?"
_MARKUP = re.compile(rf"\{{\{{|\}}\}}|\{{\}}|\{{({NAME}|\{OPEN})([0-9]+):|[{{}}]")
RELATION = re.compile(rf">\s*({NAME}[0-9]+)\s+({NAME})\s+({NAME}[0-9]+)\s*$")
ALTERNATIVE = re.compile(r"([?？!！])[ \t]*([0-9]+)[ \t]*([^:：]*)[:：] ?(.*)")
"""Of a decision, as `drafts` says: whether it is chosen, the number, whose it is, what it says."""
BLANKS = " \t\r"
SHAPE = "Write spans as {LABEL1:text}, literal braces as {{ and }}, relations as > ORG1 RUNS PROGRAM1."


@dataclass(slots=True)
class InlineFile:
    """What stands in an inline file, faults included.

    Args:
        documents: In order, as far as they could be read.
        problems: What could not be read, with file and line.
        lines: For each document the start offset and the line of each paragraph, after -1 and
            the line of its head.
    """

    documents: list[Document] = field(default_factory=list)
    problems: list[FormatError] = field(default_factory=list)
    lines: list[list[tuple[int, int]]] = field(default_factory=list)

    def line(self, document: int, offset: int) -> int:
        """The line of the file that holds an offset of a document; for -1 the line it begins with."""
        lines = self.lines[document]
        return lines[bisect_right(lines, offset, key=lambda item: item[0]) - 1][1]


def parse_inline(text: str, *, path: str | Path | None = None) -> InlineFile:
    """Parse an inline file and go on after each fault, so that all can be listed."""
    return _Parser(path).parse(text)


class _Parser:
    def __init__(self, path: str | Path | None) -> None:
        self.path = path
        self.file = InlineFile()
        self.seen: set[str] = set()
        self._begin("", 0)

    def parse(self, text: str) -> InlineFile:
        for number, raw in enumerate(text.split("\n"), start=1):
            line = raw.removesuffix("\r")
            if not line.strip():
                self.in_block = False
            elif line.startswith("#"):
                self._header(line, number)
            elif line.startswith(">"):
                self._relation(line, number)
            elif self.in_block and (match := ALTERNATIVE.match(line)):
                self._decision(match[2], number)
            else:
                self._paragraph(line, number)
        self._finish()
        if not self.file.documents and not self.file.problems:
            self._problem("found no document", 1, "A document begins with a line `# doc: NAME`.")
        self.file.problems.sort(key=lambda problem: problem.line or 0)
        return self.file

    def _problem(self, message: str, line: int, hint: str = SHAPE) -> None:
        self.file.problems.append(FormatError(message, path=self.path, line=line, hint=hint))

    def _begin(self, name: str, line: int) -> None:
        self.id = name
        self.meta: dict[str, str] = {}
        self.texts: list[str] = []
        self.length = 0
        self.entities: list[Entity] = []
        self.relations: dict[Relation, None] = {}
        self.sections: dict[str, int] = {}
        self.section_line = 0
        self.lines: list[tuple[int, int]] = [(-1, line)]
        self.names: dict[str, Entity] = {}
        self.decisions: set[str] = set()
        self.in_block = False

    def _finish(self) -> None:
        if not self.id:
            return
        self._end_section()
        text = "\n".join(self.texts)
        ends = [*(start - 1 for start in islice(self.sections.values(), 1, None)), len(text)]
        sections = tuple(
            Section(name, start, end) for (name, start), end in zip(self.sections.items(), ends, strict=False)
        )
        self.file.documents.append(
            Document(self.id, text, tuple(self.entities), tuple(self.relations), sections, self.meta)
        )
        self.file.lines.append(self.lines)

    def _end_section(self) -> None:
        if self.sections and next(reversed(self.sections.values())) == self.length:
            name, _ = self.sections.popitem()
            self._problem(f"section {name!r} holds no paragraph", self.section_line, "Remove it, or add its text.")

    def _header(self, line: str, number: int) -> None:
        match = _HEADER.match(line)
        if match is None:
            self._problem(
                f"found {line[:40]!r}, expected `# key: value`",
                number,
                "A paragraph that begins with # is written {}#...",
            )
            return
        key, value = match[1], match[2].strip(BLANKS)
        if key == "doc":
            self._finish()
            self._begin(value, number)
            if not value or value in self.seen:
                what = f"a second document called {value!r}" if value else "a document without a name"
                self._problem(f"found {what}", number, "Give every document a name of its own.")
                self.id = value or f"line {number}"
            self.seen.add(value)
        elif not self.id:
            self._problem(f"found `# {key}:` before any document", number, "Begin with `# doc: NAME`.")
        elif key == "section":
            self._end_section()
            self.in_block = False
            self.section_line = number
            if not value or value in self.sections:
                what = f"section {value!r} begins a second time" if value else "a section without a name"
                self._problem(what, number, "Give every section a name of its own.")
                return
            if not self.sections and self.texts:
                self._problem(
                    f"section {value!r} begins after text that is in no section",
                    number,
                    "Put the first `# section:` line before the first paragraph.",
                )
            self.sections[value] = self.length
        elif self.texts:
            self._problem(
                f"found `# {key}:` after the first paragraph",
                number,
                "Metadata stands at the head of a document; a paragraph that begins with # is written {}#...",
            )
        elif key in self.meta:
            self._problem(f"`# {key}:` stands twice", number, "Keep one of the lines.")
        else:
            self.meta[key] = value

    def _paragraph(self, line: str, number: int) -> None:
        if not self.id:
            self._problem(f"found text before any document: {line[:20]!r}", number, "Begin with `# doc: NAME`.")
            self._begin(f"line {number}", number)
        if self.in_block:
            self._problem(
                f"found a second line of text in one block: {line[:20]!r}",
                number,
                "A paragraph is one line; put a blank line between paragraphs.",
            )
        self.in_block = True
        start = self.length
        self.names = {}
        self.decisions = set()
        text = ""
        for kind, value in read_spans(line, lambda message: self._problem(message, number)):
            if kind.startswith(OPEN):
                self._decision(kind.removeprefix(OPEN), number)
            elif kind:
                if kind in self.names:
                    self._problem(f"{kind} stands twice in one paragraph", number, "Number the spans of a label.")
                entity = Entity(start + len(text), start + len(text) + len(value), kind.rstrip("0123456789"))
                self.entities.append(entity)
                self.names[kind] = entity
            text += value
        self.lines.append((start, number))
        self.texts.append(text)
        self.length += len(text) + 1

    def _decision(self, name: str, number: int) -> None:
        """Tell an open decision once, however many lines it has."""
        if name not in self.decisions:
            self.decisions.add(name)
            self._problem(
                f"decision {name} is open",
                number,
                "Put ! for ? before the line that is right, then run `govnews corpus adjudicate FILE --finish`.",
            )

    def _relation(self, line: str, number: int) -> None:
        match = RELATION.match(line)
        if match is None:
            self._problem(f"found {line[:60]!r}, expected `> HEAD LABEL TAIL`", number)
            return
        if not self.in_block:
            self._problem(
                "found a relation that follows no paragraph",
                number,
                "Relation lines follow their paragraph directly.",
            )
            return
        head, label, tail = match.groups()
        missing = [name for name in (head, tail) if name not in self.names]
        if missing and self.decisions:
            return  # it may be in what is still to be decided
        for name in missing:
            known = ", ".join(islice(self.names, 20)) or "none"
            self._problem(
                f"relation argument {name} is no span of the paragraph above",
                number,
                f"Its spans are: {known}.",
            )
        if not missing:
            relation = Relation(self.names[head], self.names[tail], label)
            if relation in self.relations:
                self._problem(f"the relation {head} {label} {tail} stands twice", number, "Remove one of them.")
            else:
                self.relations[relation] = None


def read_spans(line: str, tell: Callable[[str], None]) -> Iterator[tuple[str, str]]:
    """Read a marked line as (name or nothing, text) pairs in order, and go on after each fault.

    Args:
        line: Text with `{NAME:...}` spans.
        tell: Called with what is wrong.

    >>> list(read_spans("去{ORG1:雨湖区}。", print))
    [('', '去'), ('ORG1', '雨湖区'), ('', '。')]
    """
    name = ""
    text = ""
    last = 0
    for match in _MARKUP.finditer(line):
        text += line[last : match.start()]
        last = match.end()
        token = match.group()
        if token in ("{{", "}}"):
            text += token[0]
        elif match.group(1):
            if name:
                tell(f"{{{name}:... is still open where {token}... begins")
            yield name, text
            name, text = match.group(1) + match.group(2), ""
        elif token == "}" and name:
            if not text:
                tell(f"{{{name}:}} holds no text")
            else:
                yield name, text
            name, text = "", ""
        elif token != "{}":
            near = line[max(0, match.start() - 8) : match.end() + 8]
            tell(f"found a lone {token!r} in {near!r}")
    if name:
        tell(f"{{{name}:... is never closed")
    yield name, text + line[last:]
