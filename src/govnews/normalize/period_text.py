"""Write the many ways to spell a date in one."""

from __future__ import annotations

import re
import unicodedata

from govnews.normalize.numerals import read_numeral

SEPARATOR = "~"
"""What stands between the two ends of a range, however it was written."""

_SIMPLIFIED = str.maketrans("個連續開來後間時這過還當兩黨國內歲農曆號龍", "个连续开来后间时这过还当两党国内岁农历号龙")
_MARKS = re.compile(r"[\s“”\"'‘’「」『』《》()\[\]·]+")
_SCANNED = re.compile(r"(?<![A-Za-z0-9])[0-9OolI]{1,4}(?=[年月日号])")  # letters that scanned text has for digits
_LETTERS = str.maketrans("OolI", "0011")
_DIGITS = str.maketrans("〇零○一二三四五六七八九", "000123456789")
_NUMERIC = re.compile(r"(?<![0-9])([12][0-9]{3})[-./]([01]?[0-9])(?:[-./]([0-3]?[0-9]))?(?![0-9年月])")
_YEAR = re.compile(r"[〇零○一二三四五六七八九]{4}(?=年)")
_LIST = re.compile(r"(?<=[一二三四0-9])、(?=[一二三四0-9]{1,2}(?:季度|月))")
_RANGE = re.compile(r"(?<=\w)(?:[—–―－~〜-]{1,3}|至|到)(?=\w)")
_NUMBER = re.compile(
    r"[〇零一二三四五六七八九十百两廿]{1,6}"
    r"(?=~[0-9〇零一二三四五六七八九十]{1,6}[年月日号季]|[个多余]{0,2}(?:年|月|日|号|天|周|季度|世纪|时(?!期)|点|分))"
)
_FIRST = re.compile(r"^(?:截至到?|截止到?|从|自|到|至|于)")


def plain_date(text: str) -> str:
    """Write a date with ASCII digits, one sign for a range, and without quotation marks and spaces.

    >>> plain_date("二〇二四年一至十一月")
    '2024年1~11月'
    """
    text = _MARKS.sub("", unicodedata.normalize("NFKC", text).translate(_SIMPLIFIED))
    text = _SCANNED.sub(lambda match: match[0].translate(_LETTERS), text)
    text = _NUMERIC.sub(_spelled, text)
    text = _YEAR.sub(lambda match: match[0].translate(_DIGITS), text)
    text = _LIST.sub(SEPARATOR, _FIRST.sub("", text))
    text = _NUMBER.sub(_arabic, _RANGE.sub(SEPARATOR, text))
    return text.replace("元月", "1月").strip("、,。;:")


def _spelled(match: re.Match[str]) -> str:
    year, month, day = match.groups()
    return f"{year}年{int(month)}月" + (f"{int(day)}日" if day else "")


def _arabic(match: re.Match[str]) -> str:
    value = read_numeral(match[0].replace("廿", "二十"))
    return match[0] if value is None else str(int(value))
