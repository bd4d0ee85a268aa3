import time
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govnews.normalize.anchor import HEAD_LINES, find_date

BODY = "今年以来，雨湖区地区生产总值增长6.2%。2023年5月4日，区委召开会议。"

DATED = """
2025-01-15 | 政府工作报告/2025年1月15日在雨湖区第七届人民代表大会第四次会议上/区长 张三/BODY
2025-01-15 | 政府工作报告/——2025年1月15日在雨湖区七届人大四次会议上/BODY
2025-01-15 | （2025年1月15日在政协雨湖区第八届委员会第四次会议上　李四）/BODY
2011-08-16 | ——二〇一一年八月十六日在中国共产党雨湖镇第十一次代表大会上/BODY
2024-12-20 | 雨湖区年终综述/发布日期：2024-12-20/BODY
2024-12-20 | 雨湖区年终综述/发布时间：2024年12月20日 08:30　来源：雨湖区政府办/BODY
2024-12-20 | 雨湖区年终综述/来源：湖南日报 作者：王五 2024年12月20日/BODY
2024-12-20 | 雨湖区年终综述/2024-12-20 08:30:15 来源：红网/BODY
2024-12-20 | 雨湖区年终综述/时间：2024.12.20/BODY
2024-12-20 | 雨湖区年终综述/雨湖区统计局　2024年12月20日/BODY
2024-12-20 | 关于做好有关工作的通知/BODY/雨湖区人民政府/2024年12月20日
2024-12-20 | 关于做好有关工作的通知/BODY/（2024年12月20日）
2024-12-20 | 关于做好有关工作的通知/BODY/二〇二四年十二月二十日
2024-12-20 | 关于做好有关工作的通知/BODY/2024 年 12 月 20 日/（此件主动公开）
2024-12-20 | ２０２４年１２月２０日/BODY
2024-12-20 | 雨湖区年终综述（2024年12月20日）/BODY
2024-12-22 | 政府工作报告/2024年12月20日在雨湖区七届人大四次会议上/发布日期：2024-12-22/BODY
"""

UNDATED = """
BODY
2024年政府工作报告/BODY
2024年12月20日，雨湖区召开会议。/BODY
2024年12月20日在雨湖区召开的会议提出，加快建设。/BODY
关于雨湖区2024年12月/BODY/2024年12月
发布日期：2024-13-40/BODY
2024年2月30日/BODY
今天上午/BODY
"""


def text_of(line):
    return line.replace("/", "\n").replace("BODY", BODY)


@pytest.mark.parametrize("row", [row for row in DATED.splitlines() if row])
def test_a_document_that_tells_its_date(row):
    day, line = row.split(" | ", 1)
    assert find_date(text_of(line)) == date.fromisoformat(day)


def test_slashes_in_a_date():
    assert find_date(f"雨湖区年终综述\n2024/12/20\n{BODY}") == date(2024, 12, 20)


@pytest.mark.parametrize("line", [line for line in UNDATED.splitlines() if line])
def test_a_date_in_the_running_text_is_none(line):
    assert find_date(text_of(line)) is None


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("雨湖区年终综述20241220", date(2024, 12, 20)),
        ("雨湖日报_2024-12-20", date(2024, 12, 20)),
        ("雨湖区2024年12月20日新闻发布会", date(2024, 12, 20)),
        ("雨湖区2024年政府工作报告", None),
        ("电话073158220241220", None),
        ("20241320", None),
        ("", None),
    ],
)
def test_a_title_dates_a_text_that_does_not(title, expected):
    assert find_date(BODY, title) == expected
    assert find_date(f"{BODY}\n2020年1月2日", title) == date(2020, 1, 2)


def test_the_middle_of_a_document_is_not_looked_at():
    lines = [BODY] * (4 * HEAD_LINES)
    lines[2 * HEAD_LINES] = "2024年12月20日"
    assert find_date("\n".join(lines)) is None


@given(st.text(), st.text())
def test_no_text_raises(text, title):
    found = find_date(text, title)
    assert found is None or isinstance(found, date)


@given(st.dates(date(1950, 1, 1), date(2099, 12, 31)))
def test_a_dateline_is_read_back(day):
    assert find_date(f"通知\n{BODY}\n{day.year}年{day.month}月{day.day}日") == day
    assert find_date(BODY, f"{day:%Y%m%d}") == day


@pytest.mark.parametrize("piece", ["来源", "2024年", "（", "\n", "a\n", "2024-12-", "发布日期：", " "])
def test_hostile_lengths_cost_little(piece):
    begun = time.perf_counter()
    find_date(piece * 100_000, piece * 100_000)
    assert time.perf_counter() - begun < 1
