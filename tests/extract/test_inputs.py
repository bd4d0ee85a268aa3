import json
import os

import pytest

from govnews.errors import GovnewsError
from govnews.extract import Options, Source, find_inputs, leave_out, read_items
from govnews.extract.inputs import Input


def names(inputs, folder):
    return [one.path.removeprefix(f"{folder}/") for one in inputs]


def read(*paths, **options):
    """The documents of paths, and the errors."""
    found = [item.found for item in read_items(find_inputs(paths), Options(**options))]
    documents = [one.document for one in found if isinstance(one, Source)]
    return documents, [one for one in found if not isinstance(one, Source)]


def write_lines(path, *lines):
    path.write_text("\n".join(x if isinstance(x, str) else json.dumps(x, ensure_ascii=False) for x in lines))
    return path


def test_folders_are_searched_and_nothing_is_read_twice(tmp_path):
    (tmp_path / "sub").mkdir()
    (tmp_path / "found.csv.parts").mkdir()
    for name in ("b.txt", "sub/a.md", "sub/p.HTM", "c.jsonl", "d.docx", "e.parquet"):
        (tmp_path / name).write_text("x")
    for name in ("picture.png", ".hidden.txt", "~$d.docx", "found.csv.parts/00000000.jsonl"):
        (tmp_path / name).write_text("x")
    found = find_inputs([tmp_path, tmp_path / "b.txt", "-"])
    expected = ["b.txt", "c.jsonl", "d.docx", "e.parquet", "sub/a.md", "sub/p.HTM", "-"]
    assert names(found, tmp_path) == expected
    assert found[0].size == 1
    assert found[0].modified > 0


def test_patterns_are_matched(tmp_path):
    (tmp_path / "2024" / "01").mkdir(parents=True)
    for name in ("2024/01/a.txt", "2024/b.txt", "2024/c.log"):
        (tmp_path / name).write_text("x")
    assert names(find_inputs([f"{tmp_path}/**/*.txt"]), tmp_path) == ["2024/01/a.txt", "2024/b.txt"]
    assert names(find_inputs([f"{tmp_path}/2024/[bc].*"]), tmp_path) == ["2024/b.txt", "2024/c.log"]


def test_a_name_that_looks_like_a_pattern_is_a_name_where_there_is_one(tmp_path):
    (tmp_path / "报告[1].txt").write_text("x")
    assert names(find_inputs([tmp_path / "报告[1].txt"]), tmp_path) == ["报告[1].txt"]


@pytest.mark.parametrize(
    ("path", "message"),
    [("nowhere.txt", "no such file or folder"), (".", "holds no file to read"), ("*.txt", "no file matches")],
)
def test_missing_inputs_are_told(tmp_path, path, message):
    with pytest.raises(GovnewsError, match=message) as error:
        find_inputs([tmp_path / path])
    assert error.value.hint


def test_output_of_an_earlier_run_is_no_input(tmp_path):
    output = tmp_path / "found.jsonl"
    output.write_text("{}")
    (tmp_path / "a.txt").write_text("x")
    assert names(leave_out(find_inputs([tmp_path]), output, named=[tmp_path]), tmp_path) == ["a.txt"]
    with pytest.raises(GovnewsError, match="both input and output"):
        leave_out(find_inputs([output]), output, named=[output])


def test_reading_goes_on_from_any_item(archive):
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pa.table({"text": [f"{n}。" for n in range(150)]})
    pq.write_table(table, archive / "z.parquet", row_group_size=40)
    inputs = find_inputs([archive])
    items = list(read_items(inputs, Options()))
    assert len(items) == 850
    for at in (0, 1, 98, 99, 100, 399, 400, 401, 698, 699, 700, 738, 739, 740, 848, 849):
        rest = read_items(inputs, Options(), start=items[at].after)
        assert list(map(repr, rest)) == list(map(repr, items[at + 1 :]))
    read_by_then = [item.read for item in items]
    assert read_by_then == sorted(read_by_then)
    assert read_by_then[-1] == sum(one.size for one in inputs)


def test_lines_are_read_one_at_a_time(tmp_path):
    path = tmp_path / "big.jsonl"
    with path.open("w") as file:
        for _ in range(3):
            file.write('{"text": "青禾县"}\n')
        file.truncate(1 << 40)  # a terabyte, and nothing on the disk
    items = read_items(find_inputs([path]), Options())
    assert [next(items).found.document.id for _ in range(3)] == ["line-1", "line-2", "line-3"]


def test_a_line_keeps_its_metadata(tmp_path):
    path = write_lines(
        tmp_path / "a.jsonl", {"id": 7, "text": "青禾县", "date": "2023-01-01", "path": "x"}, {"text": ""}
    )
    documents, errors = read(path)
    assert not errors
    assert [document.id for document in documents] == ["7", "line-2"]
    assert documents[0].date == "2023-01-01"


def test_what_others_found_in_a_line_is_not_looked_at(tmp_path):
    path = write_lines(
        tmp_path / "a.jsonl", {"text": "青禾县", "entities": [["ORG", 0, 3]], "relations": 5, "facts": 1}
    )
    [document], errors = read(path)
    assert not errors
    assert document.entities == ()


def test_ids_may_come_again(tmp_path):
    path = write_lines(tmp_path / "a.jsonl", {"id": "a", "text": "一"}, {"id": "a", "text": "二"})
    assert [document.text for document in read(path)[0]] == ["一", "二"]


def test_another_column_may_hold_the_text(tmp_path):
    path = write_lines(tmp_path / "a.jsonl", {"content": "青禾县", "text": "摘要"}, {"text": "没有"})
    [document], [error] = read(path, text_column="content")
    assert document.text == "青禾县"
    assert "has no 'content'" in error.message
    assert error.line == 2


BAD_LINES = {
    "no JSON": '{"text": ',
    "no object": "[1, 2]",
    "a number": "5",
    "a number as text": '{"text": 5}',
    "null as text": '{"text": null}',
    "no text": '{"title": "标题"}',
    "an empty id": '{"id": "", "text": "雨"}',
    "half a character": '{"text": "\\ud83d"}',
    "too deep": "[" * 100_000,
    "too long a number": f'{{"text": "雨", "n": {"9" * 5000}}}',
    "sections": '{"text": "雨", "sections": 5}',
}


@pytest.mark.parametrize("bad", BAD_LINES.values(), ids=BAD_LINES.keys())
def test_one_bad_line_costs_only_itself(tmp_path, bad):
    path = write_lines(tmp_path / "a.jsonl", {"text": "青禾县"}, bad, "", {"text": "云岭镇"})
    documents, [error] = read(path)
    assert [document.text for document in documents] == ["青禾县", "云岭镇"]
    assert (error.line, error.path) == (2, str(path))


def test_a_line_of_another_encoding_costs_only_itself(tmp_path):
    path = tmp_path / "a.jsonl"
    other = '{"text": "青禾县今年以来招商引资成效明显"}\n'.encode("gb18030")
    path.write_bytes(b'\xef\xbb\xbf{"text": "a"}\r\n' + other + b'\x00\x01\xff\n{"text": "b"}')
    documents, errors = read(path)
    assert [document.text for document in documents] == ["a", "b"]
    assert [error.line for error in errors] == [2, 3]
    assert "looks like gb18030" in errors[0].message
    documents, errors = read(path, encoding="gb18030")
    assert "青禾县" in documents[-2].text


@pytest.mark.parametrize("encoding", ["utf-16", "klingon"])
def test_encodings_that_cannot_be_read_by_the_line_are_told(tmp_path, encoding):
    path = write_lines(tmp_path / "a.jsonl", {"text": "a"})
    with pytest.raises(GovnewsError, match=encoding):
        read(path, encoding=encoding)


BAD_FILES = {
    "empty.txt": b"",
    "blank.txt": b" \n\n",
    "binary.txt": bytes(range(256)),
    "gb.txt": "青禾县实现地区生产总值86.4亿元".encode("gb18030"),
    "utf16.txt": "青禾县".encode("utf-16"),
    "empty.jsonl": b"\n\n",
    "empty.html": b"",
    "script.html": b"<html><body><script>text()</script></body></html>",
    "gb.html": "<html><p>青禾县实现地区生产总值86.4亿元</p>".encode("gb18030"),
    "lies.html": '<meta charset="utf-8"><p>青禾县实现地区生产总值86.4亿元</p>'.encode("gb18030"),
    "picture.htm": b"\x89PNG\x00\x00",
    "empty.docx": b"",
    "text.docx": b"text",
    "zip.docx": b"PK\x05\x06" + bytes(18),
    "empty.parquet": b"",
    "text.parquet": b"text",
    "magic.parquet": b"PAR1" + bytes(50) + b"PAR1",
}


def test_bad_files_are_told_and_skipped(tmp_path):
    for name, data in BAD_FILES.items():
        (tmp_path / name).write_bytes(data)
    (tmp_path / "good.txt").write_text("青禾县。")
    (tmp_path / "gone.txt").symlink_to("nowhere")
    documents, errors = read(tmp_path)
    assert [document.text for document in documents] == ["青禾县。"]
    assert sorted(os.path.basename(error.path) for error in errors) == sorted(BAD_FILES)  # noqa: PTH119
    assert all(error.hint for error in errors)


def test_a_file_that_goes_while_others_are_read_is_told(tmp_path):
    (tmp_path / "b.txt").write_text("青禾县。")
    inputs = [Input(str(tmp_path / "a.txt")), *find_inputs([tmp_path])]
    first, second = read_items(inputs, Options())
    assert first.found.message == "no such file"
    assert second.found.document.text == "青禾县。"


def test_names_that_are_no_text_do_no_harm(tmp_path, job):
    from govnews.extract import run_job

    path = os.fsencode(tmp_path) + b"/\xc7\xe0.txt"
    with open(path, "w") as file:  # noqa: PTH123
        file.write("青禾县。")
    (tmp_path / "bad").mkdir()
    with open(os.fsencode(tmp_path) + b"/bad/\xc7\xe0.txt", "w"):  # noqa: PTH123
        pass
    for suffix in ("jsonl", "csv", "parquet", "duckdb"):
        summary = run_job(job(tmp_path), tmp_path.parent / f"odd.{suffix}")
        assert (summary.documents, summary.failed) == (1, 1)


def test_a_missing_package_is_told_before_the_work(tmp_path, monkeypatch):
    import sys

    for name, package in (("a.docx", "docx"), ("a.parquet", "pyarrow.parquet"), ("a.html", "selectolax.lexbor")):
        (tmp_path / name).write_text("x")
        monkeypatch.setitem(sys.modules, package, None)
        with pytest.raises(GovnewsError, match="the package") as error:
            find_inputs([tmp_path / name])
        assert "pip install" in error.value.hint
