"""Read annotated documents from a file of any format there is a reader for."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar

from govnews.errors import FormatError
from govnews.formats import inline, jsonl
from govnews.records import Document

T = TypeVar("T")

READERS: dict[str, Callable[..., list[Document]]] = {
    inline.SUFFIX: inline.read_inline,
    jsonl.SUFFIX: jsonl.read_jsonl,
}
WRITERS: dict[str, Callable[[Iterable[Document], str | Path], None]] = {
    inline.SUFFIX: inline.write_inline,
    jsonl.SUFFIX: jsonl.write_jsonl,
}


def read_documents(path: str | Path, *, encoding: str = "utf-8") -> list[Document]:
    """Read annotated documents; the file's ending tells the format.

    Raises:
        FormatError: The ending is unknown, or the file has not the shape of its format.
    """
    return _by_suffix(READERS, path)(path, encoding=encoding)


def write_documents(documents: Iterable[Document], path: str | Path) -> None:
    """Write annotated documents; the file's ending tells the format.

    Raises:
        FormatError: The ending is unknown, or the format cannot carry what a document holds.
    """
    _by_suffix(WRITERS, path)(documents, path)


def _by_suffix(table: dict[str, T], path: str | Path) -> T:
    suffix = Path(path).suffix.lower()
    if suffix not in table:
        raise FormatError(
            f"no annotated format ends in {suffix!r}", path=path, hint=f"Known endings: {', '.join(table)}."
        )
    return table[suffix]
