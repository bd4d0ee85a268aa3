"""Find and load the corpus: gold files, authored files and the split."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from govnews.errors import FormatError, GovnewsError
from govnews.formats.documents import READERS, read_documents
from govnews.formats.textfile import read_text
from govnews.records import Document, index_documents

SPLITS = ("train", "validation", "test")
SPLIT_FILE = "splits.tsv"
ANNOTATED_FOLDERS = ("gold", "authored")


def corpus_files(path: str | Path) -> list[Path]:
    """The annotated files a path stands for.

    Args:
        path: One file; a corpus folder, which means the files directly in its `gold` and `authored`;
            or any other folder, which means the annotated files directly in it.

    Raises:
        GovnewsError: There is no such path, or no annotated file in it.
    """
    path = Path(path)
    if path.is_file():
        return [path]
    if not path.is_dir():
        raise GovnewsError("no such file or folder", path=path, hint="Name an annotated file, or a corpus folder.")
    folders = [path / name for name in ANNOTATED_FOLDERS if (path / name).is_dir()] or [path]
    files = sorted(file for folder in folders for file in folder.iterdir() if _is_annotated(file))
    if not files:
        raise GovnewsError("holds no annotated file", path=path, hint=f"Annotated files end in {' or '.join(READERS)}.")
    return files


def _is_annotated(file: Path) -> bool:
    return file.suffix.lower() in READERS and not file.name.startswith(".")


def load_documents(path: str | Path) -> list[Document]:
    """Read all whole documents of a file or corpus folder.

    Raises:
        GovnewsError: A file cannot be read, or two documents have one id.
    """
    documents = [document for file in corpus_files(path) for document in read_documents(file)]
    try:
        index_documents(documents)
    except ValueError as error:
        raise GovnewsError(str(error), path=path, hint="Rename one of them.") from None
    return documents


def load_split(path: str | Path, split: str | None = None) -> list[Document]:
    """Read the documents of one part of the split, cut to the sections it holds.

    Args:
        path: A corpus folder with a `splits.tsv`, or any annotated file or folder.
        split: `train`, `validation` or `test`; every section where it is None.

    Raises:
        GovnewsError: The split file does not fit the documents, or there is none.
    """
    sections = [part for document in load_documents(path) for part in document.section_documents()]
    if split is None:
        return sections
    if split not in SPLITS:
        raise GovnewsError(f"no split is called {split!r}", path=path, hint=f"Splits are {', '.join(SPLITS)}.")
    if not (Path(path) / SPLIT_FILE).is_file():
        raise GovnewsError(
            f"has no {SPLIT_FILE}, so there is no split {split!r}",
            path=path,
            hint=f"Leave the split out, or name a folder with a {SPLIT_FILE}: document, section, split, tab-separated.",
        )
    assigned = read_splits(Path(path) / SPLIT_FILE)
    _check_splits(assigned, sections, Path(path) / SPLIT_FILE)
    return [section for section in sections if assigned[section.id] == split]


def read_splits(path: str | Path) -> dict[str, str]:
    """Read a split file: tab-separated `document`, `section`, `split`, with a header.

    Returns:
        The split of each section, by the section's id: `document#section`, or `document` where the
        section field is empty.

    Raises:
        FormatError: The file is missing or malformed, or assigns a section twice.
    """
    splits: dict[str, str] = {}
    for line, text in enumerate(read_text(path).split("\n"), start=1):
        row = text.removesuffix("\r").split("\t")
        if line == 1:
            if row != ["document", "section", "split"]:
                raise FormatError(
                    f"the header is {text[:60]!r}",
                    path=path,
                    line=1,
                    hint="Expected document, section, split; tab-separated.",
                )
            continue
        if not text.strip():
            continue
        if len(row) != 3 or row[2] not in SPLITS:
            raise FormatError(
                f"found {text[:60]!r}",
                path=path,
                line=line,
                hint=f"Expected document, section and one of {', '.join(SPLITS)}.",
            )
        name = f"{row[0]}#{row[1]}" if row[1] else row[0]
        if name in splits:
            raise FormatError(f"{name} is assigned twice", path=path, line=line, hint="Nothing may be in two splits.")
        splits[name] = row[2]
    return splits


def _check_splits(splits: dict[str, str], sections: Iterable[Document], path: Path) -> None:
    ids = {section.id for section in sections}
    for names, what, hint in (
        (ids - splits.keys(), "not assigned to a split", "Add a line for each."),
        (splits.keys() - ids, "in the split file, but in no annotated file", "Correct or remove the lines."),
    ):
        if names:
            raise GovnewsError(f"{', '.join(sorted(names)[:5])}: {what}", path=path, hint=hint)
