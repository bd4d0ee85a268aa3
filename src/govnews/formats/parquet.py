"""Parquet: one document a row, the text in one column."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

from govnews.errors import FormatError, GovnewsError
from govnews.records import Document

SUFFIX = ".parquet"
META = ("date", "title")
_BATCH = 64  # rows in memory at a time


def import_parquet() -> Any:
    """The reader of the package pyarrow.

    Raises:
        GovnewsError: It is not installed.
    """
    try:
        import pyarrow.parquet as pq
    except ImportError:
        raise GovnewsError(
            "parquet needs the package pyarrow", hint='Install it with: pip install "govnews[parquet]"'
        ) from None
    return pq


def scan_parquet(
    path: str | Path, *, text_column: str = "text", skip: int = 0
) -> Iterator[tuple[int, int, Document | FormatError]]:
    """Read the documents of a parquet file, a few rows at a time.

    `id`, `date` and `title` are read where there are such columns; a row without id is `row-N`.

    Args:
        path: The file.
        text_column: The column that holds the text.
        skip: Rows to pass over.

    Yields:
        The number of a row, counted from 1, the number of rows, and the document or what is wrong with the row.

    Raises:
        FormatError: The file is no parquet file or has no such column.
        GovnewsError: pyarrow is not installed.
    """
    pq = import_parquet()
    try:
        with pq.ParquetFile(path) as file:
            rows, names = file.metadata.num_rows, file.schema_arrow.names
            if text_column not in names:
                raise FormatError(
                    f"has no column {text_column!r}",
                    path=path,
                    hint=f"Its columns are {', '.join(names)}; name the one with the text: --text-column",
                )
            if not rows:
                raise FormatError("the file has no rows", path=path, hint="There is nothing to read in it.")
            columns = [name for name in dict.fromkeys((text_column, "id", *META)) if name in names]
            groups, number = _skip_groups(file.metadata, skip)
            for batch in file.iter_batches(batch_size=_BATCH, row_groups=groups, columns=columns):
                for row in batch.to_pylist():
                    number += 1
                    if number > skip:
                        yield number, rows, _document(row, number, text_column=text_column, path=path)
    except OSError as error:  # pyarrow's own errors are OSError or ValueError
        raise _damaged(path, error) from None
    except ValueError as error:
        raise _damaged(path, error) from None


def _skip_groups(metadata: Any, skip: int) -> tuple[list[int], int]:
    """The row groups from the one on that holds the first row wanted, and the rows before them."""
    before = group = 0
    while group < metadata.num_row_groups and before + metadata.row_group(group).num_rows <= skip:
        before += metadata.row_group(group).num_rows
        group += 1
    return list(range(group, metadata.num_row_groups)), before


def _damaged(path: str | Path, error: Exception) -> FormatError:
    return FormatError(
        f"is no parquet file, or a damaged one: {str(error).splitlines()[0][:200]}", path=path, hint="Export it again."
    )


def _document(row: dict[str, Any], number: int, *, text_column: str, path: str | Path) -> Document | FormatError:
    text = row[text_column]
    if not isinstance(text, str):
        found = "nothing" if text is None else type(text).__name__
        return FormatError(
            f"{text_column!r} should be a string, found {found}",
            path=path,
            line=number,
            hint="The number is that of the row; leave such rows out, or name another --text-column.",
        )
    name = row.get("id")
    meta = {key: _plain(row[key]) for key in META if row.get(key) not in (None, "")}
    return Document(f"row-{number}" if name in (None, "") else str(name), text, meta=meta)


def _plain(value: Any) -> str:
    if isinstance(value, datetime):
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, date) else str(value)
