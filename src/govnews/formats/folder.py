"""Formats with one file, or a pair, for each document: names of files, and folders written whole or not at all."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import unquote

from govnews.errors import GovnewsError

_UNSAFE = re.compile(r'[%/\\:*?"<>|\x00-\x1f]|^\.|[. ]$')


def name_file(id: str) -> str:
    """A document's id as the name of a file on any system, without an ending.

    >>> name_file("雨湖 2024"), name_file("../etc"), document_id(name_file("../etc"))
    ('雨湖 2024', '%2E.%2Fetc', '../etc')
    """
    return _UNSAFE.sub(lambda match: f"%{ord(match.group()):02X}", id)


def document_id(name: str) -> str:
    """The id that `name_file` made a name from."""
    return unquote(name)


@contextmanager
def replacing_folder(path: str | Path) -> Iterator[Path]:
    """Give a temporary folder that becomes `path` on success only.

    Raises:
        GovnewsError: There is something in that place already, or nothing can be written there.
    """
    path = Path(path)
    if path.exists() and not (path.is_dir() and not any(path.iterdir())):
        raise GovnewsError(
            "is there already, and not an empty folder", path=path, hint="Name a folder that is new or empty."
        )
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part = Path(tempfile.mkdtemp(prefix=f".{path.name[:40]}.", suffix=".part", dir=path.parent))
    except OSError as error:
        raise GovnewsError(f"cannot write there: {error.strerror}", path=path, hint="Choose another folder.") from None
    try:
        yield part
        part.chmod(0o755)
        part.replace(path)
    finally:
        shutil.rmtree(part, ignore_errors=True)
