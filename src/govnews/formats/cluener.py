"""CLUENER JSON, one document a line: spans by label and by what they cover, with inclusive ends.

{"text": "浙商银行企业信贷部叶老桂博士", "label": {"company": {"浙商银行": [[0, 3]]}, "name": {"叶老桂": [[9, 11]]}}}
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from govnews.errors import FormatError
from govnews.formats.builder import Builder
from govnews.formats.fields import expected, field, items, read_id, read_objects, write_objects
from govnews.formats.losses import Limits, Report, fit, refuse
from govnews.records import Document

LIMITS = Limits("CLUENER", relations=False, scores=False, meta=False, sections=False)
_HINT = 'A line is {"text": "…", "label": {"name": {"叶老桂": [[9, 11]]}}}; ends are inclusive.'


def read_cluener(path: str | Path, *, encoding: str = "utf-8", report: Report = refuse) -> list[Document]:
    """Read documents in the shape of CLUENER; a line without `label` has no entities, as in its test part.

    Raises:
        FormatError: A line has another shape, with file and line.
    """
    return read_objects(path, _parse, hint=_HINT, encoding=encoding, report=report)


def write_cluener(documents: Iterable[Document], path: str | Path, *, report: Report = refuse) -> None:
    """Write documents in the shape of CLUENER, with their ids, all of them or nothing."""
    fitted = (fit(document, LIMITS, report=report) for document in documents)
    write_objects(path, (_line(document) for document in fitted if document is not None))


def _line(document: Document) -> dict[str, Any]:
    labels: dict[str, dict[str, list[list[int]]]] = {}
    for e in document.entities:
        labels.setdefault(e.label, {}).setdefault(document.surface(e), []).append([e.start, e.end - 1])
    return {"id": document.id, "text": document.text, "label": labels}


def _parse(data: dict[str, Any], default_id: str, report: Report) -> Document:
    text = field(data, "text", str, "a document")
    builder = Builder(read_id(data, default_id), text, report=report)
    labels = field(data, "label", dict, "a document") if "label" in data else {}
    for label, surfaces in labels.items():
        if not isinstance(surfaces, dict):
            raise expected(f"label.{label}", "a JSON object", surfaces)
        for surface in surfaces:
            for span in items(surfaces, surface):
                where = f"label.{label}.{surface[:20]}"
                if not isinstance(span, list) or len(span) != 2:
                    raise FormatError(f"{where} should hold lists of first and last character")
                ends = {"start": span[0], "end": span[1]}
                start, last = field(ends, "start", int, where), field(ends, "end", int, where)
                builder.add(None, start, last + 1, label, surface=surface)
    return builder.build()
