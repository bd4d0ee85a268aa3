from datetime import date

import pytest

from govnews.normalize.plans import Plans, is_aimed_at

JANUARY, DECEMBER = date(2025, 1, 15), date(2024, 12, 20)


@pytest.mark.parametrize(
    ("heading", "anchor", "planned"),
    [
        ("二、2025年工作安排", JANUARY, True),
        ("三、2025 年重点任务", JANUARY, True),
        ("二、关于2025年工作", JANUARY, True),
        ("今年工作思路", JANUARY, True),
        ("2025年省十件民生实事", JANUARY, True),
        ("二、2025年工作打算", DECEMBER, True),
        ("下一步工作打算", None, True),
        ("一、2024年工作回顾", JANUARY, False),
        ("2025年工作总结", JANUARY, False),
        ("一、2024年主要工作", JANUARY, False),
        ("今年工作", DECEMBER, False),
        ("2024年重点工作", DECEMBER, False),
        ("2025年工作安排", None, False),
        ("三、加强政府自身建设", JANUARY, False),
        ("2025年1月15日", JANUARY, False),
        ("2025年的工作安排是这样的。", JANUARY, False),
    ],
)
def test_a_heading_tells_what_is_planned(heading, anchor, planned):
    text = f"各位代表：\n{heading}\n建成学校5所。"
    assert Plans(text, anchor).cover(text.index("建成")) is planned
    assert Plans(text, anchor).cover(0) is False


def test_a_heading_holds_until_one_that_looks_back():
    text = "2025年工作安排\n一、办好实事\n甲。\n2024年工作回顾\n乙。"
    plans = Plans(text, JANUARY)
    assert plans.cover(text.index("甲"))
    assert not plans.cover(text.index("乙"))


@pytest.mark.parametrize(
    ("before", "aimed"),
    [("主要预期目标是：地区生产总值增长5%，", True), ("力争规上企业50家、", True), ("目标为", True),
     ("完成目标的", False), ("去年", False), ("", False)],
)  # fmt: skip
def test_words_of_the_sentence_tell_aims(before, aimed):
    assert is_aimed_at(before) is aimed
