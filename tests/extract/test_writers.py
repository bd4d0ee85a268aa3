import csv
import json

import pytest

from govnews.corpus.layout import keep_layout, repair_layout
from govnews.errors import GovnewsError
from govnews.extract import ROW_FIELDS, Extraction, Source, check_output, mention_rows, write_records
from govnews.extract.writers import fields_of
from govnews.facts import FIELDS, find_facts
from govnews.formats.jsonl import read_jsonl
from govnews.records import Document, Entity

PAGE = """青禾县今年以来工作纪实

全县上下真抓实干。去年，青禾县实现地区生产总值86.4亿



云岭镇茶园。



元，增长5.1%，经济运行稳中有进、稳中向好，为全面完成年度目标任务打下了坚实基础。群众的获得感和幸福感明显提升。

云岭镇引进项目15个，其中亿元以上项目3个。
"""


@pytest.fixture
def record(ten):
    return Extraction(Source(ten, keep_layout(ten.text), "in/ten.txt"), ten).to_dict()


@pytest.fixture
def written(record, tmp_path):
    """Write the record to a file of an ending."""

    def write(suffix, **options):
        path = tmp_path / f"found{suffix}"
        write_records(iter([record]), path, **options)
        return path

    return write


def test_every_entity_can_be_shown_in_the_original_file():
    page = repair_layout(PAGE)
    start = page.text.index("地区生产总值")
    document = Document("a", page.text, (Entity(start, start + 12, "METRIC"),))
    record = Extraction(Source(document, page, "a.txt"), document).to_dict()
    [entity] = record["entities"]
    assert entity["text"] == "地区生产总值86.4亿元"
    assert len(entity["raw"]) == 2
    assert "".join(PAGE[a:b] for a, b in entity["raw"]) == entity["text"]
    [fact] = record["facts"]
    assert (fact["raw_start"], fact["raw_end"]) == (entity["raw"][0][0], entity["raw"][1][1])


def test_a_line_holds_the_document_and_its_facts(written, ten, record):
    path = written(".jsonl")
    [document] = read_jsonl(path)
    assert (document.entities, document.relations) == (ten.entities, ten.relations)
    [line] = path.read_text(encoding="utf-8").splitlines()
    data = json.loads(line)
    assert next(iter(data)) == "path"
    assert (data["path"], data["date"]) == ("in/ten.txt", "2023-01-15")
    assert data["facts"] == [fact.to_row() for fact in find_facts(ten)] == record["facts"]
    assert len(data["facts"]) == 10


def test_a_path_in_the_metadata_gives_way():
    document = Document("a", "雨", meta={"path": "theirs"})
    assert Extraction(Source(document, keep_layout("雨"), "ours"), document).to_dict()["path"] == "ours"


@pytest.mark.parametrize("rows", ["facts", "mentions"])
def test_csv_opens_in_excel_and_says_what_parquet_says(written, record, rows):
    import pyarrow.parquet as pq

    path = written(".csv", rows=rows)
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    with path.open(encoding="utf-8-sig", newline="") as file:
        found = list(csv.DictReader(file))
    table = pq.read_table(written(".parquet", rows=rows))
    assert table.schema.names == list(found[0]) == list(fields_of(rows))
    types = {str: "string", int: "int64", float: "double", bool: "bool"}
    assert [str(kind) for kind in table.schema.types] == [types[kind] for kind in fields_of(rows).values()]
    assert (
        len(found)
        == table.num_rows
        == (len(record["facts"]) if rows == "facts" else len(record["entities"]) + len(record["relations"]))
    )
    for row, typed in zip(found, table.to_pylist(), strict=True):
        for name, value in typed.items():
            if isinstance(value, float):
                assert float(row[name]) == value
            else:
                assert row[name] == ("" if value is None else str(value))


def test_rows_carry_the_sentence(record):
    rows = list(mention_rows(record))
    assert list(rows[0]) == list(ROW_FIELDS)
    assert {row["kind"] for row in rows} == {"entity", "relation"}
    assert all(row["text"] in row["sentence"] for row in rows)
    assert "云岭镇引进项目15个，其中亿元以上项目3个。" in {row["sentence"] for row in rows}


def test_a_text_without_sentence_end_does_not_swell_the_table():
    text = "云岭镇引进项目15个，" * 200
    document = Document("a", text, tuple(Entity(n * 11, n * 11 + 3, "ORG") for n in range(200)))
    record = Extraction(Source(document, keep_layout(text), "a"), document).to_dict()
    assert max(len(row["sentence"]) for row in mention_rows(record)) < 500


def test_a_database_holds_tables_that_join(written, ten):
    import duckdb

    with duckdb.connect(str(written(".duckdb")), read_only=True) as database:
        assert database.sql("SELECT document, id, path, date, text FROM documents").fetchall() == [
            (0, "ten", "in/ten.txt", "2023-01-15", ten.text)
        ]
        found = database.sql("""
            SELECT head.text, relations.label, tail.text
            FROM relations
            JOIN entities AS head ON head.document = relations.document AND head.entity = relations.head
            JOIN entities AS tail ON tail.document = relations.document AND tail.entity = relations.tail
            WHERE head.text = relations.head_text AND tail.text = relations.tail_text
        """).fetchall()
        assert sorted(found) == sorted((ten.surface(r.head), r.label, ten.surface(r.tail)) for r in ten.relations)
        offsets = database.sql("SELECT start_offset, end_offset, label FROM entities ORDER BY entity").fetchall()
        assert offsets == [(e.start, e.end, e.label) for e in ten.entities]
        facts = database.sql("SELECT id, organisation, text, start_offset FROM facts").fetchall()
        assert facts == [(f.document, f.organisation, f.text, f.start) for f in find_facts(ten)]
        assert len(database.sql("FROM facts").columns) == len(FIELDS) + 1


@pytest.mark.parametrize("suffix", [".jsonl", ".csv", ".parquet", ".duckdb"])
def test_nothing_found_makes_a_file_all_the_same(tmp_path, suffix):
    write_records(iter([]), tmp_path / f"x{suffix}")
    assert [path.name for path in tmp_path.iterdir()] == [f"x{suffix}"]


@pytest.mark.parametrize("suffix", [".jsonl", ".csv", ".parquet", ".duckdb"])
def test_a_failure_midway_leaves_the_old_file_as_it_was(record, tmp_path, suffix):
    output = tmp_path / f"found{suffix}"
    output.write_text("old")

    def failing():
        yield record
        raise RuntimeError

    with pytest.raises(RuntimeError):
        write_records(failing(), output)
    assert output.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == [output.name]


@pytest.mark.parametrize(
    ("name", "message"),
    [("x.xlsx", "cannot write .xlsx"), ("found", "ending"), ("no/x.csv", "no such folder"), ("d.csv", "is no file")],
)
def test_an_output_that_cannot_be_written_is_told_before_the_work(tmp_path, name, message):
    (tmp_path / "d.csv").mkdir()
    with pytest.raises(GovnewsError, match=message):
        check_output(tmp_path / name)


@pytest.mark.parametrize(
    ("name", "package", "extra"),
    [("x.parquet", "pyarrow", "parquet"), ("x.duckdb", "duckdb", "duckdb"), ("x.duckdb", "pyarrow", "duckdb")],
)
def test_a_missing_package_is_told_before_the_work(tmp_path, monkeypatch, name, package, extra):
    import sys

    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(GovnewsError, match=package) as error:
        check_output(tmp_path / name)
    assert f"govnews[{extra}]" in error.value.hint
