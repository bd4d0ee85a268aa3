"""Read what is to be annotated: plain texts as `extract` reads them, annotated files as `corpus convert` does."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from govnews.corpus.load import ANNOTATED_FOLDERS, corpus_files
from govnews.errors import FormatError, GovnewsError
from govnews.exchange import ALL_FORMATS
from govnews.extract.inputs import INPUT_SUFFIXES, Options, find_inputs, read_items
from govnews.formats.guess import ENDINGS, guess_format
from govnews.records import Document

Tell = Callable[[GovnewsError], None]
"""Is told of what cannot be read."""


def read_texts(paths: Iterable[str | Path], options: Options, *, tell: Tell) -> Iterator[Document]:
    """Read the documents of files, folders and patterns of them, annotated or not; no two have one id.

    Args:
        paths: `-` is standard input.
        options: How to read; a text column of another name makes plain text of JSONL.
        tell: Called with what cannot be read or taken over.

    Raises:
        GovnewsError: A path does not exist, or holds nothing that can be read.
    """
    places: dict[str, str] = {}
    for path in map(str, paths):
        for file in _files(path):
            for document in _read(file, options, tell):
                if document.id in places:
                    hint = f"It stands in {places[document.id]} too; rename one of them."
                    tell(FormatError(f"a second document is called {document.id!r}", path=file, hint=hint))
                    continue
                places[document.id] = file
                yield document


def _read(path: str, options: Options, tell: Tell) -> Iterator[Document]:
    name = _annotated_format(path, options)
    if name is not None:
        yield from _read_annotated(path, name, options, tell)
        return
    for item in read_items(find_inputs([path]), options):
        if isinstance(item.found, GovnewsError):
            tell(item.found)
        else:
            yield item.found.document


def _files(path: str) -> list[str]:
    """The files of a folder one by one, unless it as a whole is of a format; of a corpus those of its documents."""
    folder = Path(path)
    if not folder.is_dir() or guess_format(folder):
        return [path]
    if any((folder / name).is_dir() for name in ANNOTATED_FOLDERS):
        return list(map(str, corpus_files(folder)))
    suffixes = {*INPUT_SUFFIXES, *ENDINGS}
    files = sorted(
        str(file)
        for file in folder.rglob("*")
        if file.suffix.lower() in suffixes and not file.name.startswith((".", "~$"))
    )
    if not files:
        raise GovnewsError("holds no file to read", path=path, hint=f"Read are {', '.join(sorted(suffixes))} files.")
    return files


def _annotated_format(path: str, options: Options) -> str | None:
    if not Path(path).exists() or Path(path).is_fifo():
        return None
    found = guess_format(path, encoding=options.encoding)
    if found is None or (found[0] == "jsonl" and options.text_column != "text"):
        return None
    return found[0]


def _read_annotated(path: str, name: str, options: Options, tell: Tell) -> list[Document]:
    try:
        return ALL_FORMATS[name].read(
            path, encoding=options.encoding, report=lambda loss: tell(loss.at(path, loss.line).error())
        )
    except GovnewsError as error:
        tell(error)
        return []
