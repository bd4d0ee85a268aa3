"""`govnews label`: annotate in Label Studio."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from govnews.cli.console import err, make_progress, out, print_error, print_errors
from govnews.cli.extract import Layout

if TYPE_CHECKING:
    from collections.abc import Iterable

    from govnews.label.merge import Conflict
    from govnews.label.pull import Pulled
    from govnews.records import Document

app = typer.Typer(
    help="Annotate in Label Studio: push texts to a server, pull what people made of them.", no_args_is_help=True
)

ServerUrl = Annotated[
    str, typer.Option("--server", envvar="LABEL_STUDIO_URL", help="Where Label Studio runs.", show_default=True)
]
Token = Annotated[
    str,
    typer.Option(
        "--token", envvar="LABEL_STUDIO_API_KEY", help="Of your account there: personal access token or legacy token."
    ),
]
ProjectName = Annotated[str, typer.Option("--project", "-p", help="Title or number of the project.")]
AnyLabel = Annotated[bool, typer.Option("--any-label", help="Allow labels and relations that govnews does not define.")]
_LOCAL = "http://localhost:8080"
_SHOWN = 20


@app.command()
def push(
    paths: Annotated[
        list[str],
        typer.Argument(
            help="Text, HTML, .docx, JSONL, parquet or annotated files, folders and patterns of them, or -."
        ),
    ],
    token: Token,
    server: ServerUrl = _LOCAL,
    project: ProjectName = "govnews",
    model: Annotated[
        str | None,
        typer.Option("--model", "-m", help="Pre-annotate with this pipeline; otherwise what the files hold is shown."),
    ] = None,
    any_label: AnyLabel = False,
    layout: Annotated[
        Layout, typer.Option(help="Rejoin paragraphs that page breaks cut, or keep the text as it is.")
    ] = Layout.repair,
    text_column: Annotated[str, typer.Option(help="Where JSONL and parquet have the text.")] = "text",
    encoding: Annotated[str, typer.Option(help="Encoding of the files, such as gb18030.")] = "utf-8",
) -> None:
    """Push texts to a Label Studio project, pre-annotated, with labels, relations and scores.

    A project that is not there is set up; one that lacks labels gets them. Texts that are tasks already are not pushed
    again; where the text of one has changed, that is told and the task stays. Exit status 1 where anything was not
    pushed.

    Example: govnews label push reports/ --project reports-2025 --model zh_govnews_sm
    """
    from govnews.errors import GovnewsError
    from govnews.extract import Options
    from govnews.label.client import Server
    from govnews.label.inputs import read_texts
    from govnews.label.push import plan_push
    from govnews.label.push import push as push_tasks
    from govnews.pipeline import annotate, load_model

    problems: list[GovnewsError] = []
    nlp = None if model is None else load_model(model)
    options = Options(encoding=encoding, layout=layout.value, text_column=text_column)

    def pre_annotate(documents: list[Document]) -> Iterable[Document]:
        if nlp is None:
            return documents
        with make_progress() as bar:
            return list(bar.track(annotate(nlp, documents), total=len(documents), description="pre-annotating"))

    with Server(server, token) as client:
        client.check()
        documents = list(read_texts(paths, options, tell=problems.append))
        plan = plan_push(client, project, documents, annotate=pre_annotate, any_label=any_label)
        problems += plan.problems
        if plan.new:
            version = "govnews" if nlp is None else f"{nlp.lang}_{nlp.meta['name']}-{nlp.meta['version']}"
            with make_progress() as bar:
                task = bar.add_task("pushing", total=len(plan.new))
                target = push_tasks(client, plan, model_version=version, progress=lambda n: bar.advance(task, n))
            if plan.added:
                err.print(f"{project}: added {', '.join(plan.added)}", markup=False)
            err.print(f"annotate at {client.url}/projects/{target.id}/data", markup=False)
    print_errors(problems)
    err.print(f"{len(plan.new)} pushed, {plan.known} there already, {len(problems)} not pushed")
    if problems:
        raise typer.Exit(1)


@app.command()
def pull(
    output: Annotated[Path, typer.Argument(help="Write the annotated documents here: .ann or .jsonl.")],
    token: Token,
    server: ServerUrl = _LOCAL,
    project: ProjectName = "govnews",
    readings: Annotated[
        bool,
        typer.Option(
            "--readings", help="Write what several people annotated too, one file each, to readings/ beside it."
        ),
    ] = False,
    ours: Annotated[bool, typer.Option("--ours", help="Where file and server differ, keep the file's side.")] = False,
    theirs: Annotated[bool, typer.Option("--theirs", help="Where they differ, take the server's side.")] = False,
    any_label: AnyLabel = False,
) -> None:
    """Pull finished annotations from a Label Studio project into a file, checked as `govnews corpus check` does.

    Pull as often as you like: documents that nobody touched in the file follow the server. One that was edited there
    and differs from the server is shown and stays as it is, until --ours or --theirs decides. Skipped tasks and drafts
    are not pulled. What several people annotated goes into files of their own, for `govnews corpus agree` and
    `adjudicate`, unless one annotation is marked as ground truth. Exit status 1 where anything was not pulled.

    Example: govnews label pull mine.ann --project reports-2025
    """
    from govnews.formats.documents import check_suffix
    from govnews.label.client import Server
    from govnews.label.merge import Side, merge_file
    from govnews.label.pull import pull as pull_project

    if ours and theirs:
        raise typer.BadParameter("--ours and --theirs exclude each other")
    check_suffix(output)
    keep = Side.ours if ours else Side.theirs if theirs else Side.neither
    with Server(server, token) as client:
        client.check()
        with err.status("pulling"):
            pulled = pull_project(client, client.get_project(project), any_label=any_label)
    for note in pulled.notes:
        print_error(note, word="note")
    count = print_errors(pulled.problems)
    conflicts: list[Conflict] = []
    files = {}
    if readings:
        folder = output.parent / "readings"  # where a corpus has them: they are no documents of it
        files = {folder / f"{output.stem}.{name}{output.suffix}": found for name, found in pulled.readings.items()}
    for path, documents in {**files, output: pulled.single}.items():  # what moves is written before it goes
        merge = merge_file(path, documents, keep=keep, moved=pulled.several if path == output and readings else ())
        conflicts += merge.conflicts
        same = len(documents) - merge.new - merge.updated - len(merge.conflicts)
        more = f", {merge.moved} moved to {folder}" if merge.moved else ""
        err.print(f"{path}: {merge.new} new, {merge.updated} updated, {same} unchanged{more}", markup=False)
    _show_conflicts(conflicts)
    _tell(pulled, readings=readings)
    if count or conflicts:
        raise typer.Exit(1)


def _show_conflicts(conflicts: list[Conflict]) -> None:
    """Show what differs, document by document."""
    from govnews.errors import GovnewsError
    from govnews.report.agreement_tables import difference_table

    for conflict in conflicts:
        what = f"document {conflict.ours.id!r} was edited here and differs from the server; it stays as it is"
        if conflict.ours.text != conflict.theirs.text:
            what = f"document {conflict.ours.id!r} has another text than on the server; it stays as it is"
        hint = "Decide with --ours or --theirs, for all documents shown."
        print_error(GovnewsError(what, path=conflict.path, hint=hint), word="conflict")
        if found := conflict.differences():
            out.print(difference_table(found[:_SHOWN], ["file", "server"]))
            if len(found) > _SHOWN:
                err.print(f"and {len(found) - _SHOWN} more")


def _tell(pulled: Pulled, *, readings: bool) -> None:
    """Say who annotated, and what is left to do."""
    from govnews.label.pull import of_annotators

    for name, number in of_annotators(pulled.single).most_common():
        err.print(f"{name}: {number} documents", markup=False)
    if pulled.several:
        names = ", ".join(pulled.readings)
        more = "" if readings else "; --readings writes them, one file each"
        err.print(f"{len(pulled.several)} documents are annotated by several ({names}){more}", markup=False)
    err.print(f"still open: {pulled.open}, of which skipped: {pulled.skipped}; drafts not submitted: {pulled.drafts}")
