from datetime import date, datetime

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from govnews.errors import FormatError
from govnews.formats.parquet import scan_parquet


@pytest.fixture
def write(tmp_path):
    def write(columns, **options):
        pq.write_table(pa.table(columns), tmp_path / "a.parquet", **options)
        return tmp_path / "a.parquet"

    return write


def test_documents_with_what_is_known_of_them(write):
    path = write({"id": [7, 8], "text": ["青禾县。", "云岭镇。"], "title": ["要闻", None], "views": [1, 2]})
    first, second = [found for _, _, found in scan_parquet(path)]
    assert (first.id, first.text, first.meta) == ("7", "青禾县。", {"title": "要闻"})
    assert (second.id, second.text, second.meta) == ("8", "云岭镇。", {})


@pytest.mark.parametrize("value", ["2024-01-15", date(2024, 1, 15), datetime(2024, 1, 15, 9, 30)])
def test_dates_of_any_type(write, value):
    [(_, _, document)] = scan_parquet(write({"text": ["雨"], "date": [value]}))
    assert (document.id, document.date) == ("row-1", "2024-01-15")


def test_a_row_without_text_costs_only_itself(write):
    found = list(scan_parquet(write({"content": ["一", None, "三"]}), text_column="content"))
    assert [(number, rows) for number, rows, _ in found] == [(1, 3), (2, 3), (3, 3)]
    assert isinstance(found[1][2], FormatError)
    assert found[1][2].line == 2
    assert found[2][2].text == "三"


def test_a_column_of_another_type_is_told(write):
    [(_, _, error)] = scan_parquet(write({"text": [5]}))
    assert "should be a string, found int" in error.message


@pytest.mark.parametrize("skip", [0, 1, 63, 64, 65, 128, 299, 300])
def test_rows_may_be_passed_over(write, skip):
    path = write({"text": [str(n) for n in range(300)]}, row_group_size=64)
    assert [found.text for _, _, found in scan_parquet(path, skip=skip)] == [str(n) for n in range(skip, 300)]


@pytest.mark.parametrize("compression", ["none", "snappy", "zstd"])
def test_compressions(write, compression):
    [(_, _, document)] = scan_parquet(write({"text": ["雨"]}, compression=compression))
    assert document.text == "雨"


def test_a_missing_column_is_told_with_those_there_are(write):
    with pytest.raises(FormatError, match="has no column 'text'") as error:
        list(scan_parquet(write({"content": ["一"], "id": ["a"]})))
    assert "content, id" in error.value.hint
    assert "--text-column" in error.value.hint


def test_a_file_without_rows_is_told(write):
    with pytest.raises(FormatError, match="no rows"):
        list(scan_parquet(write({"text": pa.array([], pa.string())})))


@pytest.mark.parametrize("cut", [0, 4, 100, -1, -20])
def test_a_damaged_file_is_told(write, cut):
    path = write({"text": ["一" * 100] * 100})
    path.write_bytes(path.read_bytes()[:cut])
    with pytest.raises(FormatError, match="no parquet file, or a damaged one"):
        list(scan_parquet(path))


def test_damage_inside_is_told_after_what_is_whole(write):
    path = write(
        {"text": [f"{n}" * 50 for n in range(400)]}, row_group_size=100, compression="zstd", use_dictionary=False
    )
    data = bytearray(path.read_bytes())
    middle = pq.ParquetFile(path).metadata.row_group(2).column(0).data_page_offset
    data[middle : middle + 60] = bytes(60)
    path.write_bytes(data)
    found = []
    with pytest.raises(FormatError, match="damaged"):
        found.extend(scan_parquet(path))
    assert len(found) >= 100
