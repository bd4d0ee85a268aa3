"""JSON of any shape, read piece by piece: what is wrong names the field, what was found and what was expected."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from govnews.errors import FormatError
from govnews.formats.losses import Loss, Report
from govnews.formats.textfile import read_text, replacing
from govnews.records import Document, Entity, Relation, Section

HALF = "holds half of a character, a lone surrogate"
HALF_HINT = "Something cut an emoji or a rare character in two, counting UTF-16 units; export the text again."
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
_BETWEEN = re.compile(r"[\s,]*")
_KINDS = {"str": "a string", "int": "a whole number", "dict": "a JSON object", "list": "a list"}
_DECODER = json.JSONDecoder()

Parse = Callable[[dict[str, Any], str, Report], Document | None]
"""Makes a document of one JSON object, given the id it has where it says none."""


def load_line(line: str) -> Any:
    """Read one line of JSON.

    Raises:
        FormatError: It is no JSON, or holds what no text may hold.
    """
    with _json_faults():
        data = json.loads(line)
        _refuse_halves(line, data)
    return data


def read_objects(
    path: str | Path, parse: Parse, *, hint: str, encoding: str = "utf-8", report: Report
) -> list[Document]:
    """Read one document from each JSON object of a file: one object, a list of them, or one a line.

    Args:
        path: The file.
        parse: Makes a document of an object, or None where it is to be left out.
        hint: How an object should look.
        encoding: Any encoding Python knows.
        report: Told of each loss, with file and line.

    Raises:
        FormatError: With file and line.
    """
    documents: dict[str, Document] = {}
    for number, (line, data) in enumerate(iter_objects(read_text(path, encoding=encoding), path=path), start=1):

        def here(loss: Loss, line: int = line) -> None:
            report(loss.at(path, line))

        try:
            if not isinstance(data, dict):
                raise expected("a document", "a JSON object", data)
            document = parse(data, f"{Path(path).stem}-{number}", here)
            if document is not None and document.id in documents:
                raise FormatError(
                    f"a second document is called {document.id!r}", hint="Ids are unique in a file; rename one."
                )
        except FormatError as error:
            raise FormatError(error.message, path=path, line=line, hint=error.hint or hint) from None
        if document is not None:
            documents[document.id] = document
    return list(documents.values())


def iter_objects(text: str, *, path: str | Path | None = None) -> Iterator[tuple[int, Any]]:
    r"""Yield (line, value) of each value of a JSON list, or of JSON values one after the other.

    >>> list(iter_objects('[{"a": 1},\n {"a": 2}]')) == list(iter_objects('{"a": 1}\n{"a": 2}'))
    True
    """
    at = _skip(text, 0)
    in_list = text.startswith("[", at)
    if in_list:
        at = _skip(text, at + 1)
    line, counted = 1, 0
    while at < len(text) and not (in_list and text[at] == "]"):
        line += text.count("\n", counted, at)
        counted = at
        try:
            with _json_faults():
                value, end = _DECODER.raw_decode(text, at)
                _refuse_halves(text[at:end], value)
        except FormatError as error:
            raise error.at(path, line) from None
        yield line, value
        at = _skip(text, end)
    if in_list and (at >= len(text) or text[at + 1 :].strip()):
        what = "ends before its list does" if at >= len(text) else "goes on after the end of its list"
        raise FormatError(f"the file {what}", path=path, line=line, hint="It was cut off or damaged; export it again.")


def write_objects(path: str | Path, rows: Iterable[Any]) -> None:
    """Write JSON values one a line, all of them or nothing."""
    with replacing(path) as part, part.open("wb") as file:
        for row in rows:
            file.write(json.dumps(row, ensure_ascii=False).encode() + b"\n")


def field(item: Any, key: str, kind: type, where: str) -> Any:
    """A field of an object, which has to be there and of a kind."""
    if not isinstance(item, dict):
        raise expected(where, "a JSON object", item)
    if key not in item:
        raise FormatError(f"{where} has no {key!r}", hint=f"Found these fields: {', '.join(map(str, item)) or 'none'}.")
    value = item[key]
    if not isinstance(value, kind) or isinstance(value, bool):
        raise expected(f"{where}.{key}", _KINDS[kind.__name__], value)
    return value


def items(data: dict[str, Any], key: str) -> list[Any]:
    """A list in an object, empty where there is none."""
    value = data.get(key)
    if value is None:
        return []
    if not isinstance(value, list):
        raise expected(key, "a list", value)
    return value


def expected(where: str, what: str, found: Any) -> FormatError:
    """Something of another kind was found."""
    if isinstance(found, (dict, list)):
        shown = "a list" if isinstance(found, list) else "an object"
    else:
        shown = json.dumps(found, ensure_ascii=False)[:40]
    return FormatError(f"{where} should be {what}, found {shown}")


def read_id(data: dict[str, Any], default: str) -> str:
    """The id of a document: a string or a number, or the default where there is none."""
    name = data.get("id")
    if name is None:
        return default
    if not isinstance(name, (str, int)) or isinstance(name, bool) or not str(name):
        raise expected("id", "a string that is not empty", name)
    return str(name)


def read_meta(data: dict[str, Any], *, known: Iterable[str]) -> dict[str, str]:
    """The strings of an object that are no fields of the format."""
    return {key: value for key, value in data.items() if key not in known and isinstance(value, str)}


def check_meta(document: Document, *, known: Iterable[str]) -> None:
    """Refuse metadata named like a field of the format."""
    if taken := sorted(set(known) & document.meta.keys()):
        raise FormatError(
            f"document {document.id!r} has metadata called {taken[0]!r}, which the format uses itself",
            hint="Give it another name.",
        )


def write_score(item: Entity | Relation) -> dict[str, float]:
    """The score of an entity or relation as a field, where it has one."""
    return {} if item.score is None else {"score": item.score}


def read_score(item: dict[str, Any], where: str) -> float | None:
    """The score of an entity or relation, where it has one."""
    score = item.get("score")
    if score is None:
        return None
    if isinstance(score, bool) or not isinstance(score, (int, float)) or not 0 <= score <= 1:
        raise expected(f"{where}.score", "a number from 0 to 1", score)
    return float(score)


def write_sections(document: Document) -> dict[str, Any]:
    """The sections of a document as a field, where it has any."""
    if not document.sections:
        return {}
    return {"sections": [{"name": s.name, "start": s.start, "end": s.end} for s in document.sections]}


def read_sections(data: dict[str, Any], text: str) -> list[Section]:
    """The sections of a document, which stand in order, do not overlap and have names of their own."""
    sections: list[Section] = []
    names = set()
    last = 0
    for position, item in enumerate(items(data, "sections")):
        where = f"sections[{position}]"
        name = field(item, "name", str, where)
        start, end = field(item, "start", int, where), field(item, "end", int, where)
        if not last <= start <= end <= len(text):
            raise FormatError(
                f"{where} spans {start}..{end}, but begins after {last} and ends by {len(text)} at the latest",
                hint="Sections stand in order, do not overlap and lie within the text.",
            )
        if name in names:
            raise FormatError(f"{where} is called {name!r} as one before it", hint="Section names are unique.")
        names.add(name)
        sections.append(Section(name, start, end))
        last = end
    return sections


def _skip(text: str, at: int) -> int:
    match = _BETWEEN.match(text, at)
    return match.end() if match else at


def _refuse_halves(source: str, data: Any) -> None:
    if _SURROGATE.search(source):
        json.dumps(data, ensure_ascii=False).encode()


@contextmanager
def _json_faults() -> Iterator[None]:
    try:
        yield
    except json.JSONDecodeError as error:
        raise FormatError(
            f"is no JSON: {error.msg} at column {error.colno}", hint="The file holds one JSON object a line."
        ) from None
    except RecursionError:
        raise FormatError("is no document: nested too deeply") from None
    except UnicodeEncodeError:
        raise FormatError(HALF, hint=HALF_HINT) from None
    except ValueError:
        raise FormatError("holds a number of thousands of digits", hint="Offsets count code points.") from None
