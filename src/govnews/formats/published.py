"""Sets published as JSONL of their own shapes: spans as lists, and pairs of mentions with a relation label.

    {"text": "高勇：男，中国国籍", "entities": [[0, 2, "NAME"], [5, 9, "CONT"]]}
    {"text": "幽兰在山谷", "head": [0, 2], "tail": [3, 5], "label": "Located"}

Offsets are half-open and count Unicode code points.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from govnews.errors import FormatError
from govnews.formats.textfile import read_text
from govnews.records import Document, Entity, Relation

HEAD, TAIL = "HEAD", "TAIL"
NO_RELATION = "unknown"
_HINT = (
    'A line is {"text": "…", "entities": [[0, 2, "NAME"]]} or '
    '{"text": "…", "head": [0, 2], "tail": [3, 5], "label": "…"}.'
)


def read_published(path: str | Path) -> list[Document]:
    """Read a set of sentences with spans, or with one pair of mentions each, one a line.

    A pair becomes two entities, `HEAD` and `TAIL`, and a relation unless its label is `unknown`. Mentions that
    overlap stay as they are; a pipeline, whose entities are flat, cannot find both.

    Raises:
        FormatError: A line has another shape, or a span lies outside its text, with file and line.
    """
    documents = []
    for number, line in enumerate(read_text(path).split("\n"), start=1):
        if line.strip():
            try:
                documents.append(_parse(line, f"{Path(path).stem}-{number}"))
            except FormatError as error:
                raise FormatError(error.message, path=path, line=number, hint=error.hint or _HINT) from None
    return documents


def _parse(line: str, name: str) -> Document:
    try:
        data = json.loads(line)
        if "\\u" in line:  # escapes can hold half of a surrogate pair, which no text can
            json.dumps(data, ensure_ascii=False).encode()
    except RecursionError:
        raise FormatError("is nested too deeply") from None
    except UnicodeEncodeError:
        raise FormatError("holds half of a character, a lone surrogate") from None
    except ValueError as error:
        raise FormatError(f"is no JSON: {error}") from None
    if not isinstance(data, dict) or not isinstance(data.get("text"), str):
        raise FormatError('should be a JSON object with a string "text"')
    text = data["text"]
    if "entities" in data:
        if not isinstance(data["entities"], list):
            raise FormatError('"entities" should be a list')
        spans = [_span(item, text, f"entities[{i}]", labelled=True) for i, item in enumerate(data["entities"])]
        return Document(name, text, tuple(sorted(spans, key=lambda span: span.start)))
    if not isinstance(data.get("label"), str) or not data["label"]:
        raise FormatError('should have "entities", or "head", "tail" and a string "label"')
    head = _span(data.get("head"), text, "head", label=HEAD)
    tail = _span(data.get("tail"), text, "tail", label=TAIL)
    relations = () if data["label"] == NO_RELATION else (Relation(head, tail, data["label"]),)
    return Document(name, text, tuple(sorted((head, tail), key=lambda span: span.start)), relations)


def _span(item: Any, text: str, where: str, *, label: str = "", labelled: bool = False) -> Entity:
    size = 3 if labelled else 2
    if not isinstance(item, list) or len(item) != size:
        raise FormatError(f"{where} should be a list of {'start, end and label' if labelled else 'start and end'}")
    start, end = item[:2]
    if any(isinstance(offset, bool) or not isinstance(offset, int) for offset in (start, end)):
        raise FormatError(f"{where} has offsets that are no whole numbers")
    if not 0 <= start < end <= len(text):
        raise FormatError(f"{where} spans {start}..{end}, but the text has {len(text)} characters")
    if labelled and (not isinstance(item[2], str) or not item[2]):
        raise FormatError(f"{where} has a label that is no string")
    return Entity(start, end, item[2] if labelled else label)
