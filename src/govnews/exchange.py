"""Turn annotated files of one format into another, and say what was guessed and what was lost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from govnews.corpus.load import ANNOTATED_FOLDERS, corpus_files
from govnews.docbin import LIMITS, read_docbin, write_docbin
from govnews.errors import FormatError, GovnewsError
from govnews.formats.documents import FORMATS, Format
from govnews.formats.guess import ENDINGS, guess_format
from govnews.formats.losses import Loss, Report
from govnews.records import Document, index_documents

ALL_FORMATS: dict[str, Format] = {**FORMATS, "docbin": Format(read_docbin, write_docbin, LIMITS)}
"""Every format that documents can be converted from and to, by name."""


@dataclass(frozen=True, slots=True)
class Conversion:
    """What was converted.

    Args:
        documents: As they were read.
        sources: Of each file or folder read, its format and what told it.
        target: The format written.
        losses: What could not be kept, in the order in which it was found.
    """

    documents: list[Document]
    sources: dict[str, tuple[str, str]]
    target: str
    losses: list[Loss]


def convert_files(
    source: str | Path,
    target: str | Path,
    *,
    source_format: str | None = None,
    target_format: str | None = None,
    encoding: str = "utf-8",
) -> Conversion:
    """Read annotated documents in one format and write them in another, all of them or nothing.

    Args:
        source: A file; a folder of brat or WebAnno TSV; or a folder of annotated files of any format, which are put
            together.
        target: The file to write; for brat and WebAnno TSV also a new folder.
        source_format: One of `ALL_FORMATS`; by default the ending and the content tell.
        target_format: The same; by default the ending tells.
        encoding: Any encoding Python knows.

    Raises:
        GovnewsError: A format is unknown or cannot be told, a file cannot be read, or two documents have one id.
    """
    losses: list[Loss] = []
    name = target_format or ENDINGS.get(Path(target).suffix.lower())
    if name is None:
        raise GovnewsError("the ending tells no format", path=target, hint=f"Name one: --to {_names()}.")
    writer = _find(name)
    documents: list[Document] = []
    sources: dict[str, tuple[str, str]] = {}
    for path in _list_sources(Path(source), source_format, encoding):
        found = (source_format, "its name was given") if source_format else guess_format(path, encoding=encoding)
        if found is None:
            if path == Path(source):
                raise GovnewsError("nothing tells its format", path=path, hint=f"Name it: --from {_names()}.")
            losses.append(Loss("file", path.name, "is in no format that is known").at(path))
            continue
        documents += _find(found[0]).read(path, encoding=encoding, report=losses.append)
        losses += _unread(path, found[0])
        sources[str(path)] = found
    if not documents:
        raise GovnewsError("holds no annotated document", path=source, hint=f"Formats are {_names()}.")
    try:
        index_documents(documents)
    except ValueError as error:
        raise GovnewsError(str(error), path=source, hint="Rename one of them.") from None
    writer.write(documents, target, report=_at(losses, target))
    return Conversion(documents, sources, name, losses)


def _unread(path: Path, name: str) -> Iterator[Loss]:
    """What else lies in a folder that was read as a whole."""
    known = {"brat": (".txt", ".ann", ".conf"), "webanno": (".tsv",)}.get(name, ())
    for file in sorted(path.iterdir()) if path.is_dir() else ():
        if file.suffix not in known and not file.name.startswith("."):
            yield Loss("file", file.name, f"is no file of {name}").at(file)


def _at(losses: list[Loss], target: str | Path) -> Report:
    return lambda loss: losses.append(loss.at(target))


def _find(name: str) -> Format:
    if name not in ALL_FORMATS:
        raise FormatError(f"no format is called {name!r}", hint=f"Formats are {_names()}.")
    return ALL_FORMATS[name]


def _names() -> str:
    return ", ".join(ALL_FORMATS)


def _list_sources(path: Path, name: str | None, encoding: str) -> list[Path]:
    """The files to read one by one: those of a folder, unless the folder as a whole is of a format."""
    if not path.exists():
        raise GovnewsError("no such file or folder", path=path, hint="Name an annotated file, or a folder of them.")
    if not path.is_dir() or name in ("brat", "webanno") or guess_format(path, encoding=encoding):
        return [path]
    if any((path / folder).is_dir() for folder in ANNOTATED_FOLDERS):
        return corpus_files(path)
    return sorted(file for file in path.iterdir() if file.is_file() and not file.name.startswith("."))
