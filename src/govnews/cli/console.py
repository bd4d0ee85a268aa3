"""Where the command line prints: results on standard output, all else on standard error."""

from __future__ import annotations

import sys
from collections.abc import Iterable

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from govnews.errors import GovnewsError

_WIDTH = None if sys.stdout.isatty() else 120

out = Console(highlight=False, width=_WIDTH)
err = Console(stderr=True, highlight=False, soft_wrap=True)


def print_error(error: GovnewsError, *, word: str = "error") -> None:
    """Print an error: place and fact on one line, the remedy on the next."""
    place = f"{error.place}: " if error.place else ""
    err.print(f"{place}{word}: {error.message}", style="red", markup=False)
    if error.hint:
        err.print(f"  {error.hint}", markup=False)


def print_errors(errors: Iterable[GovnewsError]) -> int:
    """Print errors and give their number."""
    count = 0
    for count, error in enumerate(errors, start=1):  # noqa: B007
        print_error(error)
    return count


def make_progress() -> Progress:
    """A progress bar on standard error with count, elapsed and remaining time."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        console=err,
    )
