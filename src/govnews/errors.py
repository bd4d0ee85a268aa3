"""Errors that a person can act on."""

from __future__ import annotations

from pathlib import Path
from typing import Self


class GovnewsError(Exception):
    """Say what is wrong and what to do about it.

    The message has two parts, fact and remedy, and names the file and line where
    there are any. Only the command line prints it.

    Args:
        message: What was found and, where it helps, what was expected.
        hint: What to do next.
        path: The file concerned.
        line: Line in that file, counted from 1.
    """

    def __init__(
        self,
        message: str,
        *,
        hint: str | None = None,
        path: str | Path | None = None,
        line: int | None = None,
    ) -> None:
        self.message = message
        self.hint = hint
        self.path = None if path is None else str(path)
        self.line = line
        super().__init__(str(self))

    def __str__(self) -> str:
        place = self.place
        head = f"{place}: {self.message}" if place else self.message
        return f"{head}\n  {self.hint}" if self.hint else head

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuild, (type(self), self.message, self.hint, self.path, self.line)

    def at(self, path: str | Path | None, line: int | None = None) -> Self:
        """The same error with its place."""
        return type(self)(self.message, hint=self.hint, path=path, line=line)

    @property
    def place(self) -> str:
        """`file:line`, `file` or nothing, as far as they are known."""
        if self.path is None:
            return f"line {self.line}" if self.line else ""
        return f"{self.path}:{self.line}" if self.line else self.path


class FormatError(GovnewsError):
    """A file does not have the shape its format asks for."""


class ServerError(GovnewsError):
    """A server cannot be reached, or refuses what is asked of it."""


class ModelError(GovnewsError):
    """A pipeline is missing or cannot do what is asked of it."""


def _rebuild(
    kind: type[GovnewsError], message: str, hint: str | None, path: str | None, line: int | None
) -> GovnewsError:
    return kind(message, hint=hint, path=path, line=line)
