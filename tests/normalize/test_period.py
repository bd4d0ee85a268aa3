import csv
import time
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govnews.normalize.period import LONGEST, parse_period
from govnews.normalize.values import Period, Unreadable

SAMPLE = Path(__file__).parent / "data" / "periods.tsv"

ABSOLUTE = """
2024年12月20日 = 2024-12-20 day
２０２４年１２月２０日 = 2024-12-20 day
二〇二四年十二月二十日 = 2024-12-20 day
二○二四年十二月二十日 = 2024-12-20 day
二零二四年五月一日 = 2024-05-01 day
2024-12-20 = 2024-12-20 day
2024/12/20 = 2024-12-20 day
2024.12.20 = 2024-12-20 day
2024年2月29日 = 2024-02-29 day
2O16年2月23日 = 2016-02-23 day
2014年l2月 = 2014-12-01 2014-12-31 month
2024年12月20日上午9时 = 2024-12-20 time
2024年12月20日20时30分 = 2024-12-20 time
2024年12月20日晚8点半 = 2024-12-20 time
2024年5月 = 2024-05-01 2024-05-31 month
2024年2月 = 2024-02-01 2024-02-29 month
2023年2月份 = 2023-02-01 2023-02-28 month
2024年元月 = 2024-01-01 2024-01-31 month
2024.12 = 2024-12-01 2024-12-31 month
二〇一五年九月 = 2015-09-01 2015-09-30 month
23年5月 = 2023-05-01 2023-05-31 month
24年底 = 2024-12-01 2024-12-31 month ~
98年12月 = 1998-12-01 1998-12-31 month
2024年 = 2024-01-01 2024-12-31 year
2024 = 2024-01-01 2024-12-31 year
2024年度 = 2024-01-01 2024-12-31 year
2024年全年 = 2024-01-01 2024-12-31 year
一九四九年 = 1949-01-01 1949-12-31 year
2024年一季度 = 2024-01-01 2024-03-31 quarter
2024年第二季度 = 2024-04-01 2024-06-30 quarter
2024年三季度 = 2024-07-01 2024-09-30 quarter
2024年4季度 = 2024-10-01 2024-12-31 quarter
2024年首季 = 2024-01-01 2024-03-31 quarter
2024年上半年 = 2024-01-01 2024-06-30 half
2024年下半年 = 2024-07-01 2024-12-31 half
2024年前三季度 = 2024-01-01 2024-09-30 span
2024年前三个季度 = 2024-01-01 2024-09-30 span
2024年前10个月 = 2024-01-01 2024-10-31 span
2024年前两个月 = 2024-01-01 2024-02-29 span
2024年头5个月 = 2024-01-01 2024-05-31 span
2024年1至11月 = 2024-01-01 2024-11-30 span
2024年1—11月 = 2024-01-01 2024-11-30 span
2024年1-11月 = 2024-01-01 2024-11-30 span
2024年1～11月份 = 2024-01-01 2024-11-30 span
2024年一至十一月 = 2024-01-01 2024-11-30 span
2024年1月至11月 = 2024-01-01 2024-11-30 span
2024年三、四季度 = 2024-07-01 2024-12-31 span
2024年一至三季度 = 2024-01-01 2024-09-30 span
2019—2023年 = 2019-01-01 2023-12-31 span
2020至2024年 = 2020-01-01 2024-12-31 span
2020年至2024年 = 2020-01-01 2024-12-31 span
2020年到2024年 = 2020-01-01 2024-12-31 span
2020-2024年 = 2020-01-01 2024-12-31 span
从2020年到2024年 = 2020-01-01 2024-12-31 span
2024年3月5日至7日 = 2024-03-05 2024-03-07 span
2024年2月28日至3月1日 = 2024-02-28 2024-03-01 span
2023年12月30日至2024年1月2日 = 2023-12-30 2024-01-02 span
2022年1月1日至9月30日 = 2022-01-01 2022-09-30 span
2023年11月至2024年3月 = 2023-11-01 2024-03-31 span
11月至2024年3月 = 2023-11-01 2024-03-31 span
2023年12月至次年2月 = 2023-12-01 2024-02-29 span
2024年1月上旬 = 2024-01-01 2024-01-10 span
2024年1月中旬 = 2024-01-11 2024-01-20 span
2024年2月下旬 = 2024-02-21 2024-02-29 span
2024年6月中下旬 = 2024-06-11 2024-06-30 span
2024年7月初 = 2024-07-01 2024-07-10 span ~
2024年7月底 = 2024-07-21 2024-07-31 span ~
2024年2月末 = 2024-02-21 2024-02-29 span ~
2024年初 = 2024-01-01 2024-01-31 month ~
2024年年初 = 2024-01-01 2024-01-31 month ~
2024年底 = 2024-12-01 2024-12-31 month ~
2024年年底 = 2024-12-01 2024-12-31 month ~
2024年末 = 2024-12-01 2024-12-31 month ~
2024年中 = 2024-06-01 2024-07-31 span ~
2024年底前 = 2024-12-01 2024-12-31 month ~
截至2024年9月30日 = 2024-09-30 day
2018年春 = 2018-03-01 2018-05-31 span ~
2012年夏天 = 2012-06-01 2012-08-31 span ~
2012年秋季 = 2012-09-01 2012-11-30 span ~
2017年冬天 = 2017-12-01 2018-02-28 span ~
2024年春节 = 2024-02-10 day
2025年春节期间 = 2025-01-29 2025-02-04 span ~
2024年国庆节 = 2024-10-01 day
2024年国庆期间 = 2024-10-01 2024-10-07 span ~
2024年“五一”假期 = 2024-05-01 2024-05-05 span ~
2013年前后 = 2013-01-01 2013-12-31 year ~
“十四五” = 2021-01-01 2025-12-31 span
“十四五”时期 = 2021-01-01 2025-12-31 span
“十三五”期间 = 2016-01-01 2020-12-31 span
十三五 = 2016-01-01 2020-12-31 span
十二五期间 = 2011-01-01 2015-12-31 span
“十一五” = 2006-01-01 2010-12-31 span
“十五” = 2001-01-01 2005-12-31 span
“九五”期间 = 1996-01-01 2000-12-31 span
“一五”时期 = 1953-01-01 1957-12-31 span
“二五” = 1958-01-01 1962-12-31 span
“三五” = 1966-01-01 1970-12-31 span
“十五五” = 2026-01-01 2030-12-31 span
“十四五”末 = 2025-01-01 2025-12-31 year ~
“十四五”初期 = 2021-01-01 2021-12-31 year ~
“十三五”开局之年 = 2016-01-01 2016-12-31 year
“十四五”收官之年 = 2025-01-01 2025-12-31 year
上世纪90年代 = 1990-01-01 1999-12-31 span
上世纪九十年代 = 1990-01-01 1999-12-31 span
20世纪80年代末 = 1987-01-01 1989-12-31 span ~
90年代 = 1990-01-01 1999-12-31 span
上个世纪 = 1901-01-01 2000-12-31 span
本世纪初 = 2001-01-01 2010-12-31 span ~
"""

FROM_2024_12_20 = """
今年 = 2024-01-01 2024-12-31 year
去年 = 2023-01-01 2023-12-31 year
前年 = 2022-01-01 2022-12-31 year
明年 = 2025-01-01 2025-12-31 year
来年 = 2025-01-01 2025-12-31 year
上年 = 2023-01-01 2023-12-31 year
全年 = 2024-01-01 2024-12-31 year
年内 = 2024-01-01 2024-12-31 year
新的一年 = 2025-01-01 2025-12-31 year
这一年 = 2024-01-01 2024-12-31 year
今年以来 = 2024-01-01 2024-12-20 span
去年以来 = 2023-01-01 2024-12-20 span
2022年以来 = 2022-01-01 2024-12-20 span
今年上半年以来 = 2024-01-01 2024-12-20 span
今年4月以来 = 2024-04-01 2024-12-20 span
7月以来 = 2024-07-01 2024-12-20 span
年初以来 = 2024-01-01 2024-12-20 span ~
年初至今 = 2024-01-01 2024-12-20 span ~
3月至今 = 2024-03-01 2024-12-20 span
“十四五”以来 = 2021-01-01 2024-12-20 span
十三五以来 = 2016-01-01 2024-12-20 span
党的十八大以来 = 2012-11-08 2024-12-20 span
党的十九大以来 = 2017-10-18 2024-12-20 span
党的二十大以来 = 2022-10-16 2024-12-20 span
改革开放以来 = 1978-12-18 2024-12-20 span
新中国成立以来 = 1949-10-01 2024-12-20 span
本世纪以来 = 2001-01-01 2024-12-20 span
进入新世纪以来 = 2001-01-01 2024-12-20 span
一年来 = 2023-12-20 2024-12-20 span ~
一年多来 = 2023-12-20 2024-12-20 span ~
两年多来 = 2022-12-20 2024-12-20 span ~
三年来 = 2021-12-20 2024-12-20 span ~
五年来 = 2019-12-20 2024-12-20 span ~
五年间 = 2019-12-20 2024-12-20 span ~
这五年 = 2019-12-20 2024-12-20 span ~
过去五年 = 2019-12-20 2024-12-20 span ~
过去的一年 = 2023-12-20 2024-12-20 span ~
近三年 = 2021-12-20 2024-12-20 span ~
近二十年 = 2004-12-20 2024-12-20 span ~
3年 = 2021-12-20 2024-12-20 span ~
五年 = 2019-12-20 2024-12-20 span ~
连续十年 = 2014-12-20 2024-12-20 span ~
連續三年 = 2021-12-20 2024-12-20 span ~
十余年来 = 2014-12-20 2024-12-20 span ~
一年半 = 2023-06-20 2024-12-20 span ~
半年来 = 2024-06-20 2024-12-20 span ~
两个月 = 2024-10-20 2024-12-20 span ~
近三天 = 2024-12-17 2024-12-20 span ~
今后五年 = 2024-12-20 2029-12-20 span ~
未来三年 = 2024-12-20 2027-12-20 span ~
三年前 = 2021-01-01 2021-12-31 year ~
两个月前 = 2024-10-01 2024-10-31 month ~
三天前 = 2024-12-17 day ~
多年来 = ? 2024-12-20 span ~
近年来 = ? 2024-12-20 span ~
近几年 = ? 2024-12-20 span ~
这些年来 = ? 2024-12-20 span ~
几十年来 = ? 2024-12-20 span ~
上半年 = 2024-01-01 2024-06-30 half
下半年 = 2024-07-01 2024-12-31 half
前三季度 = 2024-01-01 2024-09-30 span
前11个月 = 2024-01-01 2024-11-30 span
1至11月 = 2024-01-01 2024-11-30 span
三季度 = 2024-07-01 2024-09-30 quarter
第四季度 = 2024-10-01 2024-12-31 quarter
年初 = 2024-01-01 2024-01-31 month ~
年末 = 2024-12-01 2024-12-31 month ~
年底 = 2024-12-01 2024-12-31 month ~
年中 = 2024-06-01 2024-07-31 span ~
今年初 = 2024-01-01 2024-01-31 month ~
去年底 = 2023-12-01 2023-12-31 month ~
上年末 = 2023-12-01 2023-12-31 month ~
今年9月底 = 2024-09-21 2024-09-30 span ~
去年12月26日 = 2023-12-26 day
明年一季度 = 2025-01-01 2025-03-31 quarter
今春 = 2024-03-01 2024-05-31 span ~
去年冬天 = 2023-12-01 2024-02-29 span ~
明年春节 = 2025-01-29 day
国庆期间 = 2024-10-01 2024-10-07 span ~
7月底 = 2024-07-21 2024-07-31 span ~
11月30日 = 2024-11-30 day
9月28号 = 2024-09-28 day
9月 = 2024-09-01 2024-09-30 month
2月份 = 2024-02-01 2024-02-29 month
6月当月 = 2024-06-01 2024-06-30 month
本月 = 2024-12-01 2024-12-31 month
上月 = 2024-11-01 2024-11-30 month
上个月 = 2024-11-01 2024-11-30 month
下月 = 2025-01-01 2025-01-31 month
上月底 = 2024-11-21 2024-11-30 span ~
本月15日 = 2024-12-15 day
本周 = 2024-12-16 2024-12-22 span
上周 = 2024-12-09 2024-12-15 span
18日 = 2024-12-18 day
25日 = 2024-11-25 day
18日上午 = 2024-12-18 time
14日至15日 = 2024-12-14 2024-12-15 span
今天 = 2024-12-20 day
今天上午 = 2024-12-20 time
今天上午10时23分 = 2024-12-20 time
今晚8点 = 2024-12-20 time
昨日 = 2024-12-19 day
昨晚 = 2024-12-19 time
前天 = 2024-12-18 day
明天 = 2024-12-21 day
12月3日上午9时 = 2024-12-03 time
11月6日一大早 = 2024-11-06 time
12月9日17时20分 = 2024-12-09 time
9月29日至10月1日 = 2024-09-29 2024-10-01 span
8月下旬至11月底 = 2024-08-21 2024-11-30 span ~
11月至明年3月 = 2024-11-01 2025-03-31 span
11月至3月 = 2024-11-01 2025-03-31 span
"""

UNREADABLE_FROM_2024_12_20 = """
前不久 近日 日前 近期 此前 不久前 前几天 前几年 十多年前 一个月后 三天 连续10天 连续280多天
活动期间 疫情期间 会议期间 节后 春节前夕 汛期 入夏以来 上线以来 龙年 道光年间 腊月廿九 清代
当年 同年 当月 同月 当天 次日 前一年 前五年 同期 上年同期 去年同期 当季 期末
2月30日 2023年2月29日 4月31日 13月 2024年13月 0月 2024年0月5日 9月0日 9月32日 32日 2050年春节 第五季度 前13个月
23年 25年 3至5年 今后3—5年 2024年至2020年 2024年9月至3月 “十六五”期间 2026年以来
至 — 年 月 日 年代 以来 0000年 9999
"""

WITH_PREVIOUS = """
2024-12-20 | 2024-10-24 2024-10-25 span | 24日上午 = 2024-10-24 time
2024-12-20 | 2024-09-13 time | 当晚8时 = 2024-09-13 time
2024-12-20 | 2024-09-13 time | 5时20分 = 2024-09-13 time
2024-12-20 | 2024-09-13 time | 次日上午 = 2024-09-14 time
2024-12-20 | 2024-12-31 day | 第二天 = 2025-01-01 day
2024-12-20 | 2023-09-28 day | 当天 = 2023-09-28 day
2024-12-20 | 2023-09-28 day | 当天傍晚 = 2023-09-28 time
2024-12-20 | 2023-09-28 day | 前一晚 = 2023-09-27 time
2024-12-20 | 2023-09-28 day | 当月 = 2023-09-01 2023-09-30 month
2024-12-20 | 2023-09-28 day | 当月底 = 2023-09-21 2023-09-30 span ~
2024-12-20 | 2023-09-28 day | 次月 = 2023-10-01 2023-10-31 month
2024-12-20 | 2023-09-28 day | 当季 = 2023-07-01 2023-09-30 quarter
2024-12-20 | 2023-09-28 day | 同年 = 2023-01-01 2023-12-31 year
2024-12-20 | 2013-01-01 2013-12-31 year | 当年 = 2013-01-01 2013-12-31 year
2024-12-20 | 2013-01-01 2013-12-31 year | 当年冬天 = 2013-12-01 2014-02-28 span ~
2024-12-20 | 2013-01-01 2013-12-31 year | 当年11月27日 = 2013-11-27 day
2024-12-20 | 2013-01-01 2013-12-31 year | 次年三月 = 2014-03-01 2014-03-31 month
2024-12-20 | 2013-01-01 2013-12-31 year | 前一年 = 2012-01-01 2012-12-31 year
2024-12-20 | 2013-01-01 2013-12-31 year | 那年 = 2013-01-01 2013-12-31 year
2024-12-20 | 2013-01-01 2013-12-31 year | 上年 = 2012-01-01 2012-12-31 year
2024-12-20 | 2024-01-01 2024-12-31 year | 上年 = 2023-01-01 2023-12-31 year
2024-04-15 | 2023-01-01 2023-12-31 year | 上年 = 2022-01-01 2022-12-31 year
2024-04-15 | 2022-01-01 2022-12-31 year | 上年 = 2022-01-01 2022-12-31 year
2024-04-15 | 2022-01-01 2022-12-31 year | 全年 = 2023-01-01 2023-12-31 year
2024-12-20 | 2024-01-01 2024-06-30 half | 去年同期 = 2023-01-01 2023-06-30 half
2024-12-20 | 2024-01-01 2024-09-30 span | 上年同期 = 2023-01-01 2023-09-30 span
2024-12-20 | 2024-02-01 2024-02-29 month | 上年同期 = 2023-02-01 2023-02-28 month
2023-12-20 | 2023-02-01 2023-02-28 month | 2020年同期 = 2020-02-01 2020-02-29 month
2024-12-20 | 2024-02-29 day | 去年同期 = 2023-02-28 day
2024-12-20 | 2024-01-01 2024-08-31 span | 同期 = 2024-01-01 2024-08-31 span
2024-12-20 | 2024-01-01 2024-12-31 year | 期末 = 2024-12-01 2024-12-31 month ~
2017-01-09 | 2012-01-09 2017-01-09 span ~ | 前五年 = 2007-01-09 2012-01-08 span ~
2016-02-26 | 2011-01-01 2015-12-31 span | 前十年 = 2001-01-01 2010-12-31 span
2014-02-18 | 2014-01-01 2014-12-31 year | 10月底 = 2014-10-21 2014-10-31 span ~
2014-02-18 | ? 2014-02-18 span ~ | 10月底 = 2013-10-21 2013-10-31 span ~
2016-12-28 | 2017-01-01 2017-12-31 year | 6月底 = 2017-06-21 2017-06-30 span ~
2020-10-29 | 2018-01-01 2018-12-31 year | 9月底 = 2020-09-21 2020-09-30 span ~
2020-06-04 | 2019-01-01 2019-12-31 year | 12月18日 = 2019-12-18 day
2022-12-22 | 2021-01-01 2021-12-31 year | 12月15日 = 2022-12-15 day
2024-03-10 | 2023-01-01 2023-12-31 year | 2月 = 2023-02-01 2023-02-28 month
2022-11-07 | 2021-03-01 2021-03-31 month | 7月 = 2021-07-01 2021-07-31 month
2023-08-23 | 2024-05-01 2024-05-31 month | 7月以来 = 2023-07-01 2023-08-23 span
2018-07-20 | 2018-07-01 2018-12-31 half | 8月 = 2018-08-01 2018-08-31 month
2013-01-16 | 2012-09-01 2012-09-30 month | 年底 = 2012-12-01 2012-12-31 month ~
2017-07-14 | 2016-01-01 2016-12-31 year | 年底 = 2017-12-01 2017-12-31 month ~
"""

LOOKING_BACK = """
2024-01-16 全年 = 2023-01-01 2023-12-31 year
2024-04-15 全年 = 2023-01-01 2023-12-31 year
2024-05-15 全年 = 2024-01-01 2024-12-31 year
2024-02-18 9月 = 2023-09-01 2023-09-30 month
2024-02-18 2月3日 = 2024-02-03 day
2024-02-18 2月28日 = 2023-02-28 day
2024-07-19 9月 = 2024-09-01 2024-09-30 month
2024-02-18 上半年 = 2023-01-01 2023-06-30 half
2024-02-18 四季度 = 2023-10-01 2023-12-31 quarter
2024-04-23 一季度 = 2024-01-01 2024-03-31 quarter
2024-02-18 年末 = 2023-12-01 2023-12-31 month ~
2024-02-18 年内 = 2024-01-01 2024-12-31 year
2024-02-18 去年 = 2023-01-01 2023-12-31 year
2024-02-18 上年 = 2022-01-01 2022-12-31 year
2024-02-18 这一年 = 2023-01-01 2023-12-31 year
2024-02-18 新的一年 = 2024-01-01 2024-12-31 year
2024-01-05 25日 = 2023-12-25 day
2024-02-29 三年来 = 2021-02-28 2024-02-29 span ~
"""


def lines(table):
    return [line for line in table.splitlines() if line]


def period(text):
    """`2024-05-01 2024-05-31 month ~`: first day, last day unless it is the same, grain, and ~ where it is vague."""
    *days, grain = text.removesuffix(" ~").split()
    ends = [None if day == "?" else date.fromisoformat(day) for day in days]
    return Period(ends[0], ends[-1], grain, text.endswith("~"))


@pytest.mark.parametrize("line", lines(ABSOLUTE))
def test_absolute_dates_need_no_anchor(line):
    text, expected = line.split(" = ")
    assert parse_period(text) == period(expected)
    assert parse_period(text, anchor=date(2009, 3, 4), previous=period("2031-07-01 2031-07-31 month")) == period(
        expected
    )


@pytest.mark.parametrize("line", lines(FROM_2024_12_20))
def test_dates_that_count_from_the_day_of_writing(line):
    text, expected = line.split(" = ")
    assert parse_period(text, anchor=date(2024, 12, 20)) == period(expected)
    assert isinstance(parse_period(text), Unreadable)


@pytest.mark.parametrize("line", lines(LOOKING_BACK))
def test_texts_up_to_april_look_back(line):
    written, expression = line.split(" ", 1)
    text, expected = expression.split(" = ")
    assert parse_period(text, anchor=date.fromisoformat(written)) == period(expected)


@pytest.mark.parametrize("line", lines(WITH_PREVIOUS))
def test_dates_that_lean_on_the_one_before(line):
    written, previous, expression = line.split(" | ")
    text, expected = expression.split(" = ")
    anchor = date.fromisoformat(written)
    assert parse_period(text, anchor=anchor, previous=period(previous)) == period(expected)


@pytest.mark.parametrize("text", [*UNREADABLE_FROM_2024_12_20.split(), "", " ", "雨湖区"])
def test_what_no_reader_can_tell_is_unreadable(text):
    found = parse_period(text, anchor=date(2024, 12, 20))
    assert isinstance(found, Unreadable)
    assert found.reason


def test_the_year_spoken_of_serves_where_no_day_of_writing_is_known():
    assert parse_period("5月", previous=period("2023-01-01 2023-12-31 year")) == period("2023-05-01 2023-05-31 month")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("上半年", "2024-01-01 2024-06-30 half"),
        ("6月底", "2024-06-21 2024-06-30 span ~"),
        ("1月5日", "2025-01-05 day"),
        ("全年", "2024-01-01 2024-12-31 year"),
        ("去年", "2023-01-01 2023-12-31 year"),
    ],
)
def test_words_that_look_ahead_choose_the_nearest_future(text, expected):
    assert parse_period(text, anchor=date(2024, 1, 16), ahead=True) == period(expected)


def sample():
    with SAMPLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


@pytest.mark.parametrize("row", sample(), ids=lambda row: f"{row['text']} {row['anchor']}")
def test_spans_of_the_corpus(row):
    found = parse_period(
        row["text"],
        anchor=date.fromisoformat(row["anchor"]),
        previous=None if row["previous"] == "-" else period(row["previous"]),
        ahead=row["ahead"] == "ahead",
    )
    assert (found if isinstance(found, Period) else None) == (None if row["period"] == "-" else period(row["period"]))


days = st.dates(date(1900, 1, 1), date(2099, 12, 31))
chinese = str.maketrans("0123456789", "〇一二三四五六七八九")
full_width = str.maketrans("0123456789-", "０１２３４５６７８９－")


def counted(number):
    tens, ones = divmod(number, 10)
    return (
        ("" if tens < 2 else "一二三四五六七八九"[tens - 1])
        + ("十" if tens else "")
        + ("一二三四五六七八九"[ones - 1] if ones else "")
    )


@given(days, st.sampled_from(["arabic", "padded", "wide", "chinese", "iso", "slashed", "quoted"]))
def test_a_day_in_any_style_is_read_back(day, style):
    written = {
        "arabic": f"{day.year}年{day.month}月{day.day}日",
        "padded": f"{day:%Y年%m月%d日}",
        "wide": f"{day.year}年{day.month}月{day.day}日".translate(full_width),
        "chinese": f"{str(day.year).translate(chinese)}年{counted(day.month)}月{counted(day.day)}日",
        "iso": day.isoformat(),
        "slashed": f"{day.year}/{day.month}/{day.day}",
        "quoted": f"“{day.year} 年 {day.month} 月 {day.day} 日”",
    }[style]
    assert parse_period(written) == Period(day, day, "day")


@given(days, days, st.sampled_from("至到—－~～-"))
def test_a_range_is_read_back(first, last, sign):
    first, last = min(first, last), max(first, last)
    written = f"{first.year}年{first.month}月{first.day}日{sign}{last.year}年{last.month}月{last.day}日"
    assert parse_period(written) == Period(first, last, "span")
    whole = Period(date(first.year, 1, 1), date(last.year, 12, 31), "span")
    assert parse_period(f"{first.year}{sign}{last.year}年") == whole


@given(days, st.integers(-40, 0))
def test_a_bare_day_just_past_is_this_one(anchor, back):
    day = anchor + timedelta(days=back)
    assert parse_period(f"{day.month}月{day.day}日", anchor=anchor) == Period(day, day, "day")


PIECES = """
年 月 日 号 底 初 末 旬 上 下 半 前 后 近 多 余 来 以来 至 到 - — ~ 、 个 第 季度 世纪 年代 期间 同期 今 去 明 当 本
今年 去年 上年 当年 全年 “ ” 十 五 三 〇 0 1 2 9 20 31 2024 9999 时 分 上午 春 冬 春节 国庆 十四五 十八大 周 天 ٣ ² Ⅳ
"""
GRAINS = ["time", "day", "month", "quarter", "half", "year", "span"]
pieces = st.lists(st.sampled_from(PIECES.split()), max_size=12).map("".join)
spoken = st.builds(
    lambda a, b, grain: Period(min(a, b), max(a, b), grain), st.dates(), st.dates(), st.sampled_from(GRAINS)
)


@given(st.text(max_size=80) | pieces, st.none() | st.dates(), st.none() | spoken, st.booleans())
def test_no_string_raises_and_what_is_read_is_in_order(text, anchor, previous, ahead):
    found = parse_period(text, anchor=anchor, previous=previous, ahead=ahead)
    if isinstance(found, Period):
        assert found.end is not None
        assert found.start is None or found.start <= found.end
        assert found.approximate or found.start is not None
    else:
        assert found.reason


@pytest.mark.parametrize("piece", ["年", "1", "1月至", "至", "前后", "期间", "今年", "以来", "—", " ", "“", "十", "ﷺ"])
def test_hostile_lengths_cost_nothing(piece):
    begun = time.perf_counter()
    for text in (piece * (LONGEST // len(piece)), piece * 100_000):
        parse_period(text, anchor=date(2024, 12, 20))
    assert time.perf_counter() - begun < 0.5
