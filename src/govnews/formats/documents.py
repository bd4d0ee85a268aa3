"""Read and write annotated documents in any format there is a module for."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeVar

from govnews.errors import FormatError
from govnews.formats import brat, cluener, conll, doccano, hanlp, inline, jsonl, label_studio, prodigy, webanno
from govnews.formats.guess import guess_format
from govnews.formats.losses import Limits, Report, fit, refuse
from govnews.records import Document

T = TypeVar("T")

READERS: dict[str, Callable[..., list[Document]]] = {
    inline.SUFFIX: inline.read_inline,
    jsonl.SUFFIX: jsonl.read_jsonl,
}
"""Readers of this project's own formats, in which a corpus is kept."""
WRITERS: dict[str, Callable[[Iterable[Document], str | Path], None]] = {
    inline.SUFFIX: inline.write_inline,
    jsonl.SUFFIX: jsonl.write_jsonl,
}


class Reader(Protocol):
    """Reads the documents of a file or folder."""

    def __call__(self, path: str | Path, *, encoding: str = ..., report: Report = ...) -> list[Document]:
        """Read them, and report what cannot be kept."""


class Writer(Protocol):
    """Writes documents to a file or folder."""

    def __call__(self, documents: Iterable[Document], path: str | Path, *, report: Report = ...) -> None:
        """Write them, and report what cannot be kept."""


@dataclass(frozen=True, slots=True)
class Format:
    """A format, and what it can carry."""

    read: Reader
    write: Writer
    limits: Limits


def _read_inline(path: str | Path, *, encoding: str = "utf-8", report: Report = refuse) -> list[Document]:
    return inline.read_inline(path, encoding=encoding)


def _write_inline(documents: Iterable[Document], path: str | Path, *, report: Report = refuse) -> None:
    fitted = (fit(document, inline.LIMITS, report=report) for document in documents)
    inline.write_inline((document for document in fitted if document is not None), path)


def _read_jsonl(path: str | Path, *, encoding: str = "utf-8", report: Report = refuse) -> list[Document]:
    return jsonl.read_jsonl(path, encoding=encoding)


def _write_jsonl(documents: Iterable[Document], path: str | Path, *, report: Report = refuse) -> None:
    fitted = (fit(document, jsonl.LIMITS, report=report) for document in documents)
    jsonl.write_jsonl((document for document in fitted if document is not None), path)


FORMATS: dict[str, Format] = {
    "inline": Format(_read_inline, _write_inline, inline.LIMITS),
    "jsonl": Format(_read_jsonl, _write_jsonl, jsonl.LIMITS),
    "label-studio": Format(label_studio.read_label_studio, label_studio.write_label_studio, label_studio.LIMITS),
    "doccano": Format(doccano.read_doccano, doccano.write_doccano, doccano.LIMITS),
    "brat": Format(brat.read_brat, brat.write_brat, brat.LIMITS),
    "conll": Format(conll.read_conll, conll.write_conll, conll.LIMITS),
    "prodigy": Format(prodigy.read_prodigy, prodigy.write_prodigy, prodigy.LIMITS),
    "webanno": Format(webanno.read_webanno, webanno.write_webanno, webanno.LIMITS),
    "hanlp": Format(hanlp.read_hanlp, hanlp.write_hanlp, hanlp.LIMITS),
    "cluener": Format(cluener.read_cluener, cluener.write_cluener, cluener.LIMITS),
}
"""Formats by name; `govnews.exchange` adds spaCy's DocBin."""


def read_documents(
    path: str | Path, *, encoding: str = "utf-8", format: str | None = None, report: Report = refuse
) -> list[Document]:
    """Read annotated documents.

    Args:
        path: A file; for brat and WebAnno TSV also a folder.
        encoding: Any encoding Python knows.
        format: One of `FORMATS`; by default the ending and the content tell.
        report: Told of what cannot be kept; by default that is an error.

    Raises:
        FormatError: The format is unknown, or the file has not its shape.
    """
    if format is None:
        guessed = guess_format(path, encoding=encoding)
        if guessed is None or guessed[0] not in FORMATS:
            return _by_suffix(READERS, path)(path, encoding=encoding)
        format = guessed[0]
    return find_format(format, path).read(path, encoding=encoding, report=report)


def write_documents(
    documents: Iterable[Document], path: str | Path, *, format: str | None = None, report: Report = refuse
) -> None:
    """Write annotated documents; the ending tells the format where none is named.

    Raises:
        FormatError: The format is unknown, or cannot carry what a document holds.
    """
    if format is None:
        _by_suffix(WRITERS, path)(documents, path)
    else:
        find_format(format, path).write(documents, path, report=report)


def find_format(name: str, path: str | Path) -> Format:
    """A format by its name.

    Raises:
        FormatError: There is none of that name.
    """
    if name not in FORMATS:
        raise FormatError(f"no format is called {name!r}", path=path, hint=f"Formats are {', '.join(FORMATS)}.")
    return FORMATS[name]


def check_suffix(path: str | Path) -> None:
    """Refuse an output whose ending tells no format, before work is done for it.

    Raises:
        FormatError: The ending is unknown.
    """
    _by_suffix(WRITERS, path)


def _by_suffix(table: dict[str, T], path: str | Path) -> T:
    suffix = Path(path).suffix.lower()
    if suffix not in table:
        raise FormatError(
            f"no annotated format ends in {suffix!r}", path=path, hint=f"Known endings: {', '.join(table)}."
        )
    return table[suffix]
