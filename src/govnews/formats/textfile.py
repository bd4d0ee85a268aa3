"""Read text files that came from anywhere, and say what is wrong with those that cannot be read."""

from __future__ import annotations

import io
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from govnews.errors import FormatError, GovnewsError

STDIN = "-"
_GUESSES = ("gb18030", "big5")
_SAMPLE = 1 << 16


def read_bytes(path: str | Path) -> bytes:
    """Read a file, or standard input where the path is `-`.

    Raises:
        FormatError: The file does not exist or cannot be opened.
    """
    if str(path) == STDIN:
        return sys.stdin.buffer.read()
    try:
        return Path(path).read_bytes()
    except FileNotFoundError:
        raise FormatError("no such file", path=path, hint="Check the path.") from None
    except OSError as error:
        raise FormatError(f"cannot be read: {error.strerror}", path=path) from None


def read_text(path: str | Path, *, encoding: str = "utf-8") -> str:
    """Read a text file exactly: line endings stay as they are, a byte order mark goes.

    Args:
        path: The file, or `-` for standard input.
        encoding: Any encoding Python knows.

    Raises:
        FormatError: The file is empty, is no text, or is text in another encoding.
    """
    name = "standard input" if str(path) == STDIN else path
    return decode(read_bytes(path), name=name, encoding=encoding)


def decode(data: bytes, *, name: str | Path, encoding: str = "utf-8") -> str:
    """Turn the bytes of a text file into text, as `read_text` does."""
    if not data.strip():
        raise FormatError("the file is empty", path=name, hint="There is nothing to read in it.")
    if encoding.lower().replace("_", "-") in {"utf-8", "utf8"}:
        encoding = "utf-8-sig"
        if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
            raise _encoding_error(name, "found a UTF-16 byte order mark", "utf-16")
        if b"\x00" in data[:_SAMPLE]:
            raise FormatError(
                "found NUL bytes: this is a binary file, not text",
                path=name,
                hint="Export the document as plain UTF-8 text first; for UTF-16 without a mark pass --encoding.",
            )
    try:
        return data.decode(encoding)
    except LookupError:
        raise GovnewsError(
            f"no encoding is called {encoding!r}", hint="Use a name such as utf-8, gb18030, big5 or utf-16."
        ) from None
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        guess = _guess_encoding(data)
        what = f"byte 0x{data[error.start]:02x} at offset {error.start} is not {encoding.removesuffix('-sig')}"
        if guess is None:
            raise FormatError(
                what, path=name, line=line, hint="It is a binary file or damaged; export it as UTF-8 text."
            ) from None
        raise _encoding_error(name, what, guess, line=line) from None


def _encoding_error(name: str | Path, what: str, guess: str, *, line: int | None = None) -> FormatError:
    return FormatError(
        f"{what}; the file looks like {guess}",
        path=name,
        line=line,
        hint=f"Pass --encoding {guess}, or convert it once: iconv -f {guess} -t utf-8 FILE > NEW",
    )


def _guess_encoding(data: bytes) -> str | None:
    """A legacy Chinese encoding under which the bytes read as mostly Chinese, if any."""
    for encoding in _GUESSES:
        text = data.decode(encoding, errors="replace")
        common = sum("\u4e00" <= char <= "\u9fff" or char in "，。、；：\n" or "0" <= char <= "9" for char in text)
        if common > 0.6 * len(text) and text.count("\ufffd") <= 0.01 * len(text):
            return encoding
    return None


@contextmanager
def replacing(path: str | Path) -> Iterator[Path]:
    """Give a temporary path beside `path` that takes its place on success only.

    A failure inside the block leaves the old file, or none: nothing half-written.

    Raises:
        GovnewsError: The folder cannot be written to.
    """
    path = Path(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{path.name[:100]}.", suffix=".part", dir=path.parent)
    except OSError as error:
        raise GovnewsError(
            f"cannot write there: {error.strerror}", path=path, hint="Choose another output path."
        ) from None
    os.close(handle)
    part = Path(name)
    try:
        yield part
        part.chmod(0o666 & ~_umask())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def write_text(path: str | Path, text: str) -> None:
    """Write UTF-8 text exactly, all of it or nothing."""
    with replacing(path) as part:
        part.write_bytes(text.encode("utf-8", errors="surrogatepass"))


def open_lines(path: str | Path) -> IO[str]:
    """Open a UTF-8 file for reading line by line; `.zst` files are decompressed on the way.

    Raises:
        FormatError: The file does not exist, or is compressed and zstandard is not installed.
    """
    path = Path(path)
    if not path.is_file():
        raise FormatError("no such file", path=path, hint="Check the path.")
    if path.suffix != ".zst":
        return path.open(encoding="utf-8", newline="\n")
    try:
        import zstandard
    except ImportError:
        raise FormatError(
            "compressed files need the package zstandard",
            path=path,
            hint='Install it with: pip install "govnews[pretrain]"',
        ) from None
    stream = zstandard.ZstdDecompressor().stream_reader(path.open("rb"), closefd=True)
    return io.TextIOWrapper(stream, encoding="utf-8", newline="\n")


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
