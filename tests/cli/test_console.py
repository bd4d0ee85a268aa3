import io

import pytest
from rich.console import Console
from rich.progress import TextColumn

from govnews.cli.console import LoggedProgress


@pytest.fixture
def log(monkeypatch):
    """What is not a terminal, and how to let seconds pass."""
    now = [0.0]
    console = Console(file=io.StringIO(), force_terminal=False, get_time=lambda: now[0])
    monkeypatch.setattr("govnews.cli.console.err", console)
    return console, now


def test_a_log_gets_a_line_a_minute(log):
    console, now = log
    progress = LoggedProgress(TextColumn("{task.description}"))
    task = progress.add_task("training", total=4)
    for seconds in (30, 61, 90, 122):
        now[0] = seconds
        progress.advance(task)
    assert console.file.getvalue().splitlines() == ["training 50 %, 61 s", "training 100 %, 122 s"]


def test_a_line_says_what_is_done_now(log):
    console, now = log
    progress = LoggedProgress(TextColumn("{task.description}"))
    task = progress.add_task("reading", total=None)
    now[0] = 60
    progress.update(task, description="[3] of 7")
    assert console.file.getvalue() == "[3] of 7, 60 s\n"
