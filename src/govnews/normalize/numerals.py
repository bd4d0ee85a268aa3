"""Read Arabic, Chinese and mixed numerals exactly."""

from __future__ import annotations

import re
from decimal import Context, Decimal

ARITHMETIC = Context(prec=80)
"""Enough digits that no product or sum of read numerals is ever rounded."""

MAX_DIGITS = 20
"""Longest run of digits that is read: more is no figure but noise."""

DIGITS = {digit: value for value, digit in enumerate("〇一二三四五六七八九")} | {"零": 0, "○": 0, "两": 2}
SMALL = {"十": 10, "百": 100, "千": 1000}
LARGE = {"万": 10**4, "亿": 10**8}
SCALES = "".join(SMALL) + "".join(LARGE)

_FOLDED = (
    dict(zip("０１２３４５６７８９．，％＋－／：∶～（）", "0123456789.,%+-/::~()", strict=True))
    | dict(zip("−﹣〜∼㎡", "--~~㎡", strict=True))
    | dict(
        zip(
            "兩萬億個點戶頭輛噸畝條項間張達約過餘佔時鐘歲順組",
            "两万亿个点户头辆吨亩条项间张达约过余占时钟岁顺组",
            strict=True,
        )
    )
)
_FOLD = str.maketrans(_FOLDED)
# Not folded in running text: 队伍, 大陆.
_FORMAL = str.maketrans("壹贰叁肆伍陆柒捌玖拾佰仟", "一二三四五六七八九十百千")

_DIGIT = "".join(DIGITS)
ARABIC = r"(?>[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?)"
# 千 of 千瓦 and 百 of 百分点 belong to the unit.
_SIGN = rf"(?:[{_DIGIT}十万亿廿卅]|千(?![瓦克米伏])|百(?!分[点之]))"
CHINESE = rf"(?>{_SIGN}+(?:点[{_DIGIT}]+{_SIGN}*)?)"
NUMERAL = rf"(?>(?:{ARABIC}|{CHINESE})+)"
"""Pattern of what may be a numeral in folded text; `read_numeral` tells whether it is one."""

_TOKEN = re.compile(rf"(?P<arabic>{ARABIC})|(?P<decimal>[{_DIGIT}{SCALES}]+点[{_DIGIT}]+)|(?P<sign>.)", re.DOTALL)
_WHOLE = re.compile(NUMERAL)


def fold(text: str) -> str:
    """Replace full-width signs and traditional characters of figures, one for one.

    >>> fold("１．２萬元，５％")
    '1.2万元,5%'
    """
    return text.translate(_FOLD)


def read_numeral(text: str) -> Decimal | None:
    """Read a whole exact numeral.

    Two digits that follow each other (三四) say a range and are no numeral; three and more, or with 〇,
    are read digit by digit.

    Args:
        text: An Arabic, Chinese or mixed numeral and nothing else.

    Returns:
        Its value, or None where it is no exact numeral.

    >>> read_numeral("1.2万亿"), read_numeral("两千三百万"), read_numeral("二〇二四"), read_numeral("三四百")
    (Decimal('1200000000000'), Decimal('23000000'), Decimal('2024'), None)
    """
    text = fold(text).translate(_FORMAL)
    if not _WHOLE.fullmatch(text) or len(text) > 2 * MAX_DIGITS:
        return None
    if len(text) > 1 and all(sign in DIGITS for sign in text):
        return _digit_by_digit(text)
    tokens = _tokens(text)
    value = None if tokens is None else _read(tokens)
    return None if value is None else plain(value)


def read_range(text: str) -> tuple[Decimal, Decimal] | None:
    """Read a numeral in which two digits that follow each other say a range.

    >>> read_range("三四百"), read_range("一万四五千"), read_range("三百")
    ((Decimal('300'), Decimal('400')), (Decimal('14000'), Decimal('15000')), None)
    """
    text = fold(text)
    if len(text) > 2 * MAX_DIGITS:
        return None
    runs = list(re.finditer(rf"[{_DIGIT}]+", text))
    pairs = [run for run in runs if len(run[0]) == 2 and _follow(run[0])]
    if len(pairs) != 1 or any(len(run[0]) > 1 for run in runs if run is not pairs[0]):
        return None
    first = pairs[0].start()
    low = read_numeral(text[: first + 1] + text[first + 2 :])
    high = read_numeral(text[:first] + text[first + 1 :])
    return None if low is None or high is None else (low, high)


def plain(value: Decimal) -> Decimal:
    """Write a number without trailing zeros and exponent.

    >>> plain(Decimal("12000.0")), plain(Decimal("1.2E+4"))
    (Decimal('12000'), Decimal('12000'))
    """
    value = ARITHMETIC.normalize(value)
    return value if value.as_tuple().exponent <= 0 else value.quantize(Decimal(1), context=ARITHMETIC)  # type: ignore[operator]


def _follow(pair: str) -> bool:
    return DIGITS[pair[1]] == DIGITS[pair[0]] + 1 and DIGITS[pair[0]] > 0


def _digit_by_digit(text: str) -> Decimal | None:
    if "两" in text or len(text) > MAX_DIGITS or (len(text) == 2 and _follow(text)):
        return None
    return Decimal("".join(str(DIGITS[sign]) for sign in text))


def _tokens(text: str) -> list[Decimal | str] | None:
    """Cut a numeral into numbers and scales; 廿 is 二十."""
    tokens: list[Decimal | str] = []
    text = text.replace("廿", "二十").replace("卅", "三十")
    for match in _TOKEN.finditer(text):
        if match["arabic"]:
            digits = match["arabic"].replace(",", "")
            if len(digits) > MAX_DIGITS:
                return None
            tokens.append(Decimal(digits))
        elif match["decimal"]:
            whole, _, tail = match["decimal"].partition("点")
            value = read_numeral(whole)
            if value is None:
                return None
            tokens.append(Decimal(f"{value}.{''.join(str(DIGITS[digit]) for digit in tail)}"))
        else:
            tokens.append(Decimal(DIGITS[match[0]]) if match[0] in DIGITS else match[0])
    return tokens


def _read(tokens: list[Decimal | str]) -> Decimal | None:
    """Read tokens: what stands before 亿 or 万 is multiplied, what stands after is added."""
    for name, scale in (("亿", LARGE["亿"]), ("万", LARGE["万"])):
        if name in tokens:
            at = tokens.index(name)
            head = Decimal(1) if at == 0 else _read(tokens[:at])
            return None if head is None else _join(ARITHMETIC.multiply(head, Decimal(scale)), scale, tokens[at + 1 :])
    return _read_section(tokens)


def _join(head: Decimal, scale: int, rest: list[Decimal | str]) -> Decimal | None:
    """Add what follows a scale: 3千万 of 2亿3千万; the bare 三 of 两万三 is three thousand."""
    if not rest:
        return head
    if rest[0] == 0:  # 零 keeps the place: 一万零三
        rest = rest[1:]
    elif len(rest) == 1 and isinstance(rest[0], Decimal):
        if not 0 < rest[0] < 10 or rest[0] != rest[0].to_integral_value():
            return None
        return ARITHMETIC.add(head, ARITHMETIC.multiply(rest[0], Decimal(scale // 10)))
    tail = None if not rest or rest[0] in LARGE else _read(rest)
    if tail is None or tail >= scale or head % scale:
        return None
    return ARITHMETIC.add(head, tail)


def _read_section(tokens: list[Decimal | str]) -> Decimal | None:
    """Read 千 百 十 and digits, each scale once and falling."""
    total = Decimal(0)
    number: Decimal | None = None
    last = 10**4
    gap = False  # whether 零 stands before the number
    for token in tokens:
        if isinstance(token, Decimal):
            if number is not None:
                return None
            if token == 0 and len(tokens) > 1:
                if gap or last == 10**4:
                    return None
                gap = True
            else:
                number = token
            continue
        scale = SMALL.get(token)
        if scale is None or scale >= last or (number is None and total and scale > 10):
            return None
        total = ARITHMETIC.add(total, ARITHMETIC.multiply(Decimal(1) if number is None else number, Decimal(scale)))
        number, last, gap = None, scale, False
    if number is None:
        return None if gap else total
    if last == 10**4 or gap or last == 10:
        return ARITHMETIC.add(total, number) if last == 10**4 or number < 10 else None
    return ARITHMETIC.add(total, ARITHMETIC.multiply(number, Decimal(last // 10))) if number < 10 else None
