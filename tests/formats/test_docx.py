import pytest
from docx import Document

from govnews.errors import FormatError
from govnews.formats.docx import read_docx


@pytest.fixture
def path(tmp_path):
    return tmp_path / "报告.docx"


def test_paragraphs_and_tables_come_in_reading_order(path):
    made = Document()
    made.core_properties.title = "政府工作报告"
    made.add_heading("一、工作回顾", 1)
    made.add_paragraph("去年，").add_run("青禾县").bold = True
    table = made.add_table(2, 3)
    for row, texts in zip(table.rows, [("指标", "数值", "增长"), ("地区生产总值", "86.4亿元", "")], strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    table.add_row().cells[0].merge(table.rows[2].cells[2]).text = "合并"
    made.add_paragraph("")
    made.add_paragraph("云岭镇引进项目15个。")
    made.save(path)
    document = read_docx(path)
    assert (
        document.text
        == "一、工作回顾\n去年，青禾县\n指标\t数值\t增长\n地区生产总值\t86.4亿元\t\n合并\n云岭镇引进项目15个。"
    )
    assert document.meta == {"title": "政府工作报告"}
    assert document.id == str(path)


def test_a_cell_may_hold_paragraphs_and_a_table(path):
    made = Document()
    cell = made.add_table(1, 1).cell(0, 0)
    cell.text = "第一段"
    cell.add_paragraph("第二段")
    cell.add_table(1, 2).cell(0, 1).text = "里面"
    made.save(path)
    assert read_docx(path).text == "第一段　第二段　　里面"


def test_a_document_without_text_is_told(path):
    Document().save(path)
    with pytest.raises(FormatError, match="holds no text"):
        read_docx(path)


@pytest.mark.parametrize("cut", [10, 1000, -100])
def test_a_damaged_document_is_told(path, cut):
    Document().save(path)
    path.write_bytes(path.read_bytes()[:cut])
    with pytest.raises(FormatError, match="no Word document, or a damaged one") as error:
        read_docx(path)
    assert error.value.path == str(path)


def test_a_missing_document_is_told(path):
    with pytest.raises(FormatError, match="cannot be read"):
        read_docx(path)
