"""Keep what a long run has found, so that one that was killed goes on where it stopped.

A folder beside the output holds a manifest (which inputs, model and options the run has) and shards:
files of lines that are renamed into place when they are whole. A line says where reading goes on
after it, so the last line of the last shard tells where the run stands.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Any

from govnews.errors import FormatError, GovnewsError
from govnews.extract.inputs import Position
from govnews.formats.textfile import write_text

COMMIT_SECONDS = 10.0  # of work lost at most
COMMIT_BYTES = 64 << 20
_TAIL = 1 << 16
_RESTART = "Give it what it had, or pass --restart to throw away what it found and begin again."


class Shards:
    """The working folder of a run; one run at a time may have it.

    Args:
        output: Where the results will be; the folder is called like it, with `.parts`.
        manifest: What makes two runs the same, as plain JSON values.
        restart: Whether to throw away what an earlier run left.
        commit_seconds: The longest that lines stay in a shard that is not in place yet.

    Raises:
        GovnewsError: An earlier run was of something else, or another run is at work.
    """

    def __init__(
        self,
        output: str | Path,
        manifest: dict[str, Any],
        *,
        restart: bool = False,
        commit_seconds: float = COMMIT_SECONDS,
    ) -> None:
        self.folder = Path(f"{output}.parts")
        self.commit_seconds = commit_seconds
        self.folder.mkdir(parents=True, exist_ok=True)
        self._lock = _lock(self.folder)
        self._file: IO[bytes] | None = None
        self.joined = self.folder / f"joined{Path(output).suffix}"
        self._manifest = self.folder / "manifest.json"
        try:
            if restart or not self._manifest.exists():
                self._clear()
                write_text(self._manifest, json.dumps(manifest, indent=1))
            else:
                self._compare(manifest)
                self._clear(whole=False)
            self._count = max((int(path.stem) for path in self.paths()), default=-1) + 1
        except BaseException:
            self._lock.close()
            raise

    def paths(self) -> list[Path]:
        """The shards that are in place, in order."""
        return sorted(self.folder.glob("[0-9]*.jsonl"))

    def where(self) -> tuple[Position, int]:
        """Where reading goes on, and the bytes read by then.

        Raises:
            FormatError: The last shard is damaged.
        """
        paths = self.paths()
        if not paths:
            return (0, 0), 0
        line = _load(_last_line(paths[-1]), paths[-1])
        return (line["after"][0], line["after"][1]), line["read"]

    def add(self, lines: Iterable[str]) -> None:
        """Take the lines of a chunk; from time to time they go into place."""
        if self._file is None:
            self._file = (self.folder / "next").open("wb")
            self._began = time.monotonic()
        try:
            # half a character, as in odd file names, is escaped as JSON escapes it
            self._file.write("".join(f"{line}\n" for line in lines).encode("utf-8", "backslashreplace"))
        except BaseException:  # half a chunk must not go into place
            self._file.close()
            self._file = None
            raise
        if self._file.tell() >= COMMIT_BYTES or time.monotonic() - self._began >= self.commit_seconds:
            self.commit()

    def commit(self) -> None:
        """Put what was taken into place, so that it outlives this process."""
        if self._file is None:
            return
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        self._file = None
        (self.folder / "next").replace(self.folder / f"{self._count:08}.jsonl")
        self._count += 1

    def lines(self) -> Iterator[dict[str, Any]]:
        """What all shards hold.

        Raises:
            FormatError: One is damaged.
        """
        for path in self.paths():
            with path.open("rb") as file:
                for line in file:
                    yield _load(line, path)

    def close(self) -> None:
        """Put what was taken into place and let others have the folder."""
        self.commit()
        self._lock.close()

    def remove(self) -> None:
        """Remove the folder, whose results are written; what is not its own stays."""
        self._clear()
        self._lock.close()
        (self.folder / "lock").unlink(missing_ok=True)
        if not any(self.folder.iterdir()):
            self.folder.rmdir()

    def _clear(self, *, whole: bool = True) -> None:
        """Remove what is not in place, or the whole."""
        if whole:
            self._manifest.unlink(missing_ok=True)  # first: shards without a manifest are nobody's
        for path in (*(self.paths() if whole else ()), *self.folder.glob("*joined*"), self.folder / "next"):
            path.unlink(missing_ok=True)

    def _compare(self, manifest: dict[str, Any]) -> None:
        try:
            before = json.loads(self._manifest.read_text(encoding="utf-8"))
        except ValueError:
            raise GovnewsError("is damaged", path=self._manifest, hint="Pass --restart to begin again.") from None
        manifest = json.loads(json.dumps(manifest))  # tuples are lists there
        if changed := find_changes(before, manifest):
            raise GovnewsError(
                f"holds an unfinished run that differs from this one: {'; '.join(changed)}",
                path=self.folder,
                hint=_RESTART,
            )


def find_changes(before: dict[str, Any], now: dict[str, Any]) -> list[str]:
    """What differs between two manifests, in words.

    >>> find_changes({"model": "a 1.0", "inputs": [["x", 1]]}, {"model": "a 1.1", "inputs": [["x", 2], ["y", 1]]})
    ["model was 'a 1.0', is 'a 1.1'", 'x has changed', 'y is new']
    """
    changes = [
        f"{key} was {before.get(key)!r}, is {now.get(key)!r}"
        for key in dict.fromkeys((*before, *now))
        if key != "inputs" and before.get(key) != now.get(key)
    ]
    old, new = before.get("inputs", []), now.get("inputs", [])
    if old == new:
        return changes
    was, has = ({path: rest for path, *rest in inputs} for inputs in (old, new))
    files = [f"{path} has changed" for path in was if path in has and was[path] != has[path]]
    files += [f"{path} is missing" for path in was if path not in has]
    files += [f"{path} is new" for path in has if path not in was]
    shown = files[:3] or ["the inputs come in another order"]
    return changes + shown + ([f"{len(files) - 3} inputs more"] if len(files) > 3 else [])


def _load(line: bytes, path: Path) -> dict[str, Any]:
    try:
        data: dict[str, Any] = json.loads(line)
    except ValueError:
        raise FormatError("is damaged", path=path, hint="Pass --restart to begin again.") from None
    return data


def _last_line(path: Path) -> bytes:
    """The last line of a file that may be large."""
    with path.open("rb") as file:
        end = file.seek(0, os.SEEK_END)
        tail = b""
        while end and b"\n" not in tail[:-1]:
            start = max(0, end - max(_TAIL, len(tail)))
            file.seek(start)
            tail = file.read(end - start) + tail
            end = start
    return tail[:-1].rsplit(b"\n", 1)[-1]


def _lock(folder: Path) -> IO[bytes]:
    """Hold a folder until the file returned is closed, or this process is gone."""
    file = (folder / "lock").open("wb")
    try:
        import fcntl
    except ImportError:  # not on Windows
        return file
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        raise GovnewsError(
            "another run is at work on the same output", path=folder, hint="Wait for it, or choose another output."
        ) from None
    except OSError:
        return file  # some network file systems know no locks
    return file
