"""Prodigy JSONL, one task a line: spans with token and character offsets, relations between spans.

    {"text": "雨湖区新增学位", "spans": [{"start": 0, "end": 3, "token_start": 0, "token_end": 2, "label": "ORG"}],
     "tokens": [{"text": "雨", "start": 0, "end": 1, "id": 0, "ws": false}],
     "relations": [{"head": 2, "child": 6, "head_span": {...}, "child_span": {...}, "label": "RUNS"}],
     "answer": "accept"}

Character offsets are half-open and count code points, token offsets are inclusive; a relation names the last token of
either span. Tokens are written one a character.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from govnews.formats.builder import Builder
from govnews.formats.fields import (
    expected,
    field,
    items,
    read_id,
    read_meta,
    read_objects,
    read_score,
    read_sections,
    write_objects,
    write_score,
    write_sections,
)
from govnews.formats.losses import Limits, Report, fit, refuse
from govnews.records import Document, Entity

LIMITS = Limits("Prodigy JSONL")
_HINT = 'A line is {"text": "…", "spans": [{"start": 0, "end": 2, "label": "ORG"}]}.'

Tokens = list[tuple[int, int]]
"""Code points of each token."""
Span = tuple[int, int, str]
"""Code points and label, which name an entity."""
Spans = dict[tuple[int, int] | int, list[Span]]
"""Spans by their offsets, and by their end."""


def read_prodigy(path: str | Path, *, encoding: str = "utf-8", report: Report = refuse) -> list[Document]:
    """Read accepted tasks; others are reported, and so are relations between tokens that end no span.

    Raises:
        FormatError: A line is no task, with file and line.
    """
    return read_objects(path, _parse, hint=_HINT, encoding=encoding, report=report)


def write_prodigy(documents: Iterable[Document], path: str | Path, *, report: Report = refuse) -> None:
    """Write accepted tasks, all of them or nothing."""
    fitted = (fit(document, LIMITS, report=report) for document in documents)
    write_objects(path, (_line(document) for document in fitted if document is not None))


def _line(document: Document) -> dict[str, Any]:
    return {
        "text": document.text,
        "meta": {**document.meta, "id": document.id},
        "tokens": [
            {"text": char, "start": at, "end": at + 1, "id": at, "ws": False} for at, char in enumerate(document.text)
        ],
        "spans": [{**_span(e), **write_score(e)} for e in document.entities],
        "relations": [
            {
                "head": r.head.end - 1,
                "child": r.tail.end - 1,
                "head_span": _span(r.head),
                "child_span": _span(r.tail),
                "label": r.label,
                **write_score(r),
            }
            for r in document.relations
        ],
        "answer": "accept",
        **write_sections(document),
    }


def _span(e: Entity) -> dict[str, Any]:
    return {"start": e.start, "end": e.end, "token_start": e.start, "token_end": e.end - 1, "label": e.label}


def _parse(data: dict[str, Any], default_id: str, report: Report) -> Document | None:
    text = field(data, "text", str, "a task")
    meta = field(data, "meta", dict, "a task") if data.get("meta") is not None else {}
    builder = Builder(read_id(data, read_id(meta, default_id)), text, report=report)
    answer = data.get("answer", "accept")
    if answer != "accept":
        builder.lose("document", repr(text[:40]), f"was answered with {answer!r}")
        return None
    tokens = [_offsets(item, [], f"tokens[{n}]") for n, item in enumerate(items(data, "tokens"))]
    spans: Spans = {}
    for position, item in enumerate(items(data, "spans")):
        where = f"spans[{position}]"
        start, end = _offsets(item, tokens, where)
        label = field(item, "label", str, where)
        for place in ((start, end), end):
            spans.setdefault(place, []).append((start, end, label))
        builder.add((start, end, label), start, end, label, score=read_score(item, where))
    for position, item in enumerate(items(data, "relations")):
        where = f"relations[{position}]"
        label = field(item, "label", str, where)
        head, tail = (_argument(item, key, tokens, spans, where) for key in ("head", "child"))
        if head is None or tail is None:
            builder.lose("relation", f"{label} in {where}", "joins what is no span")
        else:
            builder.relate(head, tail, label, score=read_score(item, where))
    return builder.build(meta=read_meta(meta, known={"id"}), sections=read_sections(data, text))


def _argument(item: Any, key: str, tokens: Tokens, spans: Spans, where: str) -> Span | None:
    """The span at one end of a relation: by its offsets, else by its last token."""
    if isinstance(item, dict) and item.get(f"{key}_span") is not None:
        span = item[f"{key}_span"]
        found = spans.get(_offsets(span, tokens, f"{where}.{key}_span"), [])
        found = [s for s in found if span.get("label") in (None, s[2])]
    else:
        token = field(item, key, int, where)
        found = spans.get(tokens[token][1], []) if 0 <= token < len(tokens) else []
    return found[0] if found else None


def _offsets(item: Any, tokens: Tokens, where: str) -> tuple[int, int]:
    """The code points of a span, which may say only its tokens."""
    if isinstance(item, dict) and "start" not in item and tokens:
        first, last = field(item, "token_start", int, where), field(item, "token_end", int, where)
        if not 0 <= first <= last < len(tokens):
            raise expected(where, f"tokens from 0 to {len(tokens) - 1}", [first, last])
        return tokens[first][0], tokens[last][1]
    return field(item, "start", int, where), field(item, "end", int, where)
