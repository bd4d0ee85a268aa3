"""Label Studio JSON: a list of tasks with annotations made by people or predictions made by models.

    [{"data": {"id": "a", "text": "雨湖区新增学位3700余个"}, "annotations": [{"result": [
      {"id": "e0", "type": "labels", "from_name": "label", "to_name": "text",
       "value": {"start": 0, "end": 3, "text": "雨湖区", "labels": ["ORG"]}},
      {"type": "relation", "from_id": "e0", "to_id": "e1", "direction": "right", "labels": ["HAS_METRIC"]}]}]}]

Offsets are half-open and count code points. What has scores is written as predictions.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from statistics import fmean
from typing import Any

from govnews.errors import FormatError
from govnews.formats.builder import Builder
from govnews.formats.fields import (
    check_meta,
    expected,
    field,
    items,
    read_id,
    read_meta,
    read_objects,
    read_score,
    read_sections,
    write_score,
    write_sections,
)
from govnews.formats.losses import Limits, Report, fit, refuse
from govnews.formats.textfile import write_text
from govnews.records import Document, Entity, Relation

LIMITS = Limits("Label Studio JSON")
FROM_NAME, TO_NAME = "label", "text"
"""Names of the Labels and Text tags in the project's labelling interface."""
_SPANS = ("labels", "hypertextlabels")
_KNOWN = {"id", "text", "sections"}
_HINT = 'A task is {"data": {"text": "…"}, "annotations": [{"result": [...]}]}: export with exportType=JSON.'


def read_label_studio(path: str | Path, *, encoding: str = "utf-8", report: Report = refuse) -> list[Document]:
    """Read tasks: the first annotation that was not cancelled, else the first prediction.

    Args:
        path: What `exportType=JSON` gave.
        encoding: Any encoding Python knows.
        report: Told of results that are no spans or relations, of further annotations of a task, and of spans
            that do not fit the text.

    Raises:
        FormatError: The file holds no tasks, with file and line.
    """
    return read_objects(path, parse_task, hint=_HINT, encoding=encoding, report=report)


def write_label_studio(documents: Iterable[Document], path: str | Path, *, report: Report = refuse) -> None:
    """Write tasks for import, all of them or nothing."""
    fitted = (fit(document, LIMITS, report=report) for document in documents)
    tasks = [make_task(document) for document in fitted if document is not None]
    write_text(path, json.dumps(tasks, ensure_ascii=False, indent=1) + "\n")


def make_task(document: Document, *, model_version: str | None = None) -> dict[str, Any]:
    """A document as a task for import.

    Args:
        document: Its entities and relations fit its text.
        model_version: What made them. They are then a prediction, which people accept or correct; without it only
            what has scores is.

    Raises:
        FormatError: Metadata has the name of a field of the format.
    """
    check_meta(document, known=_KNOWN)
    names = {entity: f"e{position}" for position, entity in enumerate(document.entities)}
    result: list[dict[str, Any]] = [
        {
            "id": names[e],
            "type": "labels",
            "from_name": FROM_NAME,
            "to_name": TO_NAME,
            "value": {"start": e.start, "end": e.end, "text": document.surface(e), "labels": [e.label]},
            **write_score(e),
        }
        for e in document.entities
    ]
    result += [
        {
            "type": "relation",
            "from_id": names[r.head],
            "to_id": names[r.tail],
            "direction": "right",
            "labels": [r.label],
            **write_score(r),
        }
        for r in document.relations
    ]
    data = {"id": document.id, "text": document.text, **document.meta, **write_sections(document)}
    found: list[Entity | Relation] = [*document.entities, *document.relations]
    scores = [item.score for item in found if item.score is not None]
    score = {"score": fmean(scores)} if scores else {}
    if model_version is not None:
        return {"data": data, "predictions": [{"model_version": model_version, "result": result, **score}]}
    if scores:
        return {"data": data, "predictions": [{"result": result, **score}]}
    return {"data": data, "annotations": [{"result": result}]}


def parse_task(task: dict[str, Any], default_id: str, report: Report) -> Document:
    """Make a document of a task, of what `read_label_studio` takes in it.

    Raises:
        FormatError: It has not the shape of a task.
    """
    data = field(task, "data", dict, "a task")
    key = _text_key(data)
    builder = Builder(read_id(data, read_id(task, default_id)), data[key], report=report)
    relations = []
    for position, item in enumerate(_result(task, builder)):
        where = f"result[{position}]"
        kind = field(item, "type", str, where)
        if kind in _SPANS:
            _add_span(item, kind, builder, where)
        elif kind == "relation":
            relations.append((item, where))
        else:
            builder.lose("result", f"{kind} {item.get('id', '')}".strip(), "is no span and no relation")
    for item, where in relations:
        _add_relation(item, builder, where)
    return builder.build(meta=read_meta(data, known={*_KNOWN, key}), sections=read_sections(data, data[key]))


def _text_key(data: dict[str, Any]) -> str:
    if isinstance(data.get("text"), str):
        return "text"
    strings = [key for key, value in data.items() if isinstance(value, str)]
    if len(strings) != 1:
        found = ", ".join(strings) or "none"
        raise FormatError('data has no string "text"', hint=f"Found these strings: {found}; call the text `text`.")
    return strings[0]


def _result(task: dict[str, Any], builder: Builder) -> list[Any]:
    """The result that counts."""
    people = finished_annotations(task)
    for number in range(2, len(people) + 1):
        builder.lose("annotation", f"number {number}", "stands beside the first, which was taken")
    chosen = people or _entries(task, "predictions")
    return items(chosen[0], "result") if chosen else []


def finished_annotations(task: dict[str, Any]) -> list[dict[str, Any]]:
    """What people submitted for a task and did not cancel, in order.

    Raises:
        FormatError: It has not the shape of a task.
    """
    return [*_entries(task, "annotations"), *_entries(task, "completions")]


def _entries(task: dict[str, Any], key: str) -> list[dict[str, Any]]:
    entries = items(task, key)
    for position, entry in enumerate(entries):
        if not isinstance(entry, dict):
            raise expected(f"{key}[{position}]", "a JSON object", entry)
    return [entry for entry in entries if not entry.get("was_cancelled")]


def _add_span(item: dict[str, Any], kind: str, builder: Builder, where: str) -> None:
    value = field(item, "value", dict, where)
    name = field(item, "id", str, where)
    labels = items(value, kind)
    if not all(isinstance(label, str) for label in labels):
        raise expected(f"{where}.value.{kind}", "a list of strings", labels)
    surface = value.get("text")
    if surface is not None and not isinstance(surface, str):
        raise expected(f"{where}.value.text", "a string", surface)
    start, end = field(value, "start", int, f"{where}.value"), field(value, "end", int, f"{where}.value")
    score = read_score({"score": item.get("score", value.get("score"))}, where)
    builder.add(name, start, end, labels[0] if labels else "", surface=surface, score=score)
    for label in labels[1:]:
        builder.lose("entity", f"{label} {surface or name!r}", f"is a second label of one span, beside {labels[0]}")


def _add_relation(item: dict[str, Any], builder: Builder, where: str) -> None:
    head, tail = field(item, "from_id", str, where), field(item, "to_id", str, where)
    labels = items(item, "labels")
    direction = item.get("direction", "right")
    if direction == "left":
        head, tail = tail, head
    elif direction != "right":
        builder.lose("direction", f"{direction!r} of {head} {labels} {tail}", "is read as right")
    for label in labels or [""]:
        if not isinstance(label, str):
            raise expected(f"{where}.labels", "a list of strings", labels)
        builder.relate(head, tail, label, score=read_score(item, where))
