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
metadata. The text of a document is its paragraphs joined by line feeds: taking the markup away
gives it back exactly.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

from govnews.errors import FormatError
from govnews.formats.inline_parser import BLANKS, NAME, InlineFile, parse_inline
from govnews.formats.losses import Limits
from govnews.formats.textfile import read_text, write_text
from govnews.records import Document, Entity

__all__ = ["InlineFile", "format_inline", "parse_inline", "read_inline", "write_inline"]

SUFFIX = ".ann"
LIMITS = Limits("the inline format", scores=False, nested=False, lines=False, label=NAME)

_WORD = re.compile(NAME)
_KEY = re.compile(r"\w+")
_RESERVED = {"doc", "section"}
_NO_TEXT = re.compile("[\0\ud800-\udfff]")
_PROTECTED_START = re.compile(r"[#>\s]|\Z")


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
    return "\n" not in value and value == value.strip(BLANKS) and not _NO_TEXT.search(value)


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
