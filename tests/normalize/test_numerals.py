from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govnews.normalize.numerals import read_numeral, read_range

READ = """
0 0|7 7|2024 2024|1.25 1.25|1,234 1234|1，234，567.8 1234567.8|２３．５ 23.5|12万 120000|1.2万 12000|３．５万 35000
3万亿 3000000000000|1.2万亿 1200000000000|2亿3千万 230000000|5千 5000|8百 800|2千3百万 23000000|3000万 30000000
1,234.5万 12345000|零 0|〇 0|两 2|十 10|十五 15|二十 20|廿 20|廿五 25|卅 30|五十六 56|一百 100|百 100|一百零三 103
一百五 150|一百一十 110|三百二十一 321|一千零五 1005|一千零五十 1050|两千三百 2300|三千五 3500|一万 10000|一万零三 10003
一万零三百 10300|三万五 35000|十万 100000|二十七万 270000|两千三百万 23000000|百亿 10000000000|千亿 100000000000
五亿零三百 500000300|三千亿 300000000000|两万亿 2000000000000|九百九十九万九千九百九十九 9999999|二〇二四 2024
二零二四 2024|一九八四 1984|九八 98|五点二 5.2|三十七点二 37.2|二点三万 23000|零点五 0.5|壹佰零叁 103|一零 10|兩萬 20000
"""
NOT_READ = """
三四 三四百 七八十 12,34 1,2345 万亿亿 亿万 十十 一十百 千百 百千 1.2亿3千万 3万5万 一百零 百分 几 多 半 点 点五 五点 "
    "1.2.3 .5 5. 1e5 +5 -5 ½ ٣ ² 一百人 人 十几 1至3 50%
"""


@pytest.mark.parametrize("row", [row for row in READ.replace("\n", "|").split("|") if row])
def test_a_numeral_is_read_exactly(row):
    text, value = row.split(" ")
    assert read_numeral(text) == Decimal(value)


@pytest.mark.parametrize("text", ["", " ", *NOT_READ.split()])
def test_what_is_no_numeral_is_not_read(text):
    assert read_numeral(text) is None


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("三四", 3, 4),
        ("三四百", 300, 400),
        ("七八千", 7000, 8000),
        ("一万四五千", 14000, 15000),
        ("四五十亿", 4 * 10**9, 5 * 10**9),
        ("二三十", 20, 30),
        ("十七八", 17, 18),
    ],
)
def test_two_digits_that_follow_each_other_are_a_range(text, low, high):
    assert read_range(text) == (low, high)


@pytest.mark.parametrize("text", ["三百", "三五百", "四三百", "二〇二三", "三四五", "三四百五六十", "12", ""])
def test_other_numerals_are_no_range(text):
    assert read_range(text) is None


def write_chinese(number: int) -> str:
    """Write a whole number below 10**12 in Chinese, by the book."""
    if number < 10:
        return "零一二三四五六七八九"[number]
    for scale, sign in ((10**8, "亿"), (10**4, "万"), (1000, "千"), (100, "百"), (10, "十")):
        if number >= scale:
            head, rest = divmod(number, scale)
            gap = "零" if 0 < rest < scale // 10 else ""
            return write_chinese(head) + sign + (gap + write_chinese(rest) if rest else "")
    raise AssertionError


@given(st.integers(0, 10**12 - 1) | st.integers(0, 100_000))
def test_a_number_written_in_chinese_is_read_back(number):
    assert read_numeral(write_chinese(number)) == number


@given(st.integers(1900, 2100))
def test_a_year_digit_by_digit_is_read_back(year):
    assert read_numeral("".join("〇一二三四五六七八九"[int(digit)] for digit in str(year))) == year


@given(
    st.decimals(0, 99_999, places=2),
    st.sampled_from([("", 1), ("万", 10**4), ("亿", 10**8), ("万亿", 10**12)]),
    st.booleans(),
)
def test_an_arabic_number_with_a_scale_is_read_back(number, scale, full_width):
    text = f"{number:,}{scale[0]}"
    if full_width:
        text = text.translate(str.maketrans("0123456789.,", "０１２３４５６７８９．，"))
    assert read_numeral(text) == number * scale[1]


@given(st.text(st.sampled_from("0１.,，点零〇一二两三十百千万亿廿卅壹萬几 "), max_size=12))
def test_no_text_makes_it_fail(text):
    value = read_numeral(text)
    assert value is None or value >= 0
    pair = read_range(text)
    assert pair is None or pair[0] < pair[1]


@pytest.mark.parametrize("text", ["1", "一", "万", "1,", "十百", "点", "1万"])
def test_a_hundred_thousand_signs_are_no_numeral(text):
    assert read_numeral(text * 100_000) is None
    assert read_range(text * 100_000) is None
