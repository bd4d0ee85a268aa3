"""Check annotated files against the guidelines' mechanics, with file, line and remedy."""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path

from govnews.errors import FormatError
from govnews.formats import inline, jsonl
from govnews.formats.documents import READERS
from govnews.formats.textfile import read_text
from govnews.records import LABELS, SIGNATURES, Document, Entity, Relation, SentenceIndex

_FIGURE = re.compile(r"[0-9０-９零〇一二两三四五六七八九十百千万亿半双几数多廿]|翻番")
_LONGEST_SHOWN = 60
_OPENERS = "“‘「『（(《【"
_CLOSERS = "”’」』）)》】"

Locate = Callable[[int], int]
"""Line of the file that holds an offset of the document; -1 stands for its head."""


def check_file(
    path: str | Path, *, encoding: str = "utf-8", any_label: bool = False
) -> tuple[list[Document], list[FormatError]]:
    """Read an annotated file and list everything that is wrong with it.

    Args:
        path: An inline or JSONL file.
        encoding: Any encoding Python knows.
        any_label: Allow labels and relations that this project does not define.

    Returns:
        The documents that could be read, and the problems in the order of the file.
    """
    path = Path(path)
    try:
        if path.suffix.lower() == inline.SUFFIX:
            parsed = inline.parse_inline(read_text(path, encoding=encoding), path=path)
            problems = list(parsed.problems)
            for number, document in enumerate(parsed.documents):
                problems += check_document(
                    document, path=path, locate=partial(parsed.line, number), any_label=any_label
                )
            return parsed.documents, sorted(problems, key=lambda problem: problem.line or 0)
        if path.suffix.lower() == jsonl.SUFFIX:
            documents, problems = [], []
            for line, found in jsonl.scan_jsonl(path, encoding=encoding):
                if isinstance(found, FormatError):
                    problems.append(found)
                else:
                    documents.append(found)
                    problems += check_document(found, path=path, locate=_always(line), any_label=any_label)
            return documents, problems
    except FormatError as error:
        return [], [error]
    known = ", ".join(READERS)
    return [], [FormatError(f"no annotated format ends in {path.suffix!r}", path=path, hint=f"Known endings: {known}.")]


def check_files(
    paths: Iterable[str | Path], *, encoding: str = "utf-8", any_label: bool = False
) -> tuple[list[Document], list[FormatError]]:
    """Check several files, ids across them included; arguments are those of `check_file`."""
    documents: list[Document] = []
    problems: list[FormatError] = []
    places: dict[str, str] = {}
    for path in paths:
        found, faults = check_file(path, encoding=encoding, any_label=any_label)
        problems += faults
        for document in found:
            if places.get(document.id, str(path)) != str(path):
                problems.append(
                    FormatError(
                        f"a document called {document.id!r} stands in {places[document.id]} already",
                        path=path,
                        hint="Ids are unique in a corpus.",
                    )
                )
            places.setdefault(document.id, str(path))
            documents.append(document)
    return documents, problems


def check_document(
    document: Document,
    *,
    path: str | Path | None = None,
    locate: Locate = lambda _: 0,
    any_label: bool = False,
) -> list[FormatError]:
    """List what is wrong with one document.

    Args:
        document: What to check.
        path: File named in the problems.
        locate: Gives the line of an offset.
        any_label: Allow labels and relations that this project does not define.
    """
    found = [
        *_check_meta(document),
        *_check_entities(document, any_label=any_label),
        *_check_relations(document, any_label=any_label),
    ]
    return [FormatError(what, path=path, line=locate(at) or None, hint=hint) for at, what, hint in found]


def _always(line: int) -> Locate:
    return lambda _: line


_Finding = tuple[int, str, str]


def _check_meta(document: Document) -> Iterator[_Finding]:
    if document.date is not None:
        try:
            written = datetime.date.fromisoformat(document.date).isoformat()
        except ValueError:
            written = None
        if written != document.date:
            yield -1, f"the date is {document.date!r}", "Write it as 2024-12-20."
    if not document.text.strip():
        yield -1, f"document {document.id!r} has no text", "Add text, or remove the document."


def _check_entities(document: Document, *, any_label: bool) -> Iterator[_Finding]:
    sentences = SentenceIndex(document.text)
    last = Entity(0, 0, "")
    for entity in document.entities:
        name = f"{entity.label} {_shown(document, entity)}"
        if entity.label not in LABELS and not any_label:
            yield (
                entity.start,
                f"unknown label {entity.label!r} on {_shown(document, entity)}",
                f"Labels are {', '.join(LABELS)}.",
            )
        if not 0 <= entity.start < entity.end <= len(document.text):
            yield (
                max(entity.start, 0),
                f"{entity.label} spans {entity.start}..{entity.end}, but the text has {len(document.text)} characters",
                "Offsets are half-open and count Unicode code points.",
            )
            continue
        if not sentences.joins(entity):
            yield entity.start, f"{name} runs over a sentence end", "Entities lie within one sentence."
        if entity.start < last.end:
            yield (
                entity.start,
                f"{name} overlaps {last.label} {_shown(document, last)}",
                "Entities are flat: keep one of them.",
            )
        else:
            yield from _check_surface(entity, document.surface(entity), name)
        last = max(last, entity, key=lambda e: e.end)


def _check_surface(entity: Entity, surface: str, name: str) -> Iterator[_Finding]:
    yield from _check_edges(entity, surface, name)
    if entity.label == "METRIC" and not _has_figure(surface):
        yield (
            entity.start,
            f"{name} holds no figure",
            "A METRIC needs an explicit figure; drop it or widen it.",
        )


def _check_edges(entity: Entity, surface: str, name: str) -> Iterator[_Finding]:
    if surface != surface.strip():
        yield entity.start, f"{name} begins or ends with white space", "Move the edge."
        return
    if (surface[0] in _OPENERS) and surface.count(surface[0]) > surface.count(_partner(surface[0])):
        yield entity.start, f"{name} opens {surface[0]} and does not close it", "Move the edge."
    elif (surface[-1] in _CLOSERS) and surface.count(surface[-1]) > surface.count(_partner(surface[-1])):
        yield entity.start, f"{name} closes {surface[-1]} and does not open it", "Move the edge."
    elif surface[0] == "《" and surface[-1] == "》" and surface.count("《") == 1:
        yield entity.start, f"{name} includes its 《》", "Book-title marks never belong to a span."
    else:
        for edge in (surface[0], surface[-1]):
            if unicodedata.category(edge).startswith("P") and edge not in _OPENERS + _CLOSERS + "%％‰‱-":
                yield (
                    entity.start,
                    f"{name} has {edge!r} at its edge",
                    "Surrounding punctuation stays outside.",
                )
                return


def _check_signature(relation: Relation, name: str) -> Iterator[_Finding]:
    start = relation.head.start
    labels = (relation.head.label, relation.tail.label)
    if relation.label not in SIGNATURES:
        yield start, f"unknown relation {relation.label!r} in {name}", f"Relations are {', '.join(SIGNATURES)}."
    elif labels not in SIGNATURES[relation.label]:
        allowed = " or ".join(f"{a} → {b}" for a, b in sorted(SIGNATURES[relation.label]))
        yield start, f"{name} joins {' → '.join(labels)}", f"{relation.label} joins {allowed}."


def _check_relations(document: Document, *, any_label: bool) -> Iterator[_Finding]:
    sentences = SentenceIndex(document.text)
    entities = set(document.entities)
    seen = set()
    for relation in document.relations:
        head, tail = relation.head, relation.tail
        name = f"{_shown(document, head)} {relation.label} {_shown(document, tail)}"
        if not any_label:
            yield from _check_signature(relation, name)
        if head == tail:
            yield head.start, f"{name} joins an entity to itself", "Drop it."
        if not entities.issuperset((head, tail)):
            yield (
                head.start,
                f"{name} has an argument that is no entity",
                "Add the entity, or drop the relation.",
            )
        elif not sentences.joins(head, tail):
            yield head.start, f"{name} runs over a sentence end", "Both arguments lie in one sentence."
        if relation in seen:
            yield head.start, f"{name} stands twice", "Drop one of them."
        seen.add(relation)


def _shown(document: Document, entity: Entity) -> str:
    if entity.end - entity.start <= _LONGEST_SHOWN:
        return repr(document.surface(entity))
    return repr(document.text[entity.start : entity.start + _LONGEST_SHOWN] + "…")


def _has_figure(surface: str) -> bool:
    return _FIGURE.search(surface) is not None or any(unicodedata.category(char)[0] == "N" for char in surface)


def _partner(mark: str) -> str:
    pairs = dict(zip(_OPENERS + _CLOSERS, _CLOSERS + _OPENERS, strict=True))
    return pairs[mark]
