"""Write what was found: JSONL, CSV, parquet, or a DuckDB database, by the ending of the output."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any, Literal

from govnews.errors import GovnewsError
from govnews.extract.records import ROW_FIELDS, mention_rows
from govnews.facts import FIELDS
from govnews.formats.textfile import STDIN, replacing

Rows = Literal["facts", "mentions"]
Records = Iterable[dict[str, Any]]

ROWS_AT_ONCE = 10_000
DOCUMENTS_AT_ONCE = 500

_TABLES: dict[str, dict[str, type]] = {
    "documents": {
        "document": int,
        "id": str,
        "path": str,
        "date": str,
        "title": str,
        "text": str,
    },
    "entities": {
        "document": int,
        "entity": int,
        "label": str,
        "text": str,
        "start_offset": int,
        "end_offset": int,
        "raw_start": int,
        "raw_end": int,
        "score": float,
    },
    "relations": {
        "document": int,
        "label": str,
        "head": int,
        "tail": int,
        "head_text": str,
        "tail_text": str,
        "score": float,
    },
    "facts": {
        "document": int,
        **{
            {"document": "id", "start": "start_offset", "end": "end_offset"}.get(name, name): kind
            for name, kind in FIELDS.items()
        },
    },
}
"""Tables of a database. `document` is a number, for ids may come again; `head` and `tail` are entities of the
document. Offsets are not called `start` and `end`, which SQL reserves."""


def check_output(output: str | Path) -> None:
    """Raise at once what writing would raise after all the work.

    Raises:
        GovnewsError: The ending or the folder is unknown, or a package is not installed.
    """
    if str(output) == STDIN:
        return
    path = Path(output)
    if path.suffix.lower() not in _WRITERS:
        raise GovnewsError(
            f"cannot write {path.suffix or 'a file without an ending'}",
            path=output,
            hint=f"Choose a name that ends in {', '.join(_WRITERS)}, or - for JSONL on standard output.",
        )
    if path.suffix.lower() not in (".jsonl", ".csv"):
        _import_pyarrow(output)
    if path.suffix.lower() == ".duckdb":
        _import_duckdb(output)
    if path.exists() and not path.is_file():
        raise GovnewsError("is no file", path=path, hint="Choose another output, or - for JSONL on standard output.")
    if not path.parent.is_dir():
        raise GovnewsError("no such folder", path=path.parent, hint="Make it first.")


def write_records(records: Records, output: str | Path, *, rows: Rows = "facts") -> None:
    """Write records to a file, all of them or nothing; its ending tells how.

    Args:
        records: As `Extraction.to_dict` gives them.
        output: A file that ends in .jsonl, .csv, .parquet or .duckdb.
        rows: What a row of a CSV or parquet file is: a fact, or a mention (an entity or a relation).

    Raises:
        GovnewsError: The ending is unknown, or what it needs is not installed.
    """
    check_output(output)
    with replacing(output) as part:
        _WRITERS[Path(output).suffix.lower()](records, part, rows)


def fields_of(rows: Rows) -> Mapping[str, type]:
    """The columns of a table of facts or mentions."""
    return {"path": str, **FIELDS} if rows == "facts" else ROW_FIELDS


def _rows(records: Records, rows: Rows) -> Iterator[dict[str, Any]]:
    for record in records:
        if rows == "facts":
            for fact in record["facts"]:
                yield {"path": record["path"], **fact}
        else:
            yield from mention_rows(record)


def _write_jsonl(records: Records, path: Path, rows: Rows) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for record in records:
            file.write(json.dumps(record, ensure_ascii=False) + "\n")


def _write_csv(records: Records, path: Path, rows: Rows) -> None:
    # Excel takes a CSV file for UTF-8 only when it begins with a byte order mark
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, list(fields_of(rows)))
        writer.writeheader()
        writer.writerows(_rows(records, rows))


def _write_parquet(records: Records, path: Path, rows: Rows) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = _schema(fields_of(rows))
    found = _rows(records, rows)
    with pq.ParquetWriter(path, schema) as writer:
        while batch := list(islice(found, ROWS_AT_ONCE)):
            writer.write_table(pa.Table.from_pylist(batch, schema=schema))


def _write_duckdb(records: Records, path: Path, rows: Rows) -> None:
    import duckdb
    import pyarrow as pa

    path.unlink(missing_ok=True)  # DuckDB makes its own file, and takes an empty one for a damaged one
    schemas = {name: _schema(fields) for name, fields in _TABLES.items()}
    with duckdb.connect(str(path)) as database:
        for name, schema in schemas.items():
            database.register("batch", schema.empty_table())
            database.execute(f"CREATE TABLE {name} AS SELECT * FROM batch")
        numbered = enumerate(records)
        while batch := list(islice(numbered, DOCUMENTS_AT_ONCE)):
            tables: dict[str, list[dict[str, Any]]] = {name: [] for name in _TABLES}
            for number, record in batch:
                for name, row in _table_rows(number, record):
                    tables[name].append(row)
            for name, found in tables.items():
                database.register("batch", pa.Table.from_pylist(found, schema=schemas[name]))
                database.execute(f"INSERT INTO {name} SELECT * FROM batch")
        database.unregister("batch")


def _table_rows(number: int, record: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The rows of a record, each with its table."""
    entities = record["entities"]
    yield "documents", {**{name: record.get(name) for name in _TABLES["documents"]}, "document": number}
    for index, entity in enumerate(entities):
        yield (
            "entities",
            {
                **entity,
                "document": number,
                "entity": index,
                "start_offset": entity["start"],
                "end_offset": entity["end"],
                "raw_start": entity["raw"][0][0],
                "raw_end": entity["raw"][-1][1],
            },
        )
    for relation in record["relations"]:
        head, tail = (entities[relation[end]]["text"] for end in ("head", "tail"))
        yield "relations", {**relation, "document": number, "head_text": head, "tail_text": tail}
    for fact in record["facts"]:
        yield (
            "facts",
            {
                **fact,
                "document": number,
                "id": fact["document"],
                "start_offset": fact["start"],
                "end_offset": fact["end"],
            },
        )


def _schema(fields: Mapping[str, type]) -> Any:
    import pyarrow as pa

    types = {str: pa.string(), int: pa.int64(), float: pa.float64(), bool: pa.bool_()}
    return pa.schema([(name, types[kind]) for name, kind in fields.items()])


def _import_pyarrow(output: str | Path) -> None:
    try:
        import pyarrow  # noqa: F401
    except ImportError:
        extra = Path(output).suffix.lower().removeprefix(".")
        raise GovnewsError(
            f"writing {extra} needs the package pyarrow",
            path=output,
            hint=f'Install it with: pip install "govnews[{extra}]"',
        ) from None


def _import_duckdb(output: str | Path) -> None:
    try:
        import duckdb  # noqa: F401
    except ImportError:
        raise GovnewsError(
            "writing a database needs the package duckdb",
            path=output,
            hint='Install it with: pip install "govnews[duckdb]"',
        ) from None


_WRITERS: dict[str, Callable[[Records, Path, Rows], None]] = {
    ".jsonl": _write_jsonl,
    ".csv": _write_csv,
    ".parquet": _write_parquet,
    ".duckdb": _write_duckdb,
}
OUTPUT_SUFFIXES = tuple(_WRITERS)
