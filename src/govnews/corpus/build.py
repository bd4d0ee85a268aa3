"""Write the split as the files that Hugging Face datasets loads."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from govnews.corpus.load import ANNOTATED_FOLDERS, SPLITS, load_split
from govnews.formats.jsonl import to_dict
from govnews.formats.textfile import write_text
from govnews.records import Document

DATA_FOLDER = "data"
META_FIELDS = ("date", "title", "source", "licence", "annotator")


def build_splits(path: str | Path) -> dict[Path, int]:
    """Write `data/gold-train.jsonl` and so on: one file a folder and part of the split; others go.

    Returns:
        The number of documents in each file.
    """
    counts = {}
    files = _format_splits(Path(path))
    for file in set((Path(path) / DATA_FOLDER).glob("*.jsonl")) - files.keys():
        file.unlink()
    for file, (text, count) in files.items():
        write_text(file, text)
        counts[file] = count
    return counts


def stale_splits(path: str | Path) -> list[Path]:
    """The data files that are missing, or left over, or say something else than the annotated files do."""
    files = _format_splits(Path(path))
    left_over = sorted(set((Path(path) / DATA_FOLDER).glob("*.jsonl")) - files.keys())
    return left_over + [
        file for file, (text, _) in files.items() if not file.is_file() or file.read_text(encoding="utf-8") != text
    ]


def _format_splits(path: Path) -> dict[Path, tuple[str, int]]:
    files = {}
    folders = {name: path / name for name in ANNOTATED_FOLDERS if (path / name).is_dir()}
    origin = {d.id: name for name, folder in folders.items() for d in load_split(folder)}
    for split in SPLITS:
        documents = load_split(path, split)
        for name in folders:
            chosen = [document for document in documents if origin[document.id] == name]
            lines = [json.dumps(_row(document), ensure_ascii=False) + "\n" for document in chosen]
            files[path / DATA_FOLDER / f"{name}-{split}.jsonl"] = ("".join(lines), len(chosen))
    return files


def _row(document: Document) -> dict[str, Any]:
    """A document with exactly the fields the dataset card declares."""
    data = to_dict(document)
    meta = {name: document.meta.get(name) for name in META_FIELDS}
    return {
        "id": data["id"],
        "text": data["text"],
        **meta,
        "entities": data["entities"],
        "relations": data["relations"],
    }
