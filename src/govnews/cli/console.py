"""Where the command line prints: results on standard output, all else on standard error."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import Any

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    TaskID,
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


class LoggedProgress(Progress):
    """A progress bar on standard error; where none can be drawn, as in a log file, a line a minute."""

    every = 60.0
    """Seconds from line to line."""

    def __init__(self, *columns: ProgressColumn) -> None:
        super().__init__(*columns, console=err)
        self._said = self.get_time()

    def update(self, task_id: TaskID, **changes: Any) -> None:
        """Change a task, as by count or description."""
        super().update(task_id, **changes)
        self._say(task_id)

    def advance(self, task_id: TaskID, advance: float = 1) -> None:
        """Count on."""
        super().advance(task_id, advance)
        self._say(task_id)

    def _say(self, task_id: TaskID) -> None:
        if self.console.is_terminal or self.get_time() - self._said < self.every:
            return
        self._said = self.get_time()
        task = self.tasks[self.task_ids.index(task_id)]
        share = "" if not task.total else f" {task.percentage:.0f} %"
        self.console.print(f"{task.description}{share}, {task.elapsed or 0:.0f} s", markup=False)


def make_progress() -> Progress:
    """A progress bar with count, elapsed and remaining time."""
    return LoggedProgress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TimeRemainingColumn()
    )
