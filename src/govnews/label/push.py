"""Push documents to a Label Studio project: each once, pre-annotated, and only what its page can show."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from govnews.errors import FormatError
from govnews.formats.label_studio import LIMITS, make_task
from govnews.formats.losses import fit, refuse, show
from govnews.label.client import Project, Server
from govnews.label.interface import Interface, extend_interface, read_interface
from govnews.records import Document

_BATCH = 50
"""Tasks sent at once: small enough that progress is seen, and that little is sent again."""

Annotate = Callable[[list[Document]], Iterable[Document]]
"""Marks what people will correct."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What pushing documents comes to.

    Args:
        name: Of the project.
        project: Where it is there already.
        config: The labelling configuration it will have.
        added: Labels and relations that a project lacks which is there.
        new: Documents that are no tasks yet.
        known: How many are tasks already, with the same text.
        problems: What cannot be pushed, and why.
    """

    name: str
    project: Project | None
    config: str
    added: list[str]
    new: list[Document]
    known: int
    problems: list[FormatError]


@dataclass(slots=True)
class _Sorted:
    new: list[Document] = field(default_factory=list)
    known: int = 0
    problems: list[FormatError] = field(default_factory=list)


def plan_push(
    server: Server, name: str, documents: Iterable[Document], *, annotate: Annotate = iter, any_label: bool = False
) -> Plan:
    """Find out what is to be pushed, and change nothing yet.

    A document is known by its id. Where its task has another text, people may have annotated that: it is told and
    left alone.

    Args:
        server: Where the project is, or will be.
        name: Title or number of the project.
        documents: With what is marked in them; ids are unique.
        annotate: Marks them anew; asked of new documents only.
        any_label: Give the project the labels of the documents too; by default they have those that are defined.

    Raises:
        GovnewsError: The project is set up for something else, or no project has that number.
    """
    project = server.get_project(name) if name.isdigit() else server.find_project(name)
    found = _sort(server, project, documents)
    wanted = Interface()
    new = list(annotate(found.new))
    if any_label:
        wanted = wanted.with_labels(
            sorted({entity.label for document in new for entity in document.entities}),
            sorted({relation.label for document in new for relation in document.relations}),
        )
    config, added = extend_interface(project.config, wanted) if project else (wanted.to_xml(), [])
    interface = read_interface(config)
    fitting = []
    for document in new:
        try:
            check_task(document, interface)
        except FormatError as error:
            found.problems.append(error)
        else:
            fitting.append(document)
    return Plan(name, project, config, added, fitting, found.known, found.problems)


def check_task(document: Document, interface: Interface) -> None:
    """Refuse what the server would take and its page could not show.

    Raises:
        FormatError: An offset does not fit the text, a label is not in the interface, or metadata has the name of a
            field.
    """
    if not document.text.strip():
        raise FormatError(f"document {document.id!r} has no text", hint="There is nothing to annotate in it.")
    fit(document, LIMITS, report=refuse)
    for items, labels in ((document.entities, interface.labels), (document.relations, interface.relations)):
        for item in items:
            if item.label not in labels:
                raise FormatError(
                    f"document {document.id!r} has {show(item, document)}, a label that the project does not have",
                    hint=f"It has {', '.join(labels)}; --any-label adds the labels of the files.",
                )
    make_task(document)


def push(
    server: Server, plan: Plan, *, model_version: str, progress: Callable[[int], None] = lambda _: None
) -> Project:
    """Do what was planned: set the project up, and add tasks with what is marked in them as a prediction to correct.

    Args:
        server: Where the project is, or will be.
        plan: What `plan_push` gave.
        model_version: What made the annotations, as people will see it.
        progress: Called with the number of tasks each time some are there.
    """
    project = plan.project or server.create_project(plan.name, plan.config)
    if plan.added:
        server.set_config(project, plan.config)
    tasks = [make_task(document, model_version=model_version) for document in plan.new]
    for start in range(0, len(tasks), _BATCH):
        batch = tasks[start : start + _BATCH]
        server.import_tasks(project, batch)
        progress(len(batch))
    return project


def _sort(server: Server, project: Project | None, documents: Iterable[Document]) -> _Sorted:
    tasks: dict[str, dict[str, int]] = {}
    for task in server.list_tasks(project) if project else ():
        tasks.setdefault(task.document, {})[task.text] = task.id
    found = _Sorted()
    for document in documents:
        there = tasks.get(document.id, {})
        if document.text in there:
            found.known += 1
        elif there and project:
            found.problems.append(
                FormatError(
                    f"document {document.id!r} has another text than its task",
                    path=server.task_url(project, next(iter(there.values()))),
                    hint="Give it another id, or delete the task if nothing in it is needed, and push again.",
                )
            )
        else:
            found.new.append(document)
    return found
