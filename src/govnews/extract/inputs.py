"""Find the files to read, and read their documents one after the other from any place on."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import accumulate
from pathlib import Path
from typing import Literal

from govnews.corpus.layout import keep_layout, repair_layout
from govnews.errors import FormatError, GovnewsError
from govnews.extract.lines import scan_lines
from govnews.extract.records import Source
from govnews.formats import docx, html, jsonl, parquet
from govnews.formats.textfile import STDIN, read_text
from govnews.records import Document

Layout = Literal["repair", "keep"]
Position = tuple[int, int]  # of the next document: number of the input, number of the line or row in it

TEXT_SUFFIXES = (".txt", ".text", ".md")
INPUT_SUFFIXES = (*TEXT_SUFFIXES, *html.SUFFIXES, docx.SUFFIX, jsonl.SUFFIX, parquet.SUFFIX)
_IMPORTS = {docx.SUFFIX: docx.import_docx, parquet.SUFFIX: parquet.import_parquet} | dict.fromkeys(
    html.SUFFIXES, html.import_parser
)


@dataclass(frozen=True, slots=True)
class Options:
    """How to read.

    Args:
        encoding: Of text, HTML without a declaration, and JSONL.
        layout: Whether to rejoin paragraphs of text files that page and column breaks cut.
        text_column: Where the text stands in JSONL and parquet.
    """

    encoding: str = "utf-8"
    layout: Layout = "repair"
    text_column: str = "text"


@dataclass(frozen=True, slots=True)
class Input:
    """A file to read, as it was when it was found; `-` is standard input."""

    path: str
    size: int = 0
    modified: int = 0  # nanoseconds

    @property
    def name(self) -> str:
        """What it is called in results: its path, with what is no character replaced."""
        return "stdin" if self.path == STDIN else self.path.encode("utf-8", "replace").decode()

    @property
    def suffix(self) -> str:
        """The ending in lower case."""
        return Path(self.path).suffix.lower()


@dataclass(frozen=True, slots=True)
class Item:
    """A document, or why there is none.

    Args:
        found: The document or the error in its place.
        after: Where reading goes on after it.
        read: Bytes of all inputs read by then.
    """

    found: Source | GovnewsError
    after: Position
    read: int


def find_inputs(paths: Iterable[str | Path]) -> list[Input]:
    """The files that paths stand for: folders are searched, patterns matched, `-` is standard input.

    Raises:
        GovnewsError: A path does not exist, a folder or pattern holds nothing that can be read, or a
            package that reads one of the files is not installed.
    """
    found: list[str] = []
    for path in map(str, paths):
        if path == STDIN or Path(path).is_file():
            found.append(path)
        elif Path(path).is_dir():
            found += _search(path)
        elif Path(path).exists():  # a pipe
            found.append(path)
        elif glob.has_magic(path):
            matches = sorted(filter(os.path.isfile, glob.glob(path, recursive=True)))  # noqa: PTH207
            if not matches:
                raise GovnewsError("no file matches", path=path, hint="Check the pattern; ** searches folders.")
            found += matches
        else:
            raise GovnewsError("no such file or folder", path=path, hint="Check the path; `-` is standard input.")
    inputs = [_look_at(path) for path in dict.fromkeys(found)]
    for suffix in {one.suffix for one in inputs} & _IMPORTS.keys():
        _IMPORTS[suffix]()
    return inputs


def leave_out(inputs: Iterable[Input], output: str | Path, *, named: Iterable[str | Path]) -> list[Input]:
    """The inputs without the output of an earlier run, which may lie in a folder that is read.

    Raises:
        GovnewsError: The output is an input that was named itself.
    """
    target = Path(output).resolve()
    if any(str(name) != STDIN and Path(name).resolve() == target for name in named):
        raise GovnewsError("is both input and output", path=output, hint="Choose another output path.")
    return [one for one in inputs if one.path == STDIN or Path(one.path).resolve() != target]


def read_items(inputs: list[Input], options: Options, *, start: Position = (0, 0)) -> Iterator[Item]:
    """Read the documents of files; a file, line or row that cannot be read is an error in its place.

    Raises:
        GovnewsError: The encoding is unknown.
    """
    sizes = [0, *accumulate(one.size for one in inputs)]
    for number in range(start[0], len(inputs)):
        one, before = inputs[number], sizes[number]
        end = Item(FormatError("not read"), (number + 1, 0), sizes[number + 1])
        skip = start[1] if number == start[0] else 0
        try:
            if one.suffix in (jsonl.SUFFIX, parquet.SUFFIX):
                for place, found, read in _read_many(one, options, skip=skip):
                    yield Item(_source(found, one.name), (number, place), before + read)
            else:
                yield Item(_read_one(one, options), end.after, end.read)
        except FormatError as error:
            yield Item(error, end.after, end.read)


def _read_one(one: Input, options: Options) -> Source:
    if one.suffix in html.SUFFIXES:
        return _as_is(replace(html.read_html(one.path, encoding=options.encoding), id=one.name), one.name)
    if one.suffix == docx.SUFFIX:
        return _as_is(replace(docx.read_docx(one.path), id=one.name), one.name)
    raw = read_text(one.path, encoding=options.encoding)
    page = repair_layout(raw) if options.layout == "repair" else keep_layout(raw)
    return Source(Document(one.name, page.text), page, one.name)


def _read_many(one: Input, options: Options, *, skip: int) -> Iterator[tuple[int, Document | FormatError, int]]:
    """The documents of a file of many: the number of each, and the bytes read by then."""
    if one.suffix == parquet.SUFFIX:
        for row, rows, found in parquet.scan_parquet(one.path, text_column=options.text_column, skip=skip):
            yield row, found, one.size * row // rows
        return
    yield from scan_lines(one.path, encoding=options.encoding, text_field=options.text_column, skip=skip)


def _source(found: Document | FormatError, path: str) -> Source | FormatError:
    return found if isinstance(found, FormatError) else _as_is(found, path)


def _as_is(document: Document, path: str) -> Source:
    return Source(document, keep_layout(document.text), path)


def _search(folder: str) -> Iterator[str]:
    files = sorted(
        str(file)
        for file in Path(folder).rglob("*")
        if file.suffix.lower() in INPUT_SUFFIXES
        and not file.name.startswith((".", "~$"))  # Word's lock files too
        and not file.parent.name.endswith(".parts")
        and file.is_file()
    )
    if not files:
        raise GovnewsError("holds no file to read", path=folder, hint=f"Read are {', '.join(INPUT_SUFFIXES)} files.")
    yield from files


def _look_at(path: str) -> Input:
    if path == STDIN:
        return Input(path)
    try:
        status = Path(path).stat()
    except OSError:
        return Input(path)  # gone since, or a dangling link: told when it is read
    return Input(path, status.st_size, status.st_mtime_ns)
