"""Word documents: their paragraphs and tables as plain text, one line a paragraph or table row."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from govnews.errors import FormatError, GovnewsError
from govnews.records import Document

SUFFIX = ".docx"


def import_docx() -> Any:
    """The package python-docx.

    Raises:
        GovnewsError: It is not installed.
    """
    try:
        import docx
    except ImportError:
        raise GovnewsError(
            "Word documents need the package python-docx", hint='Install it with: pip install "govnews[docx]"'
        ) from None
    return docx


def read_docx(path: str | Path) -> Document:
    """Read the text of a Word document in reading order; cells of a row stand apart by tabs.

    The title is that of its properties. Their dates tell when a template was made: none is read.

    Raises:
        FormatError: The file is no Word document, is damaged, or holds no text.
        GovnewsError: python-docx is not installed.
    """
    docx = import_docx()
    try:
        with Path(path).open("rb") as file:
            document = docx.Document(file)
            text = "\n".join(_lines(document))
            title = (document.core_properties.title or "").strip()
    except OSError as error:
        raise FormatError(f"cannot be read: {error.strerror or error}", path=path) from None
    except Exception as error:  # the parsers of zip and XML have many; each means the same
        raise FormatError(
            f"is no Word document, or a damaged one: {str(error)[:200] or type(error).__name__}",
            path=path,
            hint="Open it in Word and save it as .docx; one with a password cannot be read.",
        ) from None
    if not text.strip():
        raise FormatError("holds no text", path=path, hint="Scanned pages need text recognition first.")
    return Document(str(path), text, meta={"title": title} if title else {})


def _lines(container: Any) -> Iterator[str]:
    """The paragraphs and rows of a document or cell, tables inside cells too."""
    for block in container.iter_inner_content():
        if not hasattr(block, "rows"):
            if text := _clean(block.text):
                yield text
            continue
        for row in block.rows:
            cells: dict[Any, str] = {}  # merged cells come once a column
            for cell in row.cells:
                if cell._tc not in cells:
                    cells[cell._tc] = "　".join(_lines(cell)).replace("\t", "　")
            if any(cells.values()):
                yield "\t".join(cells.values())


def _clean(text: str) -> str:
    return text.replace("\r", "\n").strip("\n ")
