"""Pull what people annotated: the finished annotations of a project as documents, each checked."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from govnews.corpus.check import check_document
from govnews.errors import FormatError, GovnewsError
from govnews.formats.label_studio import finished_annotations, parse_task
from govnews.formats.losses import Loss
from govnews.label.client import Project, Server
from govnews.records import Document

ANNOTATOR, ANNOTATED = "annotator", "annotated"
"""Metadata of a document that say who annotated it, and when."""
_UNSAFE = re.compile(r"[^A-Za-z0-9-]+")
_OTHER_TYPES = "result"  # what another tag of the interface gave: told, and no reason to refuse the rest


@dataclass(slots=True)
class Pulled:
    """What is on the server.

    Args:
        single: Documents with one reading that counts: the only one, or the one marked as ground truth.
        readings: Documents that several people annotated, by annotator.
        open: Tasks that nobody has finished.
        skipped: How many of those somebody skipped.
        drafts: Annotations that were begun and not submitted.
        problems: Annotations that are not taken over, and why.
        notes: What else should be known.
    """

    single: list[Document] = field(default_factory=list)
    readings: dict[str, list[Document]] = field(default_factory=dict)
    open: int = 0
    skipped: int = 0
    drafts: int = 0
    problems: list[GovnewsError] = field(default_factory=list)
    notes: list[GovnewsError] = field(default_factory=list)

    @property
    def several(self) -> set[str]:
        """Ids of the documents that have several readings."""
        return {document.id for documents in self.readings.values() for document in documents}


def pull(server: Server, project: Project, *, any_label: bool = False) -> Pulled:
    """Read the finished annotations of a project, and check them as `govnews corpus check` does.

    Skipped tasks and drafts are counted and left where they are. Of several annotations of one person the last counts.

    Args:
        server: Where the project is.
        project: Its interface is one for labels on a text.
        any_label: Allow labels and relations that govnews does not define.

    Raises:
        GovnewsError: The server cannot be reached or refuses.
    """
    pulled = Pulled()
    people = name_people(server.list_people())
    owners: dict[str, str] = {}
    for task in server.export_tasks(project):
        url = server.task_url(project, task.get("id", 0))
        try:
            readings = _read_task(task, people, pulled, url=url, any_label=any_label)
        except FormatError as error:
            pulled.problems.append(error.at(url))
            continue
        for document in readings.values():
            if owners.setdefault(document.id, url) != url:
                hint = f"Delete one of them: it stands in {owners[document.id]} too."
                pulled.problems.append(FormatError(f"a second task has document {document.id!r}", path=url, hint=hint))
                break
        else:
            if len(readings) == 1:
                pulled.single += readings.values()
            for name, document in readings.items() if len(readings) > 1 else ():
                pulled.readings.setdefault(name, []).append(document)
    return pulled


def name_people(addresses: Mapping[int, str]) -> dict[int, tuple[str, str]]:
    """The address and a short name of each person, which can stand in the name of a file.

    >>> name_people({1: "li@example.com", 2: "wang@example.com", 3: "li@example.org"})[2]
    ('wang@example.com', 'wang')
    """
    short = {number: _UNSAFE.sub("-", address.partition("@")[0]).strip("-") for number, address in addresses.items()}
    times = Counter(name.lower() for name in short.values())
    return {
        number: (addresses[number], name if name and times[name.lower()] == 1 else f"{name or 'user'}_{number}")
        for number, name in short.items()
    }


def _read_task(
    task: dict[str, Any], people: Mapping[int, tuple[str, str]], pulled: Pulled, *, url: str, any_label: bool
) -> dict[str, Document]:
    """The readings of a task that count, by annotator; none where one of them is wrong."""
    finished = finished_annotations(task)
    pulled.drafts += len(task.get("drafts") or ())
    if not finished:
        pulled.open += 1
        pulled.skipped += bool(task.get("annotations"))
        return {}
    truth = [annotation for annotation in finished if annotation.get("ground_truth")]
    readings: dict[str, Document] = {}
    for annotation in sorted(truth if len(truth) == 1 else finished, key=_time):
        address, name = _annotator(annotation, people)
        if name in readings:
            pulled.notes.append(FormatError(f"{address} annotated it more than once; the last counts", path=url))
        document = _read_annotation(task, annotation, pulled, url=url)
        wrong = [] if document is None else check_document(document, path=url, any_label=any_label)
        pulled.problems += wrong
        if document is None or wrong:
            return {}
        meta = {**document.meta, ANNOTATOR: address, ANNOTATED: _time(annotation)}
        readings[name] = replace(document, meta={key: value for key, value in meta.items() if value})
    return readings


def _read_annotation(task: dict[str, Any], annotation: dict[str, Any], pulled: Pulled, *, url: str) -> Document | None:
    """A document without scores: a person stands behind it."""
    losses: list[Loss] = []
    document = parse_task({**task, "annotations": [annotation], "completions": []}, "", losses.append)
    for loss in losses:
        error = FormatError(f"{loss.kind} {loss.what} {loss.why}", path=url, hint="Correct it there, and pull again.")
        (pulled.notes if loss.kind == _OTHER_TYPES else pulled.problems).append(error)
    if any(loss.kind != _OTHER_TYPES for loss in losses):
        return None
    sure = {entity: replace(entity, score=None) for entity in document.entities}
    relations = (replace(r, head=sure[r.head], tail=sure[r.tail], score=None) for r in document.relations)
    return replace(document, entities=tuple(sure.values()), relations=tuple(relations))


def _annotator(annotation: dict[str, Any], people: Mapping[int, tuple[str, str]]) -> tuple[str, str]:
    """The address of who made an annotation, and a name for files."""
    who = annotation.get("completed_by")
    number = who.get("id") if isinstance(who, dict) else who
    if not isinstance(number, int):
        return "unknown", "unknown"
    return people.get(number, (f"user {number}", f"user-{number}"))


def _time(annotation: dict[str, Any]) -> str:
    time = annotation.get("updated_at") or annotation.get("created_at") or ""
    return str(time)


def of_annotators(documents: Iterable[Document]) -> Counter[str]:
    """How many documents each person annotated."""
    return Counter(document.meta.get(ANNOTATOR, "unknown") for document in documents)
