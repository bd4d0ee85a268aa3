"""Annotations apart from their text, which stays where it is: offsets, and a checksum to find the text by.

For annotated text that may not be passed on. One JSON object a line: `id`, `sha256` of the text in UTF-8, `entities`
and `relations` as in JSONL, without what they cover.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from govnews.errors import FormatError
from govnews.formats import jsonl
from govnews.formats.fields import load_line
from govnews.formats.textfile import read_lines, replacing
from govnews.records import Document


def write_standoff(documents: Iterable[Document], path: str | Path) -> None:
    """Write the annotations of documents without their texts, all of them or nothing."""
    with replacing(path) as part, part.open("w", encoding="utf-8", newline="\n") as file:
        for document in documents:
            data = jsonl.to_dict(document)
            entities = [{key: e[key] for key in ("start", "end", "label")} for e in data["entities"]]
            line = {"id": document.id, "sha256": fingerprint(document.text), "entities": entities}
            file.write(json.dumps({**line, "relations": data["relations"]}, ensure_ascii=False) + "\n")


def attach_standoff(path: str | Path, texts: Iterable[str]) -> tuple[list[Document], list[str]]:
    """Put annotations and their texts together again.

    Args:
        path: What `write_standoff` wrote.
        texts: Texts of any number, such as the paragraphs of a large file; white space at their edges does not count.

    Returns:
        The documents whose text is among them, in the order of the file, and the ids of the others.

    Raises:
        FormatError: A line is no annotation of this shape, or does not fit its text.
    """
    wanted = {data["sha256"]: (number, data) for number, data in _read(path)}
    found: dict[str, Document] = {}
    for text in map(str.strip, texts):
        key = fingerprint(text)
        if key in wanted and key not in found:
            number, data = wanted[key]
            try:
                found[key] = jsonl.parse_document({**{k: v for k, v in data.items() if k != "sha256"}, "text": text})
            except FormatError as error:
                raise error.at(path, number) from None
    missing = [data["id"] for key, (_, data) in wanted.items() if key not in found]
    return [found[key] for key in wanted if key in found], missing


def fingerprint(text: str) -> str:
    """The SHA-256 of a text in UTF-8."""
    return hashlib.sha256(text.encode("utf-8", errors="surrogatepass")).hexdigest()


def _read(path: str | Path) -> Iterator[tuple[int, dict[str, Any]]]:
    for number, line in enumerate(read_lines(path), start=1):
        if not line.strip():
            continue
        try:
            data = load_line(line)
        except FormatError as error:
            raise error.at(path, number) from None
        if not isinstance(data, dict) or not all(isinstance(data.get(key), str) for key in ("id", "sha256")):
            raise FormatError(
                "is no annotation apart from its text: it has no id or no sha256",
                path=path,
                line=number,
                hint="Write such files with `govnews corpus detach`.",
            )
        yield number, data
