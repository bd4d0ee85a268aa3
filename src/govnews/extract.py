"""Run a pipeline over files and write what it finds, with offsets into the original files."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from govnews.corpus.layout import Page, keep_layout, repair_layout
from govnews.errors import FormatError, GovnewsError
from govnews.formats import jsonl
from govnews.formats.textfile import STDIN, read_text, replacing
from govnews.pipeline import annotate
from govnews.records import Document, Entity, SentenceIndex

if TYPE_CHECKING:
    from spacy.language import Language

Layout = Literal["repair", "keep"]
TEXT_SUFFIXES = (".txt", ".text", ".md")
INPUT_SUFFIXES = (*TEXT_SUFFIXES, jsonl.SUFFIX)
MAX_CONTEXT = 200  # characters of a sentence shown on either side: some texts have no sentence end
OUTPUT_SUFFIXES = (".jsonl", ".csv", ".parquet")

ROW_FIELDS: dict[str, type] = {
    "document": str,
    "kind": str,
    "label": str,
    "text": str,
    "start": int,
    "end": int,
    "raw_start": int,
    "raw_end": int,
    "tail_label": str,
    "tail_text": str,
    "tail_start": int,
    "tail_end": int,
    "score": float,
    "sentence": str,
}
"""Columns of a table of what was found: one row an entity, one a relation (`text` is then its head)."""


@dataclass(frozen=True, slots=True)
class Source:
    """One document to read: its page, and the file it came from."""

    document: Document
    page: Page
    path: str


@dataclass(frozen=True, slots=True)
class Extraction:
    """What was found in one source."""

    source: Source
    document: Document

    def to_dict(self) -> dict[str, Any]:
        """One line of the JSONL output: the document, its file, and each entity's place in the file."""
        data = jsonl.to_dict(self.document)
        for entity in data["entities"]:
            entity["raw"] = [list(span) for span in self.source.page.raw_spans(entity["start"], entity["end"])]
        return {"path": self.source.path, **data}

    def rows(self) -> Iterator[dict[str, Any]]:
        """What was found as rows of `ROW_FIELDS`."""
        document = self.document
        sentences = SentenceIndex(document.text)
        for entity in document.entities:
            yield {**self._row("entity", entity, sentences), "score": entity.score}
        for relation in document.relations:
            tail = relation.tail
            yield {
                **self._row("relation", relation.head, sentences),
                "label": relation.label,
                "tail_label": tail.label,
                "tail_text": document.surface(tail),
                "tail_start": tail.start,
                "tail_end": tail.end,
                "score": relation.score,
            }

    def _row(self, kind: str, entity: Entity, sentences: SentenceIndex) -> dict[str, Any]:
        raw = self.source.page.raw_spans(entity.start, entity.end)
        start, end = sentences.spans[sentences.find(entity.start)]
        start, end = max(start, entity.start - MAX_CONTEXT), min(end, entity.end + MAX_CONTEXT)
        return {
            **dict.fromkeys(ROW_FIELDS),
            "document": self.document.id,
            "kind": kind,
            "label": entity.label,
            "text": self.document.surface(entity),
            "start": entity.start,
            "end": entity.end,
            "raw_start": raw[0][0],
            "raw_end": raw[-1][1],
            "sentence": self.document.text[start:end].strip(),
        }


@dataclass(slots=True)
class Failures:
    """What could not be read, each with what is wrong with it."""

    errors: list[GovnewsError] = field(default_factory=list)


def find_inputs(paths: Iterable[str | Path]) -> list[str]:
    """The files that paths stand for: folders are searched, `-` is standard input.

    Raises:
        GovnewsError: A path does not exist, or a folder holds nothing that can be read.
    """
    found: list[str] = []
    for path in paths:
        if str(path) == STDIN:
            found.append(STDIN)
        elif Path(path).is_dir():
            files = sorted(
                str(file)
                for file in Path(path).rglob("*")
                if file.is_file() and file.suffix.lower() in INPUT_SUFFIXES and not file.name.startswith(".")
            )
            if not files:
                raise GovnewsError(
                    "holds no file to read", path=path, hint=f"Read are {', '.join(INPUT_SUFFIXES)} files."
                )
            found += files
        elif Path(path).exists():
            found.append(str(path))
        else:
            raise GovnewsError("no such file or folder", path=path, hint="Check the path; `-` is standard input.")
    return list(dict.fromkeys(found))


def read_sources(
    paths: Iterable[str], *, failures: Failures, encoding: str = "utf-8", layout: Layout = "repair"
) -> Iterator[Source]:
    """Read the documents of files; a file or JSONL line that cannot be read is noted in `failures` and skipped.

    Args:
        paths: Text files, JSONL files with `text` and optionally `id` on each line, or `-`.
        failures: Takes the errors.
        encoding: Of the text files.
        layout: Whether to rejoin paragraphs that page and column breaks cut. JSONL is taken as it is.
    """
    for path in paths:
        try:
            if Path(path).suffix.lower() == jsonl.SUFFIX:
                for _, found in jsonl.scan_jsonl(path, encoding=encoding):
                    if isinstance(found, FormatError):
                        failures.errors.append(found)
                    else:
                        yield Source(found, keep_layout(found.text), path)
            else:
                raw = read_text(path, encoding=encoding)
                page = repair_layout(raw) if layout == "repair" else keep_layout(raw)
                name = "stdin" if path == STDIN else path
                yield Source(Document(name, page.text), page, name)
        except FormatError as error:
            failures.errors.append(error)


def extract(nlp: Language, sources: Iterable[Source]) -> Iterator[Extraction]:
    """Run a pipeline over sources, in order."""
    queue: list[Source] = []

    def documents() -> Iterator[Document]:
        for source in sources:
            queue.append(source)
            yield source.document

    for document in annotate(nlp, documents()):
        yield Extraction(queue.pop(0), document)


def leave_out(inputs: Iterable[str], output: str | Path, *, named: Iterable[str]) -> list[str]:
    """The inputs without the output of an earlier run, which may lie in a folder that is read.

    Raises:
        GovnewsError: The output is an input that was named itself.
    """
    target = Path(output).resolve()
    if any(name != STDIN and Path(name).resolve() == target for name in named):
        raise GovnewsError("is both input and output", path=output, hint="Choose another output path.")
    return [path for path in inputs if path == STDIN or Path(path).resolve() != target]


def write_extractions(
    extractions: Iterable[Extraction], output: str | Path, *, failures: Failures | None = None
) -> None:
    """Write what was found; the ending of `output` tells how, `-` is JSONL on standard output.

    Nothing is left behind where writing fails, and results of an earlier run stay as they were
    where no input at all could be read.

    Raises:
        GovnewsError: The ending is unknown, or what it needs is not installed.
    """
    if str(output) == STDIN:
        for extraction in extractions:
            sys.stdout.write(json.dumps(extraction.to_dict(), ensure_ascii=False) + "\n")
        return
    writer = _writer(output)
    first = next(iter(extractions := iter(extractions)), None)
    if first is None and failures is not None and failures.errors:
        return
    with replacing(output) as part:
        writer(chain([] if first is None else [first], extractions), part)


def check_output(output: str | Path) -> None:
    """Raise at once what `write_extractions` would raise after all the work."""
    if str(output) != STDIN:
        _writer(output)
        if not Path(output).parent.is_dir():
            raise GovnewsError("no such folder", path=Path(output).parent, hint="Make it first.")


def _writer(output: str | Path) -> Callable[[Iterable[Extraction], Path], None]:
    writers: dict[str, Callable[[Iterable[Extraction], Path], None]] = {
        ".jsonl": _write_jsonl,
        ".csv": _write_csv,
        ".parquet": _write_parquet,
    }
    suffix = Path(output).suffix.lower()
    if suffix not in writers:
        raise GovnewsError(
            f"cannot write {suffix or 'a file without an ending'}",
            path=output,
            hint=f"Choose a name that ends in {', '.join(OUTPUT_SUFFIXES)}, or - for JSONL on standard output.",
        )
    if suffix == ".parquet":
        try:
            import pyarrow  # noqa: F401
        except ImportError:
            raise GovnewsError(
                "writing parquet needs the package pyarrow",
                path=output,
                hint='Install it with: pip install "govnews[parquet]"',
            ) from None
    return writers[suffix]


def _write_jsonl(extractions: Iterable[Extraction], path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for extraction in extractions:
            file.write(json.dumps(extraction.to_dict(), ensure_ascii=False) + "\n")


def _write_csv(extractions: Iterable[Extraction], path: Path) -> None:
    # Excel takes a CSV file for UTF-8 only when it begins with a byte order mark
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, list(ROW_FIELDS))
        writer.writeheader()
        for extraction in extractions:
            writer.writerows(extraction.rows())


def _write_parquet(extractions: Iterable[Extraction], path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    types = {str: pa.string(), int: pa.int64(), float: pa.float64()}
    schema = pa.schema([(name, types[kind]) for name, kind in ROW_FIELDS.items()])
    with pq.ParquetWriter(path, schema) as writer:
        for extraction in extractions:
            rows: Sequence[dict[str, Any]] = list(extraction.rows())
            if rows:
                writer.write_table(pa.Table.from_pylist(rows, schema=schema))
