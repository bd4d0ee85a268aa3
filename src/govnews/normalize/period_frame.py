"""What a date says by itself is little: the rest comes from the day of writing and the period spoken of before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

from govnews.normalize.calendar_days import months, next_month, shift_months
from govnews.normalize.period_parts import Scope, UnknownPeriod
from govnews.normalize.values import Period

LOOKING_BACK = 4
"""Up to this month a document reports on the year before: work reports are read from January, communiqués to April."""

_FROM_ANCHOR = {
    "今年": 0, "本年": 0, "今": 0, "去年": -1, "去": -1, "前年": -2, "明年": 1, "来年": 1, "后年": 2,
}  # fmt: skip
_FROM_PREVIOUS = {
    "当年": 0, "同年": 0, "那年": 0, "该年": 0, "那1年": 0, "次年": 1, "翌年": 1, "下1年": 1, "下年": 1,
    "前1年": -1,
}  # fmt: skip
YEAR_WORDS = "|".join([*_FROM_ANCHOR, *_FROM_PREVIOUS, "上年", "上1年", "新的1年"])
_DAYS_FROM_ANCHOR = {"今天": 0, "今日": 0, "今": 0, "昨天": -1, "昨日": -1, "昨": -1, "前天": -2, "明天": 1, "后天": 2}
_DAYS_FROM_PREVIOUS = {
    "当天": 0, "当日": 0, "同日": 0, "当": 0, "次日": 1, "第2天": 1, "翌日": 1, "前1天": -1, "前一": -1,
}  # fmt: skip
DAY_WORDS = "|".join([*_DAYS_FROM_ANCHOR, *_DAYS_FROM_PREVIOUS])


class YearPart(Protocol):
    """A part of a year, without the year."""

    @property
    def scope(self) -> Scope:
        """How a year is found for it."""

    def of(self, year: int) -> Period:
        """Return the part of this year."""


@dataclass(frozen=True, slots=True)
class Frame:
    """The day of writing and the period last spoken of."""

    anchor: date | None
    previous: Period | None
    ahead: bool = False

    def now(self) -> date:
        """Return the day of writing.

        Raises:
            UnknownPeriod: It is not known.
        """
        if self.anchor is None:
            raise UnknownPeriod("counts from the day of writing, which is not known")
        return self.anchor

    @property
    def spoken_year(self) -> int | None:
        """The year last spoken of, where it is one."""
        period = self.previous
        if period is None or period.start is None or period.end is None or period.start.year != period.end.year:
            return None
        return period.start.year

    @property
    def report_year(self) -> int:
        """The year the document reports on."""
        day = self.now()
        return day.year - (day.month <= LOOKING_BACK)

    def year(self, word: str) -> int:
        """Return the year that a word or a number names."""
        digits = word.removesuffix("年")
        if digits.isdecimal():
            return int(digits) if len(digits) == 4 else (2000 if digits < "50" else 1900) + int(digits)
        if word == "新的1年":
            return self.report_year + 1
        if word in _FROM_ANCHOR:
            return self.now().year + _FROM_ANCHOR[word]
        if word in _FROM_PREVIOUS:
            if word == "下1年" and self.spoken_year is None:
                return self.now().year + 1
            if self.spoken_year is None:
                raise UnknownPeriod(f"{word} is the year of something said before")
            return self.spoken_year + _FROM_PREVIOUS[word]
        return self._year_before()

    def _year_before(self) -> int:
        """上年: the year before the one spoken of; said twice in a text that looks back, it is still the same year."""
        spoken = self.spoken_year
        if spoken is None:
            return self.report_year - 1
        looks_back = self.anchor is not None and self.report_year < self.anchor.year
        return spoken if looks_back and spoken == self.report_year - 1 else spoken - 1

    def place(self, part: YearPart) -> Period:
        """Give a part of a year its year.

        The year spoken of before holds where it is near enough (see `_carried`); else the day of writing decides,
        by the scope of the part.
        """
        carried = self._carried(part)
        if carried is not None:
            return carried
        day = self.now()
        this = part.of(day.year)
        if this.start is None or this.end is None:
            raise UnknownPeriod("has no edges")
        if self.ahead:
            return this if this.end >= day else part.of(day.year + 1)
        over = {"point": this.start <= day, "stretch": this.end <= day, "edge": False, "within": True}[part.scope]
        return this if over or day.month > LOOKING_BACK else part.of(day.year - 1)

    def _carried(self, part: YearPart) -> Period | None:
        """The part in the year spoken of.

        A whole year passes its year on where it is the year of writing or the one after. The year before does where
        the document looks back, or to what would else lie ahead; otherwise it is mostly a base of comparison (比上年),
        like all years farther off. A half passes on the year of writing. A day or a month does to what comes after
        it and is past, as a story goes on, and to the edges of the year reported on.
        """
        year, previous = self.spoken_year, self.previous
        if year is None or previous is None or previous.start is None:
            return None
        if self.anchor is None:
            return part.of(year)
        distance = year - self.anchor.year
        period = part.of(year)
        if period.start is None or (previous.approximate and previous.grain in ("year", "span")):
            return None
        if previous.grain == "year":
            told_of_past = part.scope == "point" and distance == -1 and shift_months(period.start, 12) > self.anchor
            told = distance in (0, 1) or year == self.report_year or told_of_past
        elif part.scope in ("edge", "within"):
            told = year in (self.anchor.year, self.report_year)
        elif previous.grain == "half":
            told = distance == 0
        else:
            told = previous.grain in ("month", "day", "time") and previous.start <= period.start <= self.anchor
        return period if told else None

    def month(self, word: str) -> date:
        """Return the first day of the month that 本月, 上月, 当月 or 次月 name."""
        if word[0] in "本上下":
            return shift_months(self.now().replace(day=1), {"本": 0, "上": -1, "下": 1}[word[0]])
        previous = self.previous
        if previous is None or previous.start is None or previous.grain not in ("month", "day", "time"):
            raise UnknownPeriod(f"{word} is the month of something said before")
        return shift_months(previous.start.replace(day=1), 1 if word[0] in "次翌" else 0)

    def day(self, word: str) -> date:
        """Return the day that 今天, 昨日, 当天 or 次日 name."""
        if word in _DAYS_FROM_ANCHOR:
            return self.now() + timedelta(days=_DAYS_FROM_ANCHOR[word])
        return self.spoken_day(word) + timedelta(days=_DAYS_FROM_PREVIOUS[word])

    def spoken_day(self, word: str) -> date:
        """Return the day last spoken of.

        Raises:
            UnknownPeriod: It was no day.
        """
        previous = self.previous
        if previous is None or previous.end is None or previous.grain not in ("day", "time"):
            raise UnknownPeriod(f"{word} counts from a day said before")
        return previous.end

    def day_of_month(self, number: int) -> date:
        """Return the day a bare number names: in the month spoken of, else the last such day."""
        previous = self.previous
        if previous and previous.start and previous.end and previous.end < next_month(previous.start):
            return previous.start.replace(day=number)
        day = self.now()
        first = day.replace(day=1) if number <= day.day else shift_months(day.replace(day=1), -1)
        return first.replace(day=number)

    def edge(self, text: str) -> Period:
        """Return the month in which the period spoken of ends."""
        previous = self.previous
        if previous is None or previous.end is None:
            raise UnknownPeriod(f"{text} closes a period said before")
        return months(previous.end.year, previous.end.month, previous.end.month, "month", approximate=True)

    def quarter(self) -> Period:
        """Return the quarter spoken of."""
        previous = self.previous
        if previous is None or previous.start is None or previous.grain not in ("quarter", "month", "day", "time"):
            raise UnknownPeriod("counts from a quarter said before")
        first = 3 * ((previous.start.month - 1) // 3) + 1
        return months(previous.start.year, first, first + 2, "quarter")
