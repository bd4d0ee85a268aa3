"""Rows of facts: where each column comes from, and what happens where it cannot be told."""

from dataclasses import replace
from datetime import date

import pytest

from govnews.corpus.layout import repair_layout
from govnews.facts import FIELDS, Fact, find_facts
from govnews.formats.inline import parse_inline
from govnews.records import Document, Entity


def read(text, **meta):
    """A document from its markup."""
    parsed = parse_inline(f"# doc: a\n# date: {meta.pop('date', '2024-12-20')}\n\n{text}\n")
    assert not parsed.problems
    document = parsed.documents[0]
    return replace(document, meta={**document.meta, **meta})


def test_a_row_has_body_indicator_value_and_period(ten):
    first, second, *_ = find_facts(ten)
    assert (first.organisation, first.organisation_source) == ("青禾县", "stated")
    assert (first.indicator, first.value, first.unit, first.kind) == ("地区生产总值", 8_640_000_000, "CNY", "amount")
    assert (first.period, first.period_start, first.period_end, first.grain) == (
        "去年",
        "2022-01-01",
        "2022-12-31",
        "year",
    )
    assert (second.kind, second.value, second.unit, second.direction) == ("percent", 5.1, "%", "up")
    assert first.sentence == "去年，青禾县实现地区生产总值86.4亿元，增长5.1%。"
    assert ten.text[first.start : first.end] == first.text == "地区生产总值86.4亿元"


def test_every_metric_has_a_row_in_text_order(ten):
    facts = find_facts(ten)
    assert [fact.text for fact in facts] == [ten.surface(e) for e in ten.entities if e.label == "METRIC"]


def test_the_body_of_a_programme_is_the_one_that_runs_it():
    text = (
        "{DATE1:2023年}，{ORG1:南塘社区}开办{PROGRAM1:“银龄食堂”项目}，服务{METRIC1:老人3000余名}。\n"
        "> ORG1 RUNS PROGRAM1\n> PROGRAM1 HAS_METRIC METRIC1\n> PROGRAM1 HAS_DATE DATE1"
    )
    [fact] = find_facts(read(text))
    assert (fact.organisation, fact.organisation_source) == ("南塘社区", "stated")
    assert fact.programme == "“银龄食堂”项目"
    assert (fact.bound, fact.low) == ("over", 3000)
    assert (fact.period, fact.period_end) == ("2023年", "2023-12-31")


@pytest.mark.parametrize(
    ("sentence", "indicator", "source"),
    [
        ("{METRIC1:地区生产总值98亿元}，{METRIC2:增长3.1%}。", "地区生产总值", "inferred"),
        (
            "{METRIC1:地区生产总值98亿元}，{METRIC3:增长3.1%}，{METRIC2:高于全市0.5个百分点}。",
            "地区生产总值",
            "inferred",
        ),
        ("{METRIC1:地区生产总值98亿元}，{METRIC2:工业增加值增长3.1%}。", "工业增加值", "stated"),
        ("工业、建筑业分别{METRIC1:增长5%}、{METRIC2:增长3.1%}。", None, "none"),
        ("{METRIC1:地区生产总值98亿元}，较{DATE1:上年}{METRIC2:增长3.1%}。", "地区生产总值", "inferred"),
        ("{METRIC1:地区生产总值98亿元}，工业{METRIC2:增长3.1%}。", None, "none"),
        ("{METRIC1:地区生产总值98亿元}。{METRIC2:增长3.1%}。", None, "none"),
    ],
)
def test_a_change_is_one_of_the_figure_it_follows(sentence, indicator, source):
    fact = find_facts(read(sentence))[-1]
    assert (fact.indicator, fact.indicator_source) == (indicator, source)


def test_a_part_names_its_whole(ten):
    wholes = {fact.text: fact.part_of for fact in find_facts(ten)}
    assert wholes["亿元以上项目3个"] == "项目15个"
    assert wholes["项目15个"] is None


@pytest.mark.parametrize(
    ("sentence", "organisation", "source"),
    [
        ("完成{METRIC1:投资3亿元}。", "湘潭市雨湖区", "inferred"),
        ("该区完成{METRIC1:投资3亿元}。", "湘潭市雨湖区", "inferred"),
        ("在{ORG1:雨湖}，完成{METRIC1:投资3亿元}。", "湘潭市雨湖区", "inferred"),
        ("{ORG1:区委、区政府}推动下，完成{METRIC1:投资3亿元}。", None, "none"),
        ("{ORG1:区政府}推动下，完成{METRIC1:投资3亿元}。", "湘潭市雨湖区", "inferred"),
        ("{ORG1:湖南裕能}投产，完成{METRIC1:投资3亿元}。", None, "none"),
        ("{ORG1:湖南裕能}投产，带动全区完成{METRIC1:投资3亿元}。", "湘潭市雨湖区", "inferred"),
        ("全市完成{METRIC1:投资3亿元}。", None, "none"),
        ("增速居全市前列，完成{METRIC1:投资3亿元}。", "湘潭市雨湖区", "inferred"),
        ("完成{METRIC1:投资3亿元}，引进{ORG1:湖南裕能}。", "湘潭市雨湖区", "inferred"),
        ("支持{ORG1:湖南裕能}投产，完成{METRIC1:投资3亿元}。", "湘潭市雨湖区", "inferred"),
        ("{ORG1:云岭公司}、{ORG2:湖南裕能}等投产，完成{METRIC1:投资3亿元}。", "湘潭市雨湖区", "inferred"),
        ("{ORG1:湖南裕能}投产。完成{METRIC1:投资3亿元}。", "湘潭市雨湖区", "inferred"),
    ],
)
def test_an_elided_body_is_inferred_only_where_no_other_was_named(sentence, organisation, source):
    [fact] = find_facts(read(f"{{ORG9:湘潭市雨湖区}}奋发向上。全区上下，全区一心。{sentence}"))
    assert (fact.organisation, fact.organisation_source) == (organisation, source)


def test_the_reporting_body_has_one_name_in_all_rows():
    text = "{ORG1:湘潭市雨湖区}发展快。{ORG2:雨湖}有{METRIC1:学校5所}。\n> ORG2 HAS_METRIC METRIC1"
    [fact] = find_facts(read(text, title="湘潭市雨湖区发展纪实"))
    assert (fact.organisation, fact.organisation_source) == ("湘潭市雨湖区", "stated")


def test_relative_dates_count_from_the_anchor_then_the_document_then_the_text():
    text = "{DATE1:去年}，新增{METRIC1:学校5所}。\n> METRIC1 HAS_DATE DATE1"
    document = read(text)
    assert find_facts(document)[0].period_start == "2023-01-01"
    assert find_facts(document, anchor=date(2020, 1, 1))[0].period_start == "2019-01-01"
    [undated] = find_facts(replace(document, meta={}))
    assert (undated.period, undated.period_start) == ("去年", None)
    assert undated.unreadable
    assert undated.value == 5


def test_a_date_leans_on_the_one_before_it_in_its_paragraph_only():
    text = "{DATE1:2021年}建成{METRIC1:学校5所}，{DATE2:当年}招收{METRIC2:学生300人}。\n> METRIC2 HAS_DATE DATE2"
    assert find_facts(read(text))[1].period_start == "2021-01-01"


def test_what_cannot_be_read_says_why():
    [fact] = find_facts(read("该区成绩{METRIC1:名列前茅}。"))
    assert fact.unreadable
    assert (fact.kind, fact.value, fact.unit) == (None, None, None)


def test_the_score_is_the_least_of_what_the_row_rests_on():
    text = "{ORG1:青禾县}有{METRIC1:学校5所}。\n> ORG1 HAS_METRIC METRIC1"
    document = read(text)
    assert find_facts(document)[0].score is None
    scored = replace(document, relations=tuple(replace(r, score=0.7) for r in document.relations))
    assert find_facts(scored)[0].score == 0.7
    doubted = tuple(replace(e, score=0.6 if e.label == "METRIC" else 0.9) for e in scored.entities)
    sure = replace(scored, entities=doubted)
    assert find_facts(sure)[0].score == 0.6


def test_of_several_heads_the_surest_counts_and_of_equals_the_nearest():
    text = "{ORG1:青禾县}的{ORG2:云岭镇}有{METRIC1:学校5所}。\n> ORG1 HAS_METRIC METRIC1\n> ORG2 HAS_METRIC METRIC1"
    document = read(text)
    assert find_facts(document)[0].organisation == "云岭镇"
    first = replace(document.relations[0], score=0.9)
    second = replace(document.relations[1], score=0.6)
    assert find_facts(replace(document, relations=(first, second)))[0].organisation == "青禾县"


def test_rows_have_the_columns_and_types_of_fields(ten):
    for fact in find_facts(ten):
        row = fact.to_row()
        assert list(row) == list(FIELDS)
        assert (row["raw_start"], row["raw_end"]) == (fact.start, fact.end)
        for name, value in row.items():
            kinds = (int, float) if FIELDS[name] is float else FIELDS[name]
            assert value is None or isinstance(value, kinds), name
        assert Fact.from_row(row) == fact


def test_a_row_knows_its_place_on_the_page():
    page = repair_layout("园区投产。它为对外\n\n— 3 —\n\n开放新增项目5个。未来可期。")
    start = page.text.index("项目5个")
    document = Document("a", page.text, (Entity(start, start + 4, "METRIC"),))
    row = find_facts(document)[0].to_row(page)
    assert page.raw[row["raw_start"] : row["raw_end"]] == "项目5个"


@pytest.mark.parametrize("text", ["", "。", "\n\n", "😀"])
def test_documents_without_figures_have_no_facts(text):
    assert find_facts(Document("a", text)) == []


def test_relations_may_point_beyond_the_entities(ten):
    """As those of foreign predictions may."""
    assert find_facts(replace(ten, entities=tuple(e for e in ten.entities if e.label == "METRIC")))


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("end", ["。\n", "，"])
def test_time_is_linear_also_in_one_sentence(end):
    unit = f"雨湖区今年新增项目3个{end}"
    entities = []
    for at in range(0, 10_000 * len(unit), len(unit)):
        entities += [Entity(at, at + 3, "ORG"), Entity(at + 3, at + 5, "DATE"), Entity(at + 7, at + 11, "METRIC")]
    assert len(find_facts(Document("a", unit * 10_000, tuple(entities), meta={"date": "2024-01-01"}))) == 10_000


def test_a_target_is_told_by_the_sentence_or_else_by_the_heading():
    text = "2024年工作回顾\n建成学校3所。\n2025年工作安排\n力争建成学校4所。建成学校5所。"
    metrics = [Entity(at, at + 4, "METRIC") for at in (text.index(f"学校{n}") for n in "345")]
    facts = find_facts(Document("a", text, tuple(metrics), meta={"date": "2025-01-15"}))
    assert [(fact.value, fact.status, fact.status_source) for fact in facts] == [
        (3, "achieved", "none"), (4, "target", "stated"), (5, "target", "inferred")]  # fmt: skip
