"""Read text files that came from anywhere, and say what is wrong with those that cannot be read."""

from __future__ import annotations

import hashlib
import io
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from govnews.errors import FormatError, GovnewsError

STDIN = "-"
_GUESSES = ("utf-8", "gb18030", "big5")
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
    except OSError as error:
        raise _cannot_read(path, error) from None


def _cannot_read(path: str | Path, error: OSError) -> FormatError:
    if isinstance(error, FileNotFoundError):
        return FormatError("no such file", path=path, hint="Check the path.")
    return FormatError(f"cannot be read: {error.strerror}", path=path, hint="Name a file that can be opened.")


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
        raise _empty(name)
    if encoding.lower().replace("_", "-") in {"utf-8", "utf8"}:
        if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
            raise _encoding_error(name, "found a UTF-16 byte order mark", "utf-16")
        if b"\x00" in data[:_SAMPLE]:
            raise FormatError(
                "found NUL bytes: this is a binary file, not text",
                path=name,
                hint="Export the document as plain UTF-8 text first; for UTF-16 without a mark pass --encoding.",
            )
    try:
        text = data.decode(encoding).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        guess = _guess_encoding(data, refused=encoding)
        what = f"byte 0x{data[error.start]:02x} at offset {error.start} is not {encoding}"
        if guess is None:
            raise FormatError(
                what, path=name, line=line, hint="It is a binary file or damaged; export it as UTF-8 text."
            ) from None
        raise _encoding_error(name, what, guess, line=line) from None
    except (LookupError, ValueError):
        raise GovnewsError(
            f"no encoding is called {encoding!r}", hint="Use a name such as utf-8, gb18030, big5 or utf-16."
        ) from None
    if not text.strip():
        raise _empty(name)
    return text


def _empty(name: str | Path) -> FormatError:
    return FormatError("the file is empty", path=name, hint="There is nothing to read in it.")


def _encoding_error(name: str | Path, what: str, guess: str, *, line: int | None = None) -> FormatError:
    return FormatError(
        f"{what}; the file looks like {guess}",
        path=name,
        line=line,
        hint=f"Pass --encoding {guess}, or convert it once: iconv -f {guess} -t utf-8 FILE > NEW",
    )


def _guess_encoding(data: bytes, *, refused: str) -> str | None:
    """An encoding other than the refused one under which the bytes read as mostly Chinese, if any."""
    for encoding in _GUESSES:
        if encoding == refused.lower():
            continue
        text = data.decode(encoding, errors="replace")
        wide = [char for char in text if char > "\x7f"]
        common = sum("\u4e00" <= char <= "\u9fff" or char in "，。、；：" for char in wide)
        if common > 0.6 * len(wide) and text.count("\ufffd") <= 0.01 * len(text):
            return encoding
    return None


@contextmanager
def replacing(path: str | Path) -> Iterator[Path]:
    """Give a temporary path beside `path` that takes its place on success only.

    A failure inside the block leaves the old file, or none: nothing half-written.

    What is no regular file, such as `/dev/null` or a pipe, is written to directly.

    Raises:
        GovnewsError: The file cannot be written there.
    """
    path = Path(path)
    try:
        special = path.exists() and not path.is_file() and not path.is_dir()
    except OSError as error:
        raise _cannot_write(path, error) from None
    if special:
        yield path
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{path.name[:40]}.", suffix=".part", dir=path.parent)
    except OSError as error:
        raise _cannot_write(path, error) from None
    os.close(handle)
    part = Path(name)
    try:
        yield part
        part.chmod(0o666 & ~_umask())
        try:
            part.replace(path)
        except OSError as error:
            raise _cannot_write(path, error) from None
    finally:
        part.unlink(missing_ok=True)


def _cannot_write(path: Path, error: OSError) -> GovnewsError:
    return GovnewsError(f"cannot write there: {error.strerror}", path=path, hint="Choose another output path.")


def write_text(path: str | Path, text: str) -> None:
    """Write UTF-8 text exactly, all of it or nothing."""
    with replacing(path) as part:
        part.write_bytes(text.encode("utf-8", errors="surrogatepass"))


def checksum(path: str | Path) -> str:
    """The SHA-256 of a file, as recipes of weights carry it."""
    with Path(path).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read_lines(path: str | Path) -> Iterator[str]:
    """Read a UTF-8 file of any size line by line; `.zst` files are decompressed on the way.

    Raises:
        FormatError: The file cannot be opened or is no UTF-8, or is compressed and damaged, or
            zstandard is not installed.
    """
    with _open_bytes(Path(path)) as file:
        for number, line in enumerate(file, start=1):
            try:
                text = line.decode("utf-8")
            except UnicodeDecodeError as error:
                raise FormatError(
                    f"byte 0x{line[error.start]:02x} is not utf-8",
                    path=path,
                    line=number,
                    hint="Convert the file once, for example: iconv -f gb18030 -t utf-8 FILE > NEW",
                ) from None
            yield text.removeprefix("\ufeff") if number == 1 else text


@contextmanager
def _open_bytes(path: Path) -> Iterator[IO[bytes]]:
    try:
        file = path.open("rb")
    except OSError as error:
        raise _cannot_read(path, error) from None
    with file:
        if path.suffix != ".zst":
            yield file
            return
        zstandard = _import_zstandard(path)
        try:
            yield io.BufferedReader(zstandard.ZstdDecompressor().stream_reader(file))
        except zstandard.ZstdError as error:
            raise FormatError(f"cannot be decompressed: {error}", path=path, hint="Fetch the file again.") from None


def _import_zstandard(path: Path) -> Any:
    try:
        import zstandard
    except ImportError:
        raise FormatError(
            "compressed files need the package zstandard",
            path=path,
            hint='Install it with: pip install "govnews[pretrain]"',
        ) from None
    return zstandard


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
