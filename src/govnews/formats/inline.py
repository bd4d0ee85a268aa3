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
from collections.abc import Callable, Iterable, Iterator
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
    written = 0
    bare = replace(document, sections=())

    def format_part(start: int, end: int) -> str:
        nonlocal written
        part = bare.cut(start, end)
        written += len(part.entities) + len(part.relations)
        return _format_paragraph(part)

    for what in _obstacles(document):
        raise _refusal(document, what)
    text = lay_out(document, format_part)
    if written != len(document.entities) + len(document.relations):
        raise _refusal(document, "an entity or relation that is in no one paragraph")
    return text


def lay_out(document: Document, format_part: Callable[[int, int], str]) -> str:
    """The head of a document, its sections, and for each paragraph what the function gives for its offsets."""
    starts = {section.start: section.name for section in document.sections}
    header = {"doc": document.id, **document.meta}
    blocks = ["\n".join(f"# {key}: {value}" for key, value in header.items())]
    start = 0
    for paragraph in document.text.split("\n"):
        end = start + len(paragraph)
        if start in starts:
            blocks.append(f"# section: {starts[start]}")
        blocks.append(format_part(start, end))
        start = end + 1
    return "\n\n".join(blocks) + "\n"


def mark_spans(pieces: Iterable[tuple[str, str]]) -> str:
    """A line from (name or nothing, text) pairs, as `read_spans` gives them.

    >>> mark_spans([("", "去"), ("ORG1", "雨湖区"), ("", "。")])
    '去{ORG1:雨湖区}。'
    """
    line = ""
    for name, text in pieces:
        if name:
            line += f"{{{name}:{_escape(text)}}}"
        else:
            line += ("{}" if line.endswith("}") and text.startswith("}") else "") + _escape(text)
    if _PROTECTED_START.match(line):
        line = "{}" + line
    if line[-1:].isspace():
        line += "{}"
    return line


def cut_spans(text: str, spans: Iterable[tuple[int, int, str]]) -> Iterator[tuple[str, str]]:
    """Cut a text at flat spans (start, end, name) in order, for `mark_spans`."""
    last = 0
    for start, end, name in spans:
        yield "", text[last:start]
        yield name, text[start:end]
        last = end
    yield "", text[last:]


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
    for entity in part.entities:
        counts[entity.label] += 1
        names[entity] = f"{entity.label}{counts[entity.label]}"
    line = mark_spans(cut_spans(part.text, ((e.start, e.end, name) for e, name in names.items())))
    try:
        relations = [f"> {names[r.head]} {r.label} {names[r.tail]}" for r in part.relations]
    except KeyError:
        raise FormatError(
            f"document {part.id!r} has a relation whose argument is no entity of it",
            hint="Run `govnews corpus check` on it.",
        ) from None
    return "\n".join([line, *relations])


def _escape(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")
