"""The layout of copied pages: what is joined, what is kept apart, and where each piece came from."""

from __future__ import annotations

import inspect
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from govnews.corpus import layout, page, page_lines
from govnews.corpus.layout import Page, keep_layout, repair_layout

ZERO_WIDTH = "\ufeff\u200b\u200c\u2060"
FIRST = "今年以来，青禾县聚焦产业发展。全县引进项目十五个，其中亿元以上的有三个，为石桥镇的茶产"
SECOND = "业注入了活力，带动农户增收。云岭镇的茶农尝到了甜头，纷纷扩大种植。"
OTHER = "云岭镇建成茶园三千亩，产值超过一亿元。游客越来越多，农家乐办得红红火火，日子越过越好。"


def paragraphs(page: Page) -> list[tuple[str, str]]:
    return [(block.kind, page.text[block.start : block.end]) for block in page.blocks]


def kinds(raw: str) -> list[str]:
    return [block.kind for block in repair_layout(raw).blocks]


@pytest.mark.parametrize(
    "between",
    [
        "",
        "— 12 —",
        "第3页 共10页",
        "12",
        "5/20",
        "图为石桥镇茶园。",
        "石桥镇茶园一角",
        "石桥镇的茶园。 王小明 摄",
        "图为石桥镇茶园。\n\n茶农在采茶\n\n第3页",
        "产业兴县迈新步",
    ],
)
@pytest.mark.parametrize("break_", ["\n", "\n\n", "\r\n\r\n", "  \n\n\n"])
def test_halves_of_a_paragraph_find_each_other(between: str, break_: str) -> None:
    parts = [OTHER, FIRST, *between.split("\n\n"), SECOND, OTHER]
    page = repair_layout(break_.join(filter(None, parts)))
    texts = [text for _, text in paragraphs(page)]
    assert FIRST + SECOND in texts
    assert texts.count(OTHER) == 2
    assert len(page.joins) == 1


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("青禾县今年投入资金，修建道路。全县产值达26", ".54亿元，增长一成。"),
        ("青禾县今年投入资金，修建道路。全县产值达26.", "54亿元，增长一成。"),
        ("云岭镇有茶园、", "果园和菜园，一年四季瓜果飘香。游客来了，都说不想走。"),
        ("修路", "，是全村人的心愿。"),
        ("他们把这片山叫作“", "金山”，四季常青。游客来了，都说不想走。"),
    ],
)
def test_a_few_marks_are_evidence_enough(left: str, right: str) -> None:
    assert left + right in repair_layout(f"{OTHER}\n\n{left}\n\n{right}\n\n{OTHER}").text


def test_words_of_latin_letters_keep_a_space() -> None:
    page = repair_layout("青禾县参加论坛。会上签约的Green\n\nEnergy项目落户石桥镇，投资十亿元。")
    assert "Green Energy项目" in page.text
    assert page.raw_spans(page.joins[0], page.joins[0] + 6) == [(20, 26)]


@pytest.mark.parametrize(
    "text",
    [
        "（一）统筹城乡发展，加快建设美丽乡村\n深入实施乡村建设行动，全县面貌一新。",
        "一是聚焦扩大内需，着力促进消费\n大力提振消费，全面落实各项政策。",
        "各位代表，\n现在，我代表县人民政府，向大会报告工作。",
        "主要做了以下工作：\n稳住增长，全县经济持续回升。",
        "牵头单位：县教育局、县民政局，各乡镇人民政府，各街道办事处，县属各企业事业单位，各行业协会\n年度目标：新建学校两所。",
        "2025年1月18日在青禾县第十四届人民代表大会第三次会议上青禾县人民政府县长李建国作政府工作报告\n各位代表：",
        "——强化领导，压实责任\n——加强督查，严格考核",
        "1.建好队伍，管好队伍\n2.用好队伍，带好队伍",
        "指标 单位 2023年 2024年\n地区生产总值 亿元 86.4 90.1\n财政收入 亿元 5.2 5.6",
        "联系人：李建国\n特此报告。\n青禾县人民政府\n2024年12月30日",
        "请登录网站查看，报名即日开始。咨询电话：0731-1234\n云岭镇将组织志愿者，帮助老人报名。",
        "春眠不觉晓，\n处处闻啼鸟。\n夜来风雨声，\n花落知多少。",
    ],
)
@pytest.mark.parametrize("gap", ["\n", "\n\n", "\n\n\n"])
def test_what_is_laid_out_well_stays_as_it_is(text: str, gap: str) -> None:
    raw = gap.join([OTHER, *text.split("\n"), OTHER])
    page = repair_layout(raw)
    assert page.joins == ()
    assert page.text.split("\n") == [OTHER, *text.split("\n"), OTHER]


def test_paragraphs_that_never_end_are_not_cut() -> None:
    lines = [f"第{i}天上午，村里开会。大家商量了修路的事情，谈得很热闹，都说这条路该修" for i in "甲乙丙丁戊己庚"]
    assert repair_layout("\n\n".join(lines)).joins == ()


def test_an_indent_tells_a_paragraph_from_a_half() -> None:
    indented = [f"\u3000\u3000{text}" for text in (OTHER, "石桥镇新", OTHER)]
    page = repair_layout("\n".join([*indented[:2], "修水渠三条，惠及千户。", indented[2]]))
    assert page.text.split("\n")[1] == "石桥镇新修水渠三条，惠及千户。"
    cut = repair_layout("\n".join([indented[0], "\u3000\u3000" + FIRST, indented[2]]))
    assert cut.joins == ()


def test_a_doubtful_half_is_left_alone() -> None:
    caption = "大桥通车。"
    page = repair_layout(f"{FIRST[:-1]}\n\n{caption}\n\n岭上的茶园也连成了片，游客越来越多。大家都很高兴，干劲十足。")
    assert page.joins == ()


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r", "  \n"])
@pytest.mark.parametrize("indent", ["", "\u3000\u3000", "    "])
@pytest.mark.parametrize("width", [20, 32, 45])
def test_hard_wrapped_lines_are_joined(newline: str, indent: str, width: int) -> None:
    whole = FIRST + SECOND
    texts = [whole * 2, OTHER * 3 + whole, whole * 3 + "一年来，村民的腰包鼓了。", SECOND + OTHER * 4]
    gap = "" if indent else newline
    wrapped = []
    for text in texts:
        first = width - len(indent.encode("gbk")) // 2
        rows = [text[:first], *(text[at : at + width] for at in range(first, len(text), width))]
        wrapped.append(newline.join([indent + rows[0], *rows[1:]]))
    page = repair_layout((newline + gap).join(wrapped))
    assert page.text.split("\n") == texts


def test_a_list_of_equal_lines_is_not_hard_wrapped() -> None:
    lines = ["青禾县云岭镇人民政府办公室", "青禾县石桥镇人民政府办公室", "青禾县北港镇人民政府办公室"] * 3
    assert repair_layout("\n".join(lines)).text.split("\n") == lines


def test_each_kind_is_told() -> None:
    raw = f"""茶香满山 幸福满村

青禾县推进乡村振兴纪实

本报记者 王小明 通讯员 李红梅

{OTHER}

兴产业 富口袋

{FIRST}



云岭镇的茶园。



— 3 —

{SECOND}

图为石桥镇茶园。

(本版图片由青禾县委宣传部提供)"""
    assert kinds(raw) == [
        "headline",
        "headline",
        "byline",
        "body",
        "subhead",
        "body",
        "caption",
        "furniture",
        "caption",
        "credit",
    ]


def test_titles_and_dates_are_bylines() -> None:
    assert kinds(f"青禾县政府工作报告\n青禾县县长 李建国\n{OTHER}\n2024年12月30日") == [
        "headline",
        "byline",
        "body",
        "byline",
    ]


def test_a_sign_off_over_a_date_is_no_headline() -> None:
    assert kinds(f"{OTHER}\n特此报告。\n青禾县人民政府\n2024年12月30日")[2:] == ["subhead", "byline"]


def test_a_row_of_a_table_is_no_heading() -> None:
    assert kinds(f"{OTHER}\n财政收入 亿元 5.2 5.6\n{OTHER}") == ["body"] * 3


def test_the_map_leads_back_across_a_caption() -> None:
    raw = f"{FIRST}\n\n\n\n石桥镇茶园。\n\n\n\n{SECOND}"
    page = repair_layout(raw)
    cut = len(FIRST)
    assert page.joins == (cut,)
    assert [raw[low:high] for low, high in page.raw_spans(cut - 1, cut + 1)] == ["产", "业"]
    assert page.kind_at(cut) == "body"
    assert page.kind_at(page.text.index("石桥镇茶园。")) == "caption"


def test_the_seed_article(root: Path) -> None:
    page = repair_layout((root / "corpus" / "raw" / "yuhu-2024.txt").read_text(encoding="utf-8"))
    assert [page.text[join - 3 : join + 3] for join in page.joins] == [
        "区对外开放和",
        "易所雨湖设立",
        "链、资金链、",
        "受到生活的兜",
    ]
    told = [(kind, text[:8]) for kind, text in paragraphs(page) if kind != "body"]
    assert told == [
        ("caption", "鸟瞰万楼。"),
        ("subhead", "破层级提质效 扁"),
        ("headline", "千年雨湖 幸福与"),
        ("headline", "湘潭市雨湖区推进"),
        ("byline", "蒋睿 冯玉峰"),
        ("subhead", "招项目优结构 引"),
        ("caption", "雨湖区“社区食堂"),
        ("caption", "8月29日，全省"),
        ("subhead", "重民生办实事 标"),
        ("caption", "雨湖区昭潭街道街"),
        ("caption", "2024老潭州纳"),
        ("credit", "(本版图片均由雨"),
    ]


PIECES = [
    FIRST,
    SECOND,
    OTHER,
    "图为茶园。",
    "— 3 —",
    "12",
    "，",
    "。",
    "”",
    "\u3000\u3000",
    "Green",
    "3.",
    "王小明 摄",
]
PIECES += [
    "\n",
    "\n\n",
    "\n\n\n\n",
    "\r\n",
    "\r",
    "\t",
    "\x00",
    "\x85",
    "\u2028",
    "🍵",
    "\u200b",
    "一、稳中求进，再创佳绩",
    "甲",
    " ",
]
pages = st.one_of(st.text(), st.lists(st.sampled_from(PIECES), max_size=40).map("".join))


@settings(deadline=None, max_examples=300)
@given(pages)
@example("")
@example("\r")
@example("\x00\n🍵\r\r\n")
def test_no_character_is_lost_or_moved_without_record(raw: str) -> None:
    page = repair_layout(raw)
    joints = set(page.joins)
    taken: list[int] = []
    for block in page.blocks:
        spans = page.raw_spans(block.start, block.end)
        assert all(left[1] <= right[0] for left, right in pairwise(spans))
        taken += [at for low, high in spans for at in range(low, high)]
        text = page.text[block.start : block.end]
        mapped = "".join(raw[low:high] for low, high in spans)
        spaces = {at - 1 for at in joints if block.start < at <= block.end and not page.raw_spans(at - 1, at)}
        assert mapped == "".join(char for at, char in enumerate(text, block.start) if at not in spaces)
    assert len(taken) == len(set(taken))
    left = {at for at, char in enumerate(raw) if not char.isspace() and char not in ZERO_WIDTH}
    assert left <= set(taken)
    assert page.text == "\n".join(page.text[block.start : block.end] for block in page.blocks)
    assert page.raw == raw


@given(st.text())
def test_keep_layout_is_the_identity(raw: str) -> None:
    page = keep_layout(raw)
    assert page.text == page.raw == raw
    assert page.raw_spans(0, len(raw)) == ([(0, len(raw))] if raw else [])
    assert "\n".join(raw[block.start : block.end] for block in page.blocks) == raw


def work(raw: str) -> int:
    """Lines of the modules that run: no clock, so no flicker."""
    count = 0
    paths = {inspect.getsourcefile(module) for module in (layout, page, page_lines)}

    def trace(frame: Any, event: str, arg: object) -> Any:
        nonlocal count
        if frame.f_code.co_filename not in paths:
            return None
        count += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        repair_layout(raw)
    finally:
        sys.settrace(before)
    return count


@pytest.mark.parametrize(
    "unit",
    [
        "，短行\n",
        "短行，甲\n\n",
        FIRST + "\n",
        FIRST + "\n\n",
        OTHER + "\n",
        "\n",
        FIRST + "、\n\n12\n\n",
        "一行。\n\n\n二行\n",
    ],
)
def test_work_grows_as_the_text_does(unit: str) -> None:
    assert work(unit * 400) < 2.5 * work(unit * 200) + 1000


@pytest.mark.parametrize("unit", ["，", "。”", "”", "-", " ", "12", "！", "甲乙，", "（", "记者 ", "图", "A ", "\x00"])
def test_one_long_line_is_read_in_linear_time(unit: str) -> None:
    repair_layout(unit * 300_000 + "x")  # a quadratic pattern would take hours


def test_many_pieces_of_one_paragraph_cost_what_they_add() -> None:
    page = repair_layout(("甲" * 20 + "，乙、\n\n") * 20_000)
    assert len(page.blocks) == 1
    assert len(page.joins) == 19_999
