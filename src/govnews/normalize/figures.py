"""Find the figures in the text of a span, each with its unit and its bound."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

from govnews.normalize.idioms import BEFORE_WORD, PERCENT, RANK, Figure, find_idioms
from govnews.normalize.numerals import (
    ARITHMETIC,
    DIGITS,
    NUMERAL,
    SCALES,
    plain,
    read_numeral,
    read_range,
)
from govnews.normalize.units import CLASSIFIERS, UNITS, Unit
from govnews.normalize.values import Bound
from govnews.normalize.wording import AFTER, BEFORE, one_of


def _alternatives(words: list[str]) -> str:
    """Make a pattern of units; one of Latin letters ends where the letters do."""
    latin = [word for word in words if word[-1].isascii() and word[-1].isalnum()]
    others = [word for word in words if word not in latin]
    return rf"(?:(?:{one_of(latin)})(?![A-Za-z0-9²³])|{one_of(others)})"


_UNIT = _alternatives([*UNITS, *CLASSIFIERS])
_PER = rf"(?:{NUMERAL})?(?:{_alternatives([*UNITS, *CLASSIFIERS])}|万元|人口|[\u4e00-\u9fff])"
_NUMBER = rf"(?<![A-Za-z0-9.])(?<![A-Za-z0-9]-){NUMERAL}(?!\.[0-9])"

FIGURE = re.compile(
    rf"""
    (?P<words>{BEFORE_WORD}{{0,2}})
    (?P<order>(?:倒数)?第|(?<![提学目此以日年])前)?
    (?:(?P<base>[百千万]|{NUMERAL})分之)?
    (?P<sign>(?<![A-Za-z0-9%])-|(?<![减担欠])负)?
    (?P<vague>[几数](?=[{SCALES}]))?
    (?P<first>{_NUMBER}|(?<![上下一])半(?=个?[年月天日小]))
    (?:(?P<more>[余多来]|点?几)(?P<scale>[{SCALES}]*))?
    (?:(?P<unit1>{_UNIT})?(?P<dash>[-—–~至到]{{1,2}})(?P<second>{_NUMBER})(?P<more2>[余多])?(?(unit1)(?=(?P=unit1))))?
    (?:
        成(?P<tenth>[{"".join(DIGITS)}半](?![个项]))?(?!立|员|果|品|功|年|为)
        | 个(?P<mid>[多余半])(?P<long>月|小时|钟头|星期|季度)
        | (?P<unit>(?!升[至到]){_UNIT})(?P<half>半(?!数))?
          (?:[/每](?P<per>{_PER}))?
        | (?P<top>(?<!分之.)(?<!分之..)强)
    )?
    (?P<slightly>(?<=分之.)[强弱])?
    (?P<after>{one_of(AFTER)})?
    """,
    re.VERBOSE,
)
_MASKED = re.compile(r"“[^”]*”|《[^》]*》|\([^()]*\)")
_NAME = re.compile(r"[级型]|系(?![列统])|号(?!人)|维|期工程")
_FROM_ZERO = ("", "升", "增", "提", "上", "扩")  # 由零升至
_BARE = re.compile(r"[百千万亿]+$")
_BARE_AFTER = re.compile(r"(?:达到?|完成|实现|冲[刺击]|(?:稳定|保持)在)$")
_END = re.compile(r"(?:\([^()]*\))?[\s,，。;；、:：]*$")

_PER_NAMES = {
    "人口": "person",
    "居民": "person",
    "常住人口": "person",
    "月": "month",
    "季": "quarter",
    "季度": "quarter",
}


def find_figures(text: str) -> list[Figure]:
    """Find the figures of a folded text, in order.

    Numbers that name something (QCD-800, 5G, 500万吨级) and what stands in quotation marks or brackets are none.

    >>> [(f.values, f.classifier) for f in find_figures("500万吨级码头2座")]
    [((Decimal('2'),), '座')]
    """
    masked = [match.span() for match in _MASKED.finditer(text)]
    found: list[Figure] = sorted(find_idioms(text), key=lambda figure: figure.start)
    taken = [(figure.start, figure.end) for figure in found] + masked
    for match in FIGURE.finditer(text):
        start, end = match.start("first"), match.end()
        if not any(start < other and low < end for low, other in taken) and (figure := _figure(match, text)):
            found.append(figure)
    return sorted(found, key=lambda figure: figure.start)


def ends(figure: Figure, text: str) -> bool:
    """Tell whether nothing but a bracketed note follows a figure."""
    return _END.match(text, figure.end) is not None


def _figure(match: re.Match[str], text: str) -> Figure | None:
    """Read a match; None where the number only names something."""
    unit, written = _unit(match)
    end = match.end()
    rest = text[end:]
    rank = bool(match["order"] or match["top"])
    if _only_names(match, rest, written) or (
        match["first"] == "零" and unit is None and rest[:1] not in _FROM_ZERO
    ):  # 零售, 零部件
        return None
    if rank and match["top"] is None:
        unit = UNITS[written] if written in {"%", "‰"} else RANK
        if not written and (tier := re.match(r"梯队|方阵|序列|档", rest)):
            written, end = tier[0], end + len(tier[0])
    elif match["top"]:
        unit, written = RANK, "强"
    elif unit is None and not match["after"] and len(rest) == 1 and "\u4e00" <= rest <= "\u9fff":
        unit, written, end = Unit("count", "item"), rest, end + 1
    values, reason = _values(match)
    if not values and not reason:
        return None
    bound: Bound = "range" if len(values) == 2 else _bound(match)
    if rank and (match["order"] or "") != "第" and len(values) == 1:
        values, bound = (Decimal(1 if unit == RANK else 0), values[0]), "range"
        if match["order"] == "倒数第":
            return Figure(match.start(), end, (), reason="a place counted from the bottom")
    if unit is not None and unit.factor != 1:
        values = tuple(plain(ARITHMETIC.multiply(value, unit.factor)) for value in values)
    return Figure(match.start(), end, values, unit, written, bound, rank, _per(match["per"]), reason=reason)


def _only_names(match: re.Match[str], rest: str, written: str) -> bool:
    """Tell whether a number counts nothing: 第一产业, 5G, 500万吨级, 亿元以上项目, 千人口床位数."""
    if match["order"]:
        return not _is_rank(match, rest)
    latin = not written and rest[:1].isascii() and rest[:1].isalpha()
    if not match["top"] and (latin or _NAME.match(rest) or (written == "级" and rest)):
        return True
    sure = any(match[name] for name in ("words", "more", "base", "top", "vague"))
    opens = (
        match.start() == 0
        and written
        and not match["after"]
        and written != "级"
        and match["first"] + written not in {"万元", "亿元"}
    )
    if _BARE.match(match["first"]) and not match["second"] and not opens:
        return not sure and not _BARE_AFTER.search(match.string[max(0, match.start() - 4) : match.start()])
    chinese = not any(sign in SCALES or sign.isdecimal() for sign in match["first"])
    return (
        chinese
        and match["first"] != "零"
        and not (written or sure or match["second"] or match["after"])
        and len(rest) > 1
    )


def _is_rank(match: re.Match[str], rest: str) -> bool:
    unit = match["unit"] or ""
    if unit in {"位", "名", "%", "‰"}:
        return True
    return (
        not unit and not match["tenth"] and (bool(_END.match(rest)) or bool(re.match(r"(?:梯队|方阵|序列|档)$", rest)))
    )


def _unit(match: re.Match[str]) -> tuple[Unit | None, str]:
    if match["base"]:
        return PERCENT, ""
    if match["mid"]:
        name = {"月": "个月", "季度": "个季度", "星期": "星期"}.get(match["long"], match["long"])
        return UNITS[name], name
    if match["unit"] is None:
        return (replace(PERCENT, factor=Decimal(10)), "成") if "成" in match[0] else (None, "")
    written = match["unit"]
    return UNITS.get(written) or Unit("count", "item"), written


def _values(match: re.Match[str]) -> tuple[tuple[Decimal, ...], str]:
    """Read the number or the range of a match, or say why there is none."""
    first = match["first"]
    if match["vague"] or "几" in (match["more"] or ""):
        return (), f"{match[0]!r} says no number"
    if match["second"]:
        return _two(match)
    value = Decimal("0.5") if first == "半" else read_numeral(first)
    if value is None:
        pair = read_range(first)
        return (pair, "") if pair else ((), f"{first!r} is no numeral")
    if match["scale"]:
        scaled = read_numeral("1" + match["scale"])
        if scaled is None:
            return (), f"{match[0]!r} is no numeral"
        value = plain(ARITHMETIC.multiply(value, scaled))
    if match["base"]:
        base = read_numeral(match["base"])
        if not base:
            return (), f"{match[0]!r} is no fraction"
        value = _hundredths(value, base)
    if match["tenth"]:
        value += Decimal("0.5") if match["tenth"] == "半" else Decimal(DIGITS[match["tenth"]]) / 10
    if match["half"] or match["mid"] == "半":
        value += Decimal("0.5")
    return (-value if match["sign"] else value,), ""


def _hundredths(value: Decimal, base: Decimal) -> Decimal:
    """Turn a fraction into percent; one that does not end is cut at four places."""
    share = ARITHMETIC.divide(ARITHMETIC.multiply(value, Decimal(100)), base)
    return plain(ARITHMETIC.quantize(share, Decimal("0.0001")))


def _two(match: re.Match[str]) -> tuple[tuple[Decimal, ...], str]:
    low, high = read_numeral(match["first"]), read_numeral(match["second"])
    if low is None or high is None:
        return (), f"{match[0]!r} is no range"
    scale = re.search(rf"[万亿]+$|(?<=[0-9])[{SCALES}]+$", match["second"])
    if scale and not match["unit1"] and not re.search(r"[万亿]", match["first"]):
        shared = ARITHMETIC.multiply(low, read_numeral("1" + scale[0]) or Decimal(1))
        low = plain(shared) if shared < high else low  # 3至5万, but 5000至1万
    return (low, high), ""


def _bound(match: re.Match[str]) -> Bound:
    words = match["words"]
    for word in sorted(BEFORE, key=len, reverse=True):
        if word in words:
            return BEFORE[word]
    if match["after"] and AFTER[match["after"]] != "over":
        return AFTER[match["after"]]
    if match["slightly"] == "弱":
        return "nearly"
    return (
        "over"
        if match["slightly"] or match["more"] in {"余", "多"} or match["mid"] in {"多", "余"} or match["after"]
        else "exact"
    )


def _per(written: str | None) -> str:
    return "/" + name_unit(written) if written else ""


def name_unit(written: str) -> str:
    """Name the unit that a rate is for, with its number.

    >>> name_unit("百户"), name_unit("吨"), name_unit("套")
    ('100 household', 't', '套')
    """
    number = re.match(NUMERAL, written)
    count = number[0] if number else ""
    rest = written[len(count) :]
    name = UNITS[rest].name if rest in UNITS else _PER_NAMES.get(rest, rest)
    value = read_numeral(count) if count else None
    return f"{value} {name}" if value is not None and value != 1 else name
