"""The inline format: text with its markup, readable by people and by diffs.

    # doc: yuhu-2024
    # date: 2024-12-20

    # section: industry

    {DATE1:今年}，{ORG1:雨湖区}签约引进{METRIC1:亿元以上项目18个}。
    > ORG1 HAS_METRIC METRIC1
    > METRIC1 HAS_DATE DATE1

One block a paragraph, blocks separated by blank lines. Spans are `{LABELn:text}`, n unique
within the paragraph and label; relation lines follow their paragraph. `{{` and `}}` stand for
literal braces, and `{}` for nothing at all: it lets a paragraph be empty, or begin with `#` or
`>`, or end with a space, and keeps a closing brace apart from a literal one. `# doc:` begins a
document, `# section:` a section of it; other `# key: value` lines before the first paragraph are
metadata. The text of a document is its
paragraphs joined by line feeds: taking the markup away gives it back exactly.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import islice, pairwise
from pathlib import Path

from govnews.errors import FormatError
from govnews.formats.textfile import read_text, write_text
from govnews.records import Document, Entity, Relation, Section

SUFFIX = ".ann"

_HEADER = re.compile(r"#[ \t]*(\w+)[ \t]*:(.*)")
_NAME = r"[^\W\d](?:\w*[^\W0-9])?"
_MARKUP = re.compile(rf"\{{\{{|\}}\}}|\{{\}}|\{{({_NAME})([0-9]+):|[{{}}]")
_RELATION = re.compile(rf">\s*({_NAME}[0-9]+)\s+({_NAME})\s+({_NAME}[0-9]+)\s*$")
_WORD = re.compile(_NAME)
_KEY = re.compile(r"\w+")
_RESERVED = {"doc", "section"}
_BLANKS = " \t\r"
_NO_TEXT = re.compile("[\0\ud800-\udfff]")
_PROTECTED_START = re.compile(r"[#>\s]|\Z")
_SHAPE = "Write spans as {LABEL1:text}, literal braces as {{ and }}, relations as > ORG1 RUNS PROGRAM1."


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


def read_inline(path: str | Path, *, encoding: str = "utf-8") -> list[Document]:
    """Read the documents of an inline file.

    Raises:
        FormatError: At the first fault, with file and line.
    """
    parsed = parse_inline(read_text(path, encoding=encoding), path=path)
    if parsed.problems:
        raise parsed.problems[0]
    return parsed.documents


def write_inline(documents: Iterable[Document], path: str | Path) -> None:
    """Write documents to an inline file, all of them or nothing.

    Raises:
        FormatError: A document holds what the format cannot carry, such as overlapping entities or
            a relation between paragraphs.
    """
    write_text(path, "\n".join(format_inline(document) for document in documents))


def parse_inline(text: str, *, path: str | Path | None = None) -> InlineFile:
    """Parse an inline file and go on after each fault, so that all can be listed."""
    return _Parser(path).parse(text)


def format_inline(document: Document) -> str:
    """A document in the inline format.

    Raises:
        FormatError: The document holds what the format cannot carry.
    """
    for what in _obstacles(document):
        raise _refusal(document, what)
    starts = {section.start: section.name for section in document.sections}
    header = {"doc": document.id, **document.meta}
    blocks = ["\n".join(f"# {key}: {value}" for key, value in header.items())]
    written = 0
    start = 0
    bare = replace(document, sections=())
    for paragraph in document.text.split("\n"):
        end = start + len(paragraph)
        if start in starts:
            blocks.append(f"# section: {starts[start]}")
        part = bare.cut(start, end)
        written += len(part.entities) + len(part.relations)
        blocks.append(_format_paragraph(part))
        start = end + 1
    if written != len(document.entities) + len(document.relations):
        raise _refusal(document, "an entity or relation that is in no one paragraph")
    return "\n\n".join(blocks) + "\n"


def _refusal(document: Document, what: str) -> FormatError:
    return FormatError(
        f"document {document.id!r} has {what}, which the inline format cannot carry",
        hint="Run `govnews corpus check` on it, or write it as JSONL.",
    )


def _obstacles(document: Document) -> Iterator[str]:
    names = [section.name for section in document.sections]
    labels = {e.label for e in document.entities} | {r.label for r in document.relations}
    if not document.id:
        yield "no id"
    if not all(names):
        yield "a section without a name"
    if not all(map(_fits_header, (document.id, *document.meta.values(), *names))):
        yield "an id, metadata or a section name that runs over lines or begins or ends with a space"
    yield from (f"metadata called {key!r}" for key in document.meta if key in _RESERVED or not _KEY.fullmatch(key))
    if names and not _tiles(document):
        yield "sections that leave gaps or overlap"
    if len(set(names)) < len(names):
        yield "two sections of one name"
    if _NO_TEXT.search(document.text):
        yield "a NUL character or half of a surrogate pair"
    yield from (f"the label {label!r}" for label in labels if not _WORD.fullmatch(label))
    if any(e.start >= e.end for e in document.entities):
        yield "an empty entity"
    if any(a.end > b.start for a, b in pairwise(document.entities)):
        yield "overlapping entities"
    if len(set(document.relations)) < len(document.relations):
        yield "a relation that stands twice"


def _fits_header(value: str) -> bool:
    return "\n" not in value and value == value.strip(_BLANKS) and not _NO_TEXT.search(value)


def _tiles(document: Document) -> bool:
    """Whether the sections begin where paragraphs begin and cover the text from the first on."""
    ends = [section.end for section in document.sections]
    starts = [section.start for section in document.sections]
    if starts[0] != 0 or any(start > end for start, end in zip(starts, ends, strict=True)):
        return False
    joins = all(start == end + 1 for start, end in zip(starts[1:], ends, strict=False))
    aligned = all(start == 0 or document.text[start - 1] == "\n" for start in starts)
    return joins and aligned and ends[-1] == len(document.text)


def _format_paragraph(part: Document) -> str:
    counts: Counter[str] = Counter()
    names: dict[Entity, str] = {}
    pieces = []
    last = 0
    for entity in part.entities:
        counts[entity.label] += 1
        names[entity] = f"{entity.label}{counts[entity.label]}"
        pieces.append(_between(part.text[last : entity.start], after_span=last > 0))
        pieces.append(f"{{{names[entity]}:{_escape(part.surface(entity))}}}")
        last = entity.end
    pieces.append(_between(part.text[last:], after_span=last > 0))
    line = "".join(pieces)
    if _PROTECTED_START.match(line):
        line = "{}" + line
    if line[-1:].isspace():
        line += "{}"
    try:
        relations = [f"> {names[r.head]} {r.label} {names[r.tail]}" for r in part.relations]
    except KeyError:
        raise FormatError(
            f"document {part.id!r} has a relation whose argument is no entity of it",
            hint="Run `govnews corpus check` on it.",
        ) from None
    return "\n".join([line, *relations])


def _between(text: str, *, after_span: bool) -> str:
    return ("{}" if after_span and text.startswith("}") else "") + _escape(text)


def _escape(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")


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
            else:
                self._paragraph(line, number)
        self._finish()
        if not self.file.documents and not self.file.problems:
            self._problem("found no document", 1, "A document begins with a line `# doc: NAME`.")
        self.file.problems.sort(key=lambda problem: problem.line or 0)
        return self.file

    def _problem(self, message: str, line: int, hint: str = _SHAPE) -> None:
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
        key, value = match[1], match[2].strip(_BLANKS)
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
        text = ""
        for kind, value in self._spans(line, number):
            if kind:
                entity = Entity(start + len(text), start + len(text) + len(value), kind.rstrip("0123456789"))
                self.entities.append(entity)
                self.names[kind] = entity
            text += value
        self.lines.append((start, number))
        self.texts.append(text)
        self.length += len(text) + 1

    def _spans(self, line: str, number: int) -> Iterator[tuple[str, str]]:
        """Yield (name or nothing, text) in order."""
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
                    self._problem(f"{{{name}:... is still open where {token}... begins", number)
                    yield name, text
                else:
                    yield "", text
                name, text = match.group(1) + match.group(2), ""
                if name in self.names:
                    self._problem(f"{name} stands twice in one paragraph", number, "Number the spans of a label.")
            elif token == "}" and name:
                if not text:
                    self._problem(f"{{{name}:}} holds no text", number)
                else:
                    yield name, text
                name, text = "", ""
            elif token != "{}":
                near = line[max(0, match.start() - 8) : match.end() + 8]
                self._problem(f"found a lone {token!r} in {near!r}", number)
        if name:
            self._problem(f"{{{name}:... is never closed", number)
        yield name, text + line[last:]

    def _relation(self, line: str, number: int) -> None:
        match = _RELATION.match(line)
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
