"""Put what was pulled into a file, and overwrite nothing that was edited there since.

Each document that was pulled carries `pulled` in its metadata: a short checksum of what the server had. Where the
document in the file has it still, nobody edited it, and it follows the server; else it is in conflict as soon as both
differ. Who decides to keep the file's side has its checksum noted beside the server's, and is asked again only when
either side changes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path

from govnews.corpus.differences import Difference, list_differences
from govnews.errors import GovnewsError
from govnews.formats.documents import read_documents, write_documents
from govnews.label.pull import ANNOTATED, ANNOTATOR
from govnews.records import Document, index_documents

PULLED = "pulled"


class Side(StrEnum):
    """Whose version of a document in conflict is kept."""

    neither = "neither"
    ours = "ours"
    theirs = "theirs"


@dataclass(frozen=True, slots=True)
class Conflict:
    """A document that was edited in the file and differs from the server.

    Args:
        path: The file.
        ours: As it stands there.
        theirs: As the server has it.
    """

    path: str
    ours: Document
    theirs: Document

    def differences(self) -> list[Difference]:
        """Where they differ, first ours and then theirs; nothing where their texts do."""
        return [] if self.ours.text != self.theirs.text else list_differences([(self.ours, self.theirs)])


@dataclass(slots=True)
class Merge:
    """What a file becomes.

    Args:
        documents: In the order of the file, new ones after them.
        new: How many were not in the file.
        updated: How many are other than they were.
        moved: How many have left it.
        conflicts: What nobody has decided; the file's side stays.
    """

    documents: list[Document] = field(default_factory=list)
    new: int = 0
    updated: int = 0
    moved: int = 0
    conflicts: list[Conflict] = field(default_factory=list)


def merge_file(
    path: str | Path, documents: Iterable[Document], *, keep: Side = Side.neither, moved: Collection[str] = ()
) -> Merge:
    """Write documents from the server into a file, beside what stands there; all of it or nothing.

    Args:
        path: An inline or JSONL file, there or not; untouched where nothing changes.
        documents: As the server has them.
        keep: The side that counts where both changed.
        moved: Ids of documents that stand elsewhere from now on; they leave the file unless they were edited in it.

    Raises:
        GovnewsError: The file cannot be read or written, or a document is in it twice.
    """
    before = read_documents(path) if Path(path).exists() else []
    try:
        known = index_documents(before)
    except ValueError as error:
        raise GovnewsError(str(error), path=path, hint="Rename one of them.") from None
    merge = Merge()
    merged = dict(known)
    for theirs in documents:
        ours = known.get(theirs.id)
        found = _follow(theirs, theirs) if ours is None else _settle(ours, theirs, keep)
        if ours is None:
            merge.new += 1
        elif found is None:
            merge.conflicts.append(Conflict(str(path), ours, theirs))
        else:
            merge.updated += found != ours
        merged[theirs.id] = found or merged[theirs.id]
    for document in before:
        if document.id in moved and document.meta.get(PULLED) == checksum(document):
            del merged[document.id]
            merge.moved += 1
    merge.documents = list(merged.values())
    if merge.documents == before:
        return merge
    if merge.documents:
        write_documents(merge.documents, path)
    else:
        Path(path).unlink()
    return merge


def checksum(document: Document) -> str:
    """Tells whether two documents have one text, marked alike."""
    entities = {entity: number for number, entity in enumerate(document.entities)}
    content = [
        document.text,
        [(e.start, e.end, e.label) for e in document.entities],
        [(entities[r.head], entities[r.tail], r.label) for r in document.relations],
    ]
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()[:12]


def _settle(ours: Document, theirs: Document, keep: Side) -> Document | None:
    """What becomes of a document that is in the file; None where somebody has to decide."""
    here, there = checksum(ours), checksum(theirs)
    marks = ours.meta.get(PULLED, "").split()
    if here == there or marks == [here]:
        return _follow(ours, theirs)
    if marks == [there, here]:
        return ours
    if keep is Side.theirs:
        return _follow(ours, theirs)
    if keep is Side.ours:
        return replace(ours, meta={**ours.meta, PULLED: f"{there} {here}"})
    return None


def _follow(ours: Document, theirs: Document) -> Document:
    """The server's annotation with what else the file says of the document."""
    told = {key: theirs.meta[key] for key in (ANNOTATOR, ANNOTATED) if key in theirs.meta}
    meta = {**theirs.meta, **ours.meta, **told, PULLED: checksum(theirs)}
    return replace(theirs, meta=meta, sections=ours.sections if ours.text == theirs.text else theirs.sections)
