"""Doccano JSONL, one document a line, in both shapes that doccano exports.

    {"id": 1, "text": "雨湖区新增学位3700余个", "label": [[0, 3, "ORG"]]}
    {"id": 1, "text": "雨湖区新增学位3700余个",
     "entities": [{"id": 7, "label": "ORG", "start_offset": 0, "end_offset": 3}],
     "relations": [{"id": 1, "from_id": 7, "to_id": 8, "type": "HAS_METRIC"}]}

Offsets are half-open and count code points. The second shape is written; lists stand under `label`, `labels` or
`entities`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from govnews.errors import FormatError
from govnews.formats.builder import Builder
from govnews.formats.fields import (
    check_meta,
    field,
    items,
    read_id,
    read_meta,
    read_objects,
    read_sections,
    write_objects,
    write_sections,
)
from govnews.formats.losses import Limits, Report, fit, refuse
from govnews.records import Document

LIMITS = Limits("doccano JSONL", scores=False)
_KNOWN = {"id", "text", "label", "labels", "entities", "relations", "sections", "Comments", "cats"}
_HINT = 'A line is {"text": "…", "label": [[0, 2, "ORG"]]}, or has "entities" and "relations".'


def read_doccano(path: str | Path, *, encoding: str = "utf-8", report: Report = refuse) -> list[Document]:
    """Read what doccano exports from a sequence labelling project, with or without relations.

    Raises:
        FormatError: A line has another shape, with file and line.
    """
    return read_objects(path, _parse, hint=_HINT, encoding=encoding, report=report)


def write_doccano(documents: Iterable[Document], path: str | Path, *, report: Report = refuse) -> None:
    """Write lines with entities and relations, all of them or nothing."""
    fitted = (fit(document, LIMITS, report=report) for document in documents)
    write_objects(path, (_line(document) for document in fitted if document is not None))


def _line(document: Document) -> dict[str, Any]:
    check_meta(document, known=_KNOWN)
    numbers = {entity: number for number, entity in enumerate(document.entities)}
    return {
        "id": document.id,
        "text": document.text,
        **document.meta,
        "entities": [
            {"id": numbers[e], "label": e.label, "start_offset": e.start, "end_offset": e.end}
            for e in document.entities
        ],
        "relations": [
            {"id": n, "from_id": numbers[r.head], "to_id": numbers[r.tail], "type": r.label}
            for n, r in enumerate(document.relations)
        ],
        **write_sections(document),
    }


def _parse(data: dict[str, Any], default_id: str, report: Report) -> Document:
    text = field(data, "text", str, "a document")
    builder = Builder(read_id(data, default_id), text, report=report)
    for where, item in _spans(data):
        if isinstance(item, list):
            _add_list(item, builder, where)
        else:
            name = field(item, "id", int, where)
            start, end = field(item, "start_offset", int, where), field(item, "end_offset", int, where)
            builder.add(name, start, end, field(item, "label", str, where))
    for position, item in enumerate(items(data, "relations")):
        where = f"relations[{position}]"
        head, tail = field(item, "from_id", int, where), field(item, "to_id", int, where)
        builder.relate(head, tail, field(item, "type", str, where))
    for comment in items(data, "Comments"):
        builder.lose("comment", repr(str(comment)[:40]), "is no annotation")
    if data.get("cats"):
        builder.lose("category", repr(str(data["cats"])[:40]), "is of the whole text")
    return builder.build(meta=read_meta(data, known=_KNOWN), sections=read_sections(data, text))


def _spans(data: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    found = [key for key in ("entities", "label", "labels") if key in data]
    if not found:
        raise FormatError("has neither entities nor a label")
    for key in found:
        yield from ((f"{key}[{position}]", item) for position, item in enumerate(items(data, key)))


def _add_list(item: list[Any], builder: Builder, where: str) -> None:
    if len(item) != 3:
        raise FormatError(f"{where} should be start, end and label, found {len(item)} values")
    named = dict(zip(("start", "end", "label"), item, strict=True))
    start, end = field(named, "start", int, where), field(named, "end", int, where)
    builder.add(None, start, end, field(named, "label", str, where))
