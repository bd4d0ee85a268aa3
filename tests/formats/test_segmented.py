import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from govnews.errors import FormatError
from govnews.formats.segmented import parse_token, read_segmented, read_tagged, write_segmented

words = st.text(st.sampled_from("地区1.5%，/😀𠮷-_"), min_size=1, max_size=5)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.lists(words, min_size=1, max_size=6), max_size=5))
def test_sentences_come_back(tmp_path_factory, sentences):
    path = tmp_path_factory.getbasetemp() / "words.txt"
    write_segmented(path, sentences)
    assert list(read_segmented(path)) == sentences


@pytest.mark.parametrize(
    ("token", "word", "tag"),
    [
        ("地区/n", "地区", "n"),
        ("地区", "地区", ""),
        ("1/2/m", "1/2", "m"),
        ("1/2", "1/2", ""),
        ("//w", "/", "w"),
        ("/", "/", ""),
        ("/w", "/w", ""),
        ("北京/NR", "北京", "NR"),
        ("市/县", "市/县", ""),
    ],
)
def test_a_tag_is_what_follows_the_last_slash(token, word, tag):
    assert parse_token(token) == (word, tag)


@pytest.mark.parametrize("compress", [False, True])
@pytest.mark.parametrize("content", ["雨湖区/ns 增长/v\n\n  \n5%/m\n", "\ufeff雨湖区/ns\u3000增长/v\r\n5%/m"])
def test_tagged_words_are_read_plain_or_compressed(tmp_path, compress, content):
    path = tmp_path / ("a.txt.zst" if compress else "a.txt")
    data = content.encode()
    path.write_bytes(zstandard.ZstdCompressor().compress(data) if compress else data)
    assert list(read_tagged(path)) == [[("雨湖区", "ns"), ("增长", "v")], [("5%", "m")]]


@pytest.mark.parametrize("before", [0, 3, 20_000])
def test_another_encoding_is_an_error_with_its_line(tmp_path, before):
    path = tmp_path / "a.txt"
    path.write_bytes("增长/v\n".encode() * before + "增长/v\n".encode("gbk"))
    with pytest.raises(FormatError, match="is not utf-8") as caught:
        list(read_segmented(path))
    assert (caught.value.path, caught.value.line) == (str(path), before + 1)


def test_what_is_no_zstandard_file_is_said_so(tmp_path):
    path = tmp_path / "a.zst"
    path.write_bytes("增长/v\n".encode())
    with pytest.raises(FormatError, match="cannot be decompressed") as caught:
        list(read_segmented(path))
    assert caught.value.path == str(path)


def test_a_source_that_breaks_off_leaves_the_old_file(tmp_path):
    def broken():
        yield ["县"]
        raise RuntimeError

    path = tmp_path / "a.txt"
    path.write_text("old")
    with pytest.raises(RuntimeError):
        write_segmented(path, broken())
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]
