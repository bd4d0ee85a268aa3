import io
import os
import stat
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govnews.errors import FormatError, GovnewsError
from govnews.formats.textfile import decode, read_lines, read_text, replacing, write_text
from strategies import texts

SIMPLE = "全年地区生产总值比上年增长5.1%，新增学位3700余个。\n群众获得感明显提升。\n"
TRADITIONAL = "全年地區生產總值比上年增長5.1%，新增學位3700餘個。\n群眾獲得感明顯提升。\n"


@settings(max_examples=200, deadline=None)
@given(texts.filter(lambda text: text.strip() and not text.startswith("\ufeff")))
def test_text_comes_back_exactly(tmp_path_factory, text):
    path = tmp_path_factory.getbasetemp() / "exact.txt"
    write_text(path, text)
    assert read_text(path) == text


@pytest.mark.parametrize(
    "encoding", ["utf-8", "UTF8", "utf_8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]
)
def test_an_encoding_may_be_named(encoding):
    assert decode(SIMPLE.encode(encoding), name="a", encoding=encoding) == SIMPLE


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16-le"])
def test_no_mark_is_left_at_the_start(encoding):
    assert decode(("\ufeff" + SIMPLE).encode(encoding), name="a", encoding=encoding) == SIMPLE


@pytest.mark.parametrize(
    ("data", "line", "message", "hint"),
    [
        (b"", None, "the file is empty", "nothing to read"),
        (b" \r\n\t\n", None, "the file is empty", "nothing to read"),
        (b"\xef\xbb\xbf", None, "the file is empty", "nothing to read"),
        ("\u3000\n".encode(), None, "the file is empty", "nothing to read"),
        (SIMPLE.encode("gb18030"), 1, "looks like gb18030", "--encoding gb18030"),
        (
            "# doc: a\n# date: 2024-12-20\n\n{ORG1:雨湖区}\n".encode("gb18030"),
            4,
            "looks like gb18030",
            "--encoding gb18030",
        ),
        (("ok\n" + SIMPLE * 50).encode("gbk"), 2, "looks like gb18030", "iconv -f gb18030"),
        (TRADITIONAL.encode("big5"), 1, "looks like big5", "--encoding big5"),
        (SIMPLE.encode("utf-16"), None, "a UTF-16 byte order mark", "--encoding utf-16"),
        (b"\xfe\xff" + SIMPLE.encode("utf-16-be"), None, "a UTF-16 byte order mark", "--encoding utf-16"),
        (SIMPLE.encode("utf-16-le"), None, "NUL bytes", "--encoding"),
        (b"\x7fELF\x02\x01\x01\x00\x00", None, "binary file", "plain UTF-8"),
        (b"PK\x03\x04\x14\x00\x06\x00", None, "binary file", "plain UTF-8"),
        (b"\x89PNG\r\n\x1a\n\xff\xfa", 1, "byte 0x89 at offset 0 is not utf-8", "damaged"),
        (SIMPLE.encode()[:-3], 2, "is not utf-8", "damaged"),
        (SIMPLE.encode() + b"\xff" + SIMPLE.encode(), 3, "byte 0xff", "damaged"),
        ("café".encode("latin-1"), 1, "byte 0xe9 at offset 3 is not utf-8", "damaged"),
    ],
)
def test_what_is_no_utf8_text_is_named_and_the_way_out_shown(tmp_path, data, line, message, hint):
    path = tmp_path / "a.txt"
    path.write_bytes(data)
    with pytest.raises(FormatError) as caught:
        read_text(path)
    assert (caught.value.path, caught.value.line) == (str(path), line)
    assert message in caught.value.message
    assert hint in caught.value.hint


def test_a_wrongly_named_encoding_is_not_recommended_again():
    with pytest.raises(FormatError, match="looks like utf-8"):
        decode((SIMPLE * 3).encode() + b"\n", name="a", encoding="ascii")
    with pytest.raises(FormatError, match="is not gb18030\\n"):
        decode(SIMPLE.encode("gb18030") * 50 + b"\xff", name="a", encoding="gb18030")


@pytest.mark.parametrize("encoding", ["klingon", "hex", "rot13", "undefined", "", "a\0b", "gb 18030 x"])
def test_an_encoding_that_does_not_exist_is_said_so(encoding):
    with pytest.raises(GovnewsError, match="no encoding is called"):
        decode(SIMPLE.encode(), name="a", encoding=encoding)


@pytest.mark.parametrize("read", [read_text, lambda path: list(read_lines(path))])
def test_a_missing_file_and_a_folder_are_said_so(tmp_path, read):
    with pytest.raises(FormatError, match="no such file") as caught:
        read(tmp_path / "没有.txt")
    assert caught.value.path == str(tmp_path / "没有.txt")
    with pytest.raises(FormatError, match="cannot be read: Is a directory") as caught:
        read(tmp_path)
    assert caught.value.path == str(tmp_path)
    with pytest.raises(FormatError, match="cannot be read: File name too long"):
        read(tmp_path / ("县" * 200))


def test_standard_input_is_read_and_named(monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(SIMPLE.encode())))
    assert read_text("-") == SIMPLE
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"")))
    with pytest.raises(FormatError, match="standard input: the file is empty"):
        read_text("-")


@pytest.mark.parametrize("failure", [RuntimeError, KeyboardInterrupt])
@pytest.mark.parametrize("before", [None, "old"])
def test_a_writer_that_fails_leaves_what_was_there(tmp_path, failure, before):
    path = tmp_path / "a.txt"
    if before:
        path.write_text(before)

    def write():
        with replacing(path) as part:
            part.write_text("half")
            raise failure

    with pytest.raises(failure):
        write()
    assert [file.name for file in tmp_path.iterdir()] == (["a.txt"] if before else [])
    assert not before or path.read_text() == before


def test_the_new_file_is_readable_as_any_other(tmp_path):
    (tmp_path / "plain").touch()
    write_text(tmp_path / "a.txt", "县")
    assert stat.S_IMODE((tmp_path / "a.txt").stat().st_mode) == stat.S_IMODE((tmp_path / "plain").stat().st_mode)


def test_folders_are_made_and_the_longest_names_are_possible(tmp_path):
    path = tmp_path / "新" / "更新" / ("县" * 83 + ".txt")
    write_text(path, "县")
    assert list(path.parent.iterdir()) == [path]


def test_where_nothing_can_be_written_is_said_so(tmp_path):
    (tmp_path / "file").write_text("old")
    (tmp_path / "folder").mkdir()
    for name in ("file/a.txt", "folder", "县" * 100):
        with pytest.raises(GovnewsError, match="cannot write there") as caught:
            write_text(tmp_path / name, "县")
        assert caught.value.path == str(tmp_path / name)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["file", "folder"]


def test_a_pipe_is_written_to_and_stays_a_pipe(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    write_text(pipe, "县")
    assert os.read(reader, 100) == "县".encode()
    os.close(reader)
    assert pipe.is_fifo()


@settings(max_examples=100, deadline=None)
@given(st.lists(st.text("县区\r\u2028 \x85", max_size=5)))
def test_lines_end_at_line_feeds_only(tmp_path_factory, lines):
    path = tmp_path_factory.getbasetemp() / "lines.txt"
    path.write_bytes("".join(line + "\n" for line in lines).encode("utf-8-sig"))
    assert "".join(read_lines(path)) == "".join(line + "\n" for line in lines)
    assert len(list(read_lines(path))) == len(lines) or not lines
