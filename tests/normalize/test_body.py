"""Whose report a document is: the rules in their order."""

import pytest

from govnews.formats.inline import parse_inline
from govnews.normalize.body import Body, find_body, name_parts
from govnews.records import Document


def body_of(text, title=""):
    parsed = parse_inline(f"# doc: a\n# title: {title}\n\n{text}\n" if title else f"# doc: a\n\n{text}\n")
    assert not parsed.problems
    found = find_body(parsed.documents[0])
    return found and found.name


@pytest.mark.parametrize(
    ("surface", "parts"),
    [
        ("湘潭市雨湖区", ("雨湖", "区")),
        ("雨湖区人民政府", ("雨湖", "区")),
        ("窑湾街道", ("窑湾", "街道")),
        ("雨湖高新区", ("雨湖高新区", "区")),
        ("湖南省", ("湖南", "省")),
        ("罗祖殿社区", ("罗祖殿社区", "")),
        ("湖南裕能", ("湖南裕能", "")),
        ("沛县", ("沛县", "")),
        ("西藏自治区", ("西藏", "区")),
        ("广西壮族自治区", ("广西", "区")),
        ("恩施土家族苗族自治州", ("恩施", "州")),
        ("新疆维吾尔自治区", ("新疆", "区")),
    ],
)
def test_a_name_is_taken_apart(surface, parts):
    assert name_parts(surface) == parts


def test_a_word_for_a_kind_of_division_names_none():
    text = (
        "2025年广西政府工作报告\n\n{ORG1:自治区}召开大会。{ORG2:自治区}很好。{ORG3:广西}奋进。全区上下一心，全区向前。"
    )
    assert body_of(text) == "广西"
    assert body_of(text.replace("召开大会", "召开{PROGRAM1:自治区第十四届人民代表大会}")) == "广西"


def test_my_province_is_ones_own_also_where_it_counts():
    body = Body("湖南省", "湖南", "省")
    assert body.is_subject("成为我省第5个试点；新增", another=True)
    assert not body.is_subject("居全省第5；新增", another=True)


def test_the_title_decides():
    text = "{ORG1:云岭镇}很美。{ORG2:云岭镇}很大。{ORG3:青禾县}也好。"
    assert body_of(text, title="青禾县工作总结") == "青禾县"


def test_a_headline_counts_as_a_title_also_where_no_org_is_marked_in_it():
    assert body_of("2023年青禾县政府工作报告\n\n各位代表：\n\n一年来，成绩来之不易。") == "青禾县"
    assert body_of("——2月3日在{PROGRAM1:青禾县第十五届人民代表大会}上\n\n一年来，成绩来之不易。") == "青禾县"


def test_of_several_in_the_title_the_one_of_the_texts_own_level():
    text = "{ORG1:湘潭}在前。{ORG2:湘潭}很好。{ORG3:雨湖}跟上。全区上下，全区一心。{ORG4:湘潭市雨湖区}奋进。"
    assert body_of(text, title="湘潭有个雨湖") == "湘潭市雨湖区"


def test_without_a_title_the_level_that_the_text_calls_itself_by_decides():
    text = "{ORG1:云岭镇}很美。{ORG2:云岭镇}很大。{ORG3:青禾县}和{ORG4:青禾}奋进，我县向前，全县同心。"
    assert body_of(text) == "青禾县"


def test_comparisons_with_larger_bodies_are_no_such_word():
    text = "{ORG1:青禾县}居全省前列，高于全省，全省第一，{ORG2:青禾县}又在全省前列。{ORG3:湖南省}{ORG4:湖南省}。"
    assert body_of(text) is None  # as often as the other
    assert body_of(text + "{ORG5:青禾县}向前。") == "青禾县"


def test_the_opening_names_it_also_where_no_org_is_marked():
    assert body_of("今年以来，青禾县各级各部门同心。该县项目多，全县人心齐。") == "青禾县"


def test_where_nothing_decides_there_is_none():
    assert body_of("{ORG1:横琴}放宽准入，{ORG2:前海}扩围。全省向前，全省同心。") is None
    assert body_of("{ORG1:湖南裕能}投产。{ORG2:湖南裕能}扩产。") is None
    assert find_body(Document("a", "")) is None


def test_the_metadata_may_tell_it():
    body = find_body(Document("a", "今年新增项目5个。", meta={"organisation": "青禾县"}))
    assert (body.name, body.stem, body.level) == ("青禾县", "青禾", "县")
    assert body.covers("县委")
