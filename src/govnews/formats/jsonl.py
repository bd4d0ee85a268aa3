"""JSONL, the exchange form: one document a line.

    {"id": "yuhu-2024", "text": "雨湖区新增学位3700余个", "date": "2024-12-20",
     "entities": [{"start": 0, "end": 3, "label": "ORG", "text": "雨湖区"}, ...],
     "relations": [{"head": 0, "tail": 1, "label": "HAS_METRIC"}]}

`head` and `tail` are positions in `entities`. Optional: `score` on entities and relations,
`text` on entities (checked when it is there), `sections` (`name`, `start`, `end`), and any
further string as metadata.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from govnews.errors import FormatError
from govnews.formats.fields import (
    HALF,
    HALF_HINT,
    expected,
    field,
    items,
    load_line,
    read_score,
    read_sections,
    write_score,
    write_sections,
)
from govnews.formats.losses import Limits
from govnews.formats.textfile import read_text, replacing
from govnews.records import Document, Entity, Relation

SUFFIX = ".jsonl"
LIMITS = Limits("JSONL")
_HINT = (
    'A document is {"id": "a", "text": "…", "entities": [{"start": 0, "end": 2, "label": "ORG"}]}; '
    "`govnews corpus convert` reads other shapes."
)
_KNOWN = {"id", "text", "entities", "relations", "sections"}


def read_jsonl(path: str | Path, *, encoding: str = "utf-8") -> list[Document]:
    """Read the documents of a JSONL file.

    Raises:
        FormatError: A line is no document of this shape, with file and line.
    """
    return [document for _, document in iter_jsonl(path, encoding=encoding)]


def iter_jsonl(path: str | Path, *, encoding: str = "utf-8") -> Iterator[tuple[int, Document]]:
    """Read (line number, document) pairs, with the errors of `read_jsonl`."""
    for number, found in scan_jsonl(path, encoding=encoding):
        if isinstance(found, FormatError):
            raise found
        yield number, found


def scan_jsonl(path: str | Path, *, encoding: str = "utf-8") -> Iterator[tuple[int, Document | FormatError]]:
    """Read (line number, document) pairs and go on after each fault, which stands in the document's place.

    Raises:
        FormatError: The file cannot be read.
    """
    seen: dict[str, int] = {}
    for number, line in enumerate(read_text(path, encoding=encoding).split("\n"), start=1):
        if not line.strip():
            continue
        try:
            document = parse_document(load_line(line), default_id=f"line-{number}")
            if document.id in seen:
                raise FormatError(
                    f"a document called {document.id!r} stands in line {seen[document.id]} already",
                    hint="Ids are unique in a file.",
                )
        except FormatError as error:
            yield number, error.at(path, number)
            continue
        seen[document.id] = number
        yield number, document


def write_jsonl(documents: Iterable[Document], path: str | Path) -> None:
    """Write documents to a JSONL file, all of them or nothing.

    Raises:
        FormatError: A document holds what the format cannot carry: a relation whose argument is no
            entity, metadata named like a field of the format, or half of a surrogate pair.
    """
    with replacing(path) as part, part.open("wb") as file:
        for document in documents:
            try:
                file.write(json.dumps(to_dict(document), ensure_ascii=False).encode() + b"\n")
            except UnicodeEncodeError:
                raise FormatError(f"document {document.id!r} {HALF}", path=path, hint=HALF_HINT) from None


def to_dict(document: Document) -> dict[str, Any]:
    """A document as plain JSON values.

    Raises:
        FormatError: A relation joins what is no entity of the document, or metadata has the name of
            a field of the format.
    """
    if taken := sorted(_KNOWN & document.meta.keys()):
        raise FormatError(
            f"document {document.id!r} has metadata called {taken[0]!r}, which JSONL uses itself",
            hint="Give it another name.",
        )
    index = {entity: position for position, entity in enumerate(document.entities)}
    try:
        relations = [
            {"head": index[r.head], "tail": index[r.tail], "label": r.label, **write_score(r)}
            for r in document.relations
        ]
    except KeyError:
        raise FormatError(
            f"document {document.id!r} has a relation whose argument is no entity of it",
            hint="Add the entity, or drop the relation.",
        ) from None
    data: dict[str, Any] = {
        "id": document.id,
        "text": document.text,
        **document.meta,
        "entities": [
            {"start": e.start, "end": e.end, "label": e.label, "text": document.surface(e), **write_score(e)}
            for e in document.entities
        ],
        "relations": relations,
    }
    return data | write_sections(document)


def parse_document(data: Any, *, default_id: str = "") -> Document:
    """Make a document from plain JSON values.

    Raises:
        FormatError: They have not the shape of one; says which field, what was found and expected.
    """
    try:
        return _parse(data, default_id)
    except FormatError as error:
        raise FormatError(error.message, hint=error.hint or _HINT) from None


def _parse(data: Any, default_id: str) -> Document:
    if not isinstance(data, dict):
        raise expected("a line", "a JSON object", data)
    text = field(data, "text", str, "a document")
    name = data.get("id", default_id)
    if not isinstance(name, (str, int)) or isinstance(name, bool) or not str(name):
        raise expected("id", "a string that is not empty", name)
    entities = [_entity(item, text, i) for i, item in enumerate(items(data, "entities"))]
    relations = [_relation(item, entities, i) for i, item in enumerate(items(data, "relations"))]
    sections = read_sections(data, text)
    meta = {key: value for key, value in data.items() if key not in _KNOWN and isinstance(value, str)}
    return Document(str(name), text, tuple(entities), tuple(relations), tuple(sections), meta)


def _entity(item: Any, text: str, position: int) -> Entity:
    where = f"entities[{position}]"
    start, end = field(item, "start", int, where), field(item, "end", int, where)
    label = field(item, "label", str, where)
    if not 0 <= start < end <= len(text):
        raise FormatError(
            f"{where} spans {start}..{end}, but the text has {len(text)} characters",
            hint="Offsets are half-open and count Unicode code points: 0 <= start < end <= length.",
        )
    if "text" in item:
        surface = field(item, "text", str, where)
        if len(surface) != end - start or not text.startswith(surface, start):
            found = text[start : min(end, start + 40)]
            raise FormatError(
                f"{where} says {surface[:40]!r}, but the text at {start}..{end} is {found!r}",
                hint="Offsets are half-open and count Unicode code points, not bytes and not UTF-16 units.",
            )
    return Entity(start, end, label, read_score(item, where))


def _relation(item: Any, entities: list[Entity], position: int) -> Relation:
    where = f"relations[{position}]"
    label = field(item, "label", str, where)
    arguments = []
    for key in ("head", "tail"):
        index = field(item, key, int, where)
        if not 0 <= index < len(entities):
            raise FormatError(
                f"{where}.{key} is {index}, but there are {len(entities)} entities",
                hint="head and tail are positions in the list of entities, counted from 0.",
            )
        arguments.append(entities[index])
    return Relation(arguments[0], arguments[1], label, read_score(item, where))
