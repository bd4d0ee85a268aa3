"""Fixtures for tests of metrics."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from time import perf_counter

import pytest


@pytest.fixture
def benchmark_line(capsys: pytest.CaptureFixture[str]) -> Callable[[str], AbstractContextManager[None]]:
    """Print how long something took, even where output is captured."""

    @contextmanager
    def measure(what: str) -> Iterator[None]:
        start = perf_counter()
        yield
        with capsys.disabled():
            print(f"\n{what}: {perf_counter() - start:.2f} s")  # noqa: T201

    return measure
