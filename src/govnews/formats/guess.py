"""Tell the format of an annotated file from its ending and from what stands in it."""

from __future__ import annotations

import re
from itertools import islice
from pathlib import Path
from typing import Any

from govnews.errors import GovnewsError
from govnews.formats.brat import is_brat
from govnews.formats.conll import START
from govnews.formats.fields import iter_objects
from govnews.formats.textfile import read_text

ENDINGS = {
    ".ann": "inline",
    ".jsonl": "jsonl",
    ".json": "label-studio",
    ".conll": "conll",
    ".bio": "conll",
    ".bioes": "conll",
    ".tsv": "webanno",
    ".spacy": "docbin",
}
"""What a file is written as; what it is read as also depends on its content."""
_LOOKED_AT = 20  # objects of a file, until one of them tells
_COLUMNS = re.compile(r"\S+[ \t](?:.*[ \t])?(?:O|[BIESMLUW]-\S+)\s*")
_WEBANNO = "#FORMAT=WebAnno TSV"


def guess_format(path: str | Path, *, encoding: str = "utf-8") -> tuple[str, str] | None:
    """The name of a file's or folder's format, and what tells it; None where nothing does.

    >>> guess_format("news.conll")
    ('conll', 'its ending')
    """
    path = Path(path)
    if path.is_dir():
        return _guess_folder(path, encoding)
    name = ENDINGS.get(path.suffix.lower())
    if name == "docbin":
        return name, "its ending"
    found = _guess_text(path, _sample(path, encoding))
    return found or ((name, "its ending") if name else None)


def _guess_folder(path: Path, encoding: str) -> tuple[str, str] | None:
    """Told by the first file of its kind; other files stand beside those of brat, but not among those of WebAnno."""
    files = sorted(file for file in path.iterdir() if not file.name.startswith("."))
    annotated = [file for file in files if file.suffix.lower() == ".ann"]
    for name, first in (("brat", annotated[:1]), ("webanno", files[:1])):
        for file in first:
            found = _guess_text(file, _sample(file, encoding))
            if found and found[0] == name and (name == "brat" or {f.suffix for f in files} == {file.suffix}):
                return name, f"{file.name}: {found[1]}"
    return None


def _sample(path: Path, encoding: str) -> str:
    try:
        return read_text(path, encoding=encoding) if path.is_file() else ""
    except GovnewsError:
        return ""  # its reader says what is wrong with it


def _guess_text(path: Path, text: str) -> tuple[str, str] | None:
    start = text.lstrip()[:1]
    suffix = path.suffix.lower()
    if text.startswith(_WEBANNO):
        return "webanno", "its first line"
    if suffix == ".ann" and (is_brat(text) or (not text and path.with_suffix(".txt").is_file())):
        return "brat", "its lines, and the text beside it"
    if suffix == ".txt" and path.with_suffix(".ann").is_file():
        return "brat", "the annotations beside it"
    if start and start in "[{" and suffix != ".ann":
        return _guess_json(text)
    lines = list(islice((line for line in text.split("\n") if line.strip()), _LOOKED_AT))
    if lines and suffix != ".ann" and all(line.startswith(START) or _COLUMNS.fullmatch(line) for line in lines):
        return "conll", "its columns"
    return None


def _guess_json(text: str) -> tuple[str, str] | None:
    try:
        for _, data in islice(iter_objects(text), _LOOKED_AT):
            found = _guess_object(data) if isinstance(data, dict) else None
            if found:
                return found
    except GovnewsError:
        pass  # its reader says what is wrong with it
    return None


def _guess_object(data: dict[str, Any]) -> tuple[str, str] | None:
    tokens = [key for key in data if key.split("/")[0] == "tok"]
    first = next(iter(data["entities"]), None) if isinstance(data.get("entities"), list) else None
    tells = {
        "jsonl": isinstance(first, dict) and "start" in first and {"entities"},
        "label-studio": isinstance(data.get("data"), dict) and {"annotations", "predictions", "completions", "data"},
        "hanlp": bool(tokens) and set(tokens),
        "prodigy": {"spans", "_input_hash", "_task_hash"},
        "cluener": isinstance(data.get("label"), dict) and {"label"},
        "doccano": {"labels", "Comments"}
        | ({"label"} if isinstance(data.get("label"), list) else set())
        | ({"entities"} if isinstance(first, list) or (isinstance(first, dict) and "start_offset" in first) else set()),
    }
    for name, keys in tells.items():
        if keys and (found := [key for key in data if key in keys]):
            return name, f"the field {found[0]!r}"
    return None
