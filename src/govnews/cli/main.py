"""The `govnews` command."""

from __future__ import annotations

import io
import sys
from typing import Annotated

import typer

import govnews
from govnews.cli import (
    ablate,
    benchmark,
    convert,
    corpus,
    crossval,
    curve,
    evaluate,
    extract,
    label,
    next,
    pretrain,
    scores,
    segmenter,
    show,
    simulate,
    speed,
    vectors,
    weights,
)
from govnews.cli.console import print_error
from govnews.errors import GovnewsError

app = typer.Typer(
    name="govnews",
    help="Turn Chinese local-government writing into entities, relations and scores you can trust.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
corpus.app.command("convert")(convert.convert)
app.add_typer(corpus.app, name="corpus")
app.add_typer(segmenter.app, name="segmenter")
app.add_typer(label.app, name="label")
app.command("extract")(extract.extract)
app.command("show")(show.show)
app.command("evaluate")(evaluate.evaluate)
app.command("compare")(evaluate.compare)
app.command("crossval")(crossval.crossval)
app.command("speed")(speed.speed)
app.command("curve")(curve.curve)
app.command("next")(next.choose_next)
app.command("simulate")(simulate.simulate)
app.command("ablate")(ablate.ablate)
app.command("benchmark")(benchmark.benchmark)
app.command("pretrain")(pretrain.pretrain)
app.command("vectors")(vectors.vectors)
app.command("weights")(weights.weights)
app.command("scores")(scores.scores)


def _version(value: bool) -> None:
    if value:
        typer.echo(f"govnews {govnews.__version__}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Turn Chinese local-government writing into entities, relations and scores you can trust."""


def main() -> None:
    """Run the command line: exit status 1 for what went wrong, 2 for wrong usage."""
    for stream in (sys.stdout, sys.stderr):  # consoles of other encodings show what they can
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        app()
    except GovnewsError as error:
        print_error(error)
        sys.exit(1)
    except OSError as error:
        print_error(GovnewsError(f"cannot write or read: {error.strerror or error}", path=error.filename))
        sys.exit(1)
