"""Read JSONL of any size line by line; a line that cannot be read costs only itself."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from govnews.errors import FormatError, GovnewsError
from govnews.formats import jsonl
from govnews.formats.fields import load_line
from govnews.formats.textfile import decode
from govnews.records import Document

_DROPPED = {"entities", "relations", "facts"}  # found anew, and in files of others of any shape


def scan_lines(
    path: str | Path, *, encoding: str = "utf-8", text_field: str = "text", skip: int = 0
) -> Iterator[tuple[int, Document | FormatError, int]]:
    """Read the documents of a JSONL file, with nothing of it in memory but one line.

    Ids may come again: an archive need not know its own. Other strings of a line are kept as metadata.

    Args:
        path: The file; each line has `text` and optionally `id`, `date`, `title`.
        encoding: One in which a line feed is one byte, as it is in UTF-8 and gb18030.
        text_field: Where the text stands, if not in `text`.
        skip: Lines to pass over.

    Yields:
        The number of a line, its document or what is wrong with it, and the bytes read by then.

    Raises:
        FormatError: The file is empty or cannot be read.
        GovnewsError: The encoding is unknown or has other line feeds.
    """
    _check_encoding(encoding)
    read, blank = 0, True
    try:
        with Path(path).open("rb") as file:
            for number, line in enumerate(file, start=1):
                read += len(line)
                if not line.strip():
                    continue
                blank = False
                if number > skip:
                    yield number, _parse(line, path, number, encoding=encoding, text_field=text_field), read
    except OSError as error:
        raise FormatError(
            f"cannot be read: {error.strerror}", path=path, hint="Name a file that can be opened."
        ) from None
    if blank:
        raise FormatError("the file is empty", path=path, hint="There is nothing to read in it.")


def _parse(line: bytes, path: str | Path, number: int, *, encoding: str, text_field: str) -> Document | FormatError:
    try:
        data = load_line(decode(line, name=path, encoding=encoding))
        if isinstance(data, dict):
            data = _choose(data, text_field)
        return jsonl.parse_document(data, default_id=f"line-{number}")
    except FormatError as error:
        return FormatError(error.message, path=path, line=number, hint=error.hint)


def _choose(data: dict[str, Any], text_field: str) -> dict[str, Any]:
    data = {key: value for key, value in data.items() if key not in _DROPPED}
    if text_field == "text":
        return data
    if text_field not in data:
        raise FormatError(
            f"has no {text_field!r}",
            hint=f"Found these fields: {', '.join(map(str, data)) or 'none'}; --text-column names one.",
        )
    return {**data, "text": data.pop(text_field)}


def _check_encoding(encoding: str) -> None:
    try:
        simple = "\n".encode(encoding) == b"\n"
    except (LookupError, ValueError):
        raise GovnewsError(
            f"no encoding is called {encoding!r}", hint="Use a name such as utf-8, gb18030 or big5."
        ) from None
    if not simple:
        raise GovnewsError(
            f"JSONL in {encoding} cannot be cut into lines",
            hint=f"Convert it once: iconv -f {encoding} -t utf-8 FILE > NEW",
        )
