import csv
import json

import pytest

from govnews.errors import GovnewsError
from govnews.extract import (
    ROW_FIELDS,
    Failures,
    check_output,
    extract,
    find_inputs,
    leave_out,
    read_sources,
    write_extractions,
)
from govnews.formats.jsonl import read_jsonl
from govnews.pipeline import load_model

PAGE = """青禾县今年以来工作纪实

全县上下真抓实干。去年，青禾县实现地区生产总值86.4亿



云岭镇茶园。



元，增长5.1%，经济运行稳中有进、稳中向好，为全面完成年度目标任务打下了坚实基础。群众的获得感和幸福感明显提升。

云岭镇引进项目15个，其中亿元以上项目3个。
"""


@pytest.fixture(scope="module")
def nlp(trained):
    return load_model(trained)


@pytest.fixture
def page(tmp_path):
    path = tmp_path / "page.txt"
    path.write_text(PAGE, encoding="utf-8")
    return path


def run(nlp, *paths, **options):
    failures = Failures()
    return list(extract(nlp, read_sources(map(str, paths), failures=failures, **options))), failures.errors


def test_every_entity_can_be_shown_in_the_original_file(nlp, page):
    [found], failures = run(nlp, page)
    assert failures == []
    raw = page.read_text(encoding="utf-8")
    entities = found.to_dict()["entities"]
    assert entities
    for entity in entities:
        assert "".join(raw[a:b] for a, b in entity["raw"]) == entity["text"]
    cut = [entity for entity in entities if len(entity["raw"]) == 2]
    assert [entity["text"] for entity in cut] == ["地区生产总值86.4亿元"]


def test_keeping_the_layout_keeps_the_text(nlp, page):
    [found], _ = run(nlp, page, layout="keep")
    assert found.document.text == PAGE


@pytest.mark.parametrize("suffix", [".jsonl", ".csv", ".parquet"])
def test_all_outputs_say_the_same(nlp, page, tmp_path, suffix):
    extractions, _ = run(nlp, page)
    output = tmp_path / f"found{suffix}"
    write_extractions(extractions, output)
    expected = [
        (row["kind"], row["label"], row["text"], row["start"], row["tail_text"] or "") for row in extractions[0].rows()
    ]
    assert {kind for kind, *_ in expected} == {"entity", "relation"}
    if suffix == ".csv":
        assert output.read_bytes().startswith(b"\xef\xbb\xbf")
        with output.open(encoding="utf-8-sig", newline="") as file:
            rows = [(r["kind"], r["label"], r["text"], int(r["start"]), r["tail_text"]) for r in csv.DictReader(file)]
        assert rows == expected
    elif suffix == ".parquet":
        import pyarrow.parquet as pq

        table = pq.read_table(output)
        assert table.schema.names == list(ROW_FIELDS)
        assert str(table.schema.field("start").type) == "int64"
        assert str(table.schema.field("score").type) == "double"
        rows = [(r["kind"], r["label"], r["text"], r["start"], r["tail_text"] or "") for r in table.to_pylist()]
        assert rows == expected
    else:
        [document] = read_jsonl(output)
        assert document.entities == extractions[0].document.entities
        assert document.relations == extractions[0].document.relations


def test_rows_carry_the_sentence(nlp, page):
    [found], _ = run(nlp, page)
    rows = list(found.rows())
    assert all(row["text"] in row["sentence"] for row in rows)
    assert "云岭镇引进项目15个，其中亿元以上项目3个。" in {row["sentence"] for row in rows}


def test_jsonl_goes_in_and_keeps_its_metadata(nlp, tmp_path):
    path = tmp_path / "in.jsonl"
    path.write_text(
        '{"id": "a", "text": "青禾县增长5.1%", "date": "2023-01-01"}\n{"text": "云岭镇"}\n', encoding="utf-8"
    )
    extractions, _ = run(nlp, path)
    assert [e.document.id for e in extractions] == ["a", "line-2"]
    assert extractions[0].to_dict()["date"] == "2023-01-01"


def test_a_file_that_cannot_be_read_is_noted_and_skipped(nlp, page, tmp_path):
    (tmp_path / "empty.txt").write_bytes(b"")
    (tmp_path / "binary.txt").write_bytes(bytes(range(256)))
    (tmp_path / "gb.txt").write_bytes("青禾县实现地区生产总值86.4亿元".encode("gb18030"))
    (tmp_path / "utf16.txt").write_bytes("青禾县".encode("utf-16"))
    (tmp_path / "bad.jsonl").write_text('{"text": 5}\n', encoding="utf-8")
    paths = find_inputs([tmp_path])
    extractions, failures = run(nlp, *paths)
    assert [e.source.path for e in extractions] == [str(page)]
    assert sorted(error.path.rsplit("/", 1)[-1] for error in failures) == [
        "bad.jsonl", "binary.txt", "empty.txt", "gb.txt", "utf16.txt",
    ]  # fmt: skip
    assert all(error.hint for error in failures)


def test_one_bad_line_costs_only_itself(nlp, tmp_path):
    path = tmp_path / "in.jsonl"
    path.write_text('{"text": "青禾县"}\n{"text": \n{"text": "云岭镇"}\n', encoding="utf-8")
    extractions, [failure] = run(nlp, path)
    assert [e.document.text for e in extractions] == ["青禾县", "云岭镇"]
    assert failure.line == 2


def test_another_encoding_can_be_named(nlp, tmp_path):
    path = tmp_path / "gb.txt"
    path.write_bytes("青禾县增长5.1%。".encode("gb18030"))
    [found], failures = run(nlp, path, encoding="gb18030")
    assert not failures
    assert found.document.text == "青禾县增长5.1%。"


def test_inputs_are_files_of_folders_without_doubles(tmp_path):
    (tmp_path / "sub").mkdir()
    for name in ("b.txt", "sub/a.md", "c.jsonl", "picture.png", ".hidden.txt"):
        (tmp_path / name).write_text("x")
    found = find_inputs([tmp_path, tmp_path / "b.txt", "-"])
    assert [path.removeprefix(str(tmp_path)) for path in found] == ["/b.txt", "/c.jsonl", "/sub/a.md", "-"]


@pytest.mark.parametrize(
    ("path", "message"), [("nowhere.txt", "no such file or folder"), (".", "holds no file to read")]
)
def test_missing_inputs_are_told(tmp_path, path, message):
    with pytest.raises(GovnewsError, match=message):
        find_inputs([tmp_path / path])


@pytest.mark.parametrize(
    ("name", "message"), [("found.xlsx", "cannot write .xlsx"), ("found", "ending"), ("no/where.csv", "no such folder")]
)
def test_an_output_that_cannot_be_written_is_told_before_the_work(tmp_path, name, message):
    with pytest.raises(GovnewsError, match=message):
        check_output(tmp_path / name)


def test_results_of_an_earlier_run_stay_when_nothing_can_be_read(nlp, tmp_path):
    output = tmp_path / "found.jsonl"
    output.write_text("old", encoding="utf-8")
    (tmp_path / "empty.txt").write_bytes(b"")
    failures = Failures()
    sources = read_sources([str(tmp_path / "empty.txt")], failures=failures)
    write_extractions(extract(nlp, sources), output, failures=failures)
    assert output.read_text(encoding="utf-8") == "old"


def test_output_of_an_earlier_run_is_no_input(tmp_path):
    output = tmp_path / "found.jsonl"
    output.write_text("{}")
    (tmp_path / "a.txt").write_text("x")
    assert leave_out(find_inputs([tmp_path]), output, named=[str(tmp_path)]) == [str(tmp_path / "a.txt")]
    with pytest.raises(GovnewsError, match="both input and output"):
        leave_out([str(output)], output, named=[str(output)])


def test_a_text_without_sentence_end_does_not_swell_the_table(nlp, tmp_path):
    path = tmp_path / "flat.txt"
    path.write_text("云岭镇引进项目15个，其中亿元以上项目3个，" * 200, encoding="utf-8")
    [found], _ = run(nlp, path)
    rows = list(found.rows())
    assert len(rows) > 100
    assert max(len(row["sentence"]) for row in rows) < 500


def test_a_failure_midway_leaves_the_old_file_as_it_was(nlp, page, tmp_path):
    output = tmp_path / "found.jsonl"
    output.write_text("old", encoding="utf-8")

    def failing():
        yield from run(nlp, page)[0]
        raise RuntimeError

    with pytest.raises(RuntimeError):
        write_extractions(failing(), output)
    assert output.read_text(encoding="utf-8") == "old"
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith(".")] == []


def test_output_is_json_a_line(nlp, page, capsys):
    write_extractions(run(nlp, page)[0], "-")
    [line] = capsys.readouterr().out.splitlines()
    assert json.loads(line)["path"] == str(page)
