"""Repair the layout of copied or scanned pages.

Text taken from a page has its paragraphs cut by columns and page breaks, captions in the middle
of sentences, and headline, byline and credits in the flow. `repair_layout` rejoins what belongs
together, tells the kinds of block apart, and keeps a map from the clean text to the raw one.

The evidence it uses: a paragraph that does not end as a sentence ends is cut; its other half is the
next block that does not begin as a paragraph begins, and all between the two must be furniture of
the page (captions, headings, page numbers). Hard-wrapped lines are those as long as the page is wide.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Literal

Kind = Literal["headline", "subhead", "byline", "caption", "credit", "furniture", "body"]

MAX_HEADING = 40
MAX_CAPTION = 60
MAX_BETWEEN = 8
MIN_BODY = 45
MAX_WRAP = 80

_SENTENCE_END = re.compile(r"[。！？…；：.!?;:](?:[”’」』）》】)\]]*)\s*$|[”」』）》】)\]]\s*$")
_CLAUSE_MARK = re.compile(r"[，。；！？,;]")
_PARAGRAPH_START = re.compile(
    r"[（(]?[一二三四五六七八九十百]{1,3}[）)、.．]|第[一二三四五六七八九十百零\d]+[章节条部分]|"
    r"[（(]?\d{1,2}[）)、.．](?!\d)|[①-⑳●■◆▲★※•·○□]|[一二三四五六七八九十]是"
)
_CREDIT = re.compile(
    r"[（(【\[].{0,40}(?:图片|照片|提供|供图|摄影?|责编|责任编辑|编辑|校对|审核|来源|记者).{0,20}[）)】\]]\s*$|"
    r"(?:责任?编辑|责编|编辑|校对|审核|来源|监制|统筹|美编|版式|电话|邮箱)[:：/ ].{0,60}$"
)
_CAPTION = re.compile(
    r"(?:图为|图①|上图|下图|左图|右图|资料图|[（(]资料图|图[一二三四五六七八九\d]{1,2}[ ：:])|"
    r".{4,}[\u4e00-\u9fff]{2,4} ?摄\s*$"
)
_FURNITURE = re.compile(
    r"[-—–· ]*第? ?\d{1,4} ?(?:页|版)?(?:[ ,，/]*共 ?\d{1,4} ?页)?[-—–· ]*$|[-—–=_*＊·.]{3,}$|"
    r"\d{1,4} ?/ ?\d{1,4}$|[A-Z]?\d{1,2}版.{0,6}$"
)
_ROLES = re.compile(
    r"(?:本报|本网|特约|见习|实习)?(?:记者|通讯员|特派员|评论员|作者|撰稿|执笔|摄影|摄|文|图)"
    r"(?=[\s:：/／|｜、]|[\u4e00-\u9fff]{2,4}(?:[\s、]|$))"
)
_SURNAMES = set(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪"
    "范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤常温康施文牛樊葛邢安齐易乔伍庞颜倪"
    "庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈"
    "饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇"
    "桑郎甄丛仲虞敖巩明佘池查麻苑迟邝官封谈匡鞠惠荆乐冀郁胥南班储原栗燕楚鄢"
)
_NAME = re.compile(
    r"[\u4e00-\u9fff]{2,3}$|(?:欧阳|司马|上官|诸葛|皇甫|尉迟|公孙|慕容|司徒|夏侯|令狐)[\u4e00-\u9fff]{1,2}$"
)


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph of the clean text, without its line feed."""

    kind: Kind
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Page:
    """A text with its layout repaired.

    Args:
        text: The clean text: one line a paragraph.
        blocks: Its paragraphs with their kinds, in order.
        raw: The text as it was given.
        joins: Offsets in `text` at which two pieces of the page were put together.
    """

    text: str
    blocks: tuple[Block, ...]
    raw: str
    joins: tuple[int, ...] = ()
    _clean: tuple[int, ...] = field(default=(), repr=False)
    _raw: tuple[int, ...] = field(default=(), repr=False)
    _lengths: tuple[int, ...] = field(default=(), repr=False)

    def raw_spans(self, start: int, end: int) -> list[tuple[int, int]]:
        """Where a span of the clean text stands in the raw one.

        Args:
            start: First code point in the clean text.
            end: One past the last.

        Returns:
            Half-open spans in reading order; more than one where the page cut the span.
        """
        spans: list[tuple[int, int]] = []
        index = max(bisect_right(self._clean, start) - 1, 0)
        while index < len(self._clean) and self._clean[index] < end:
            offset = self._raw[index] - self._clean[index]
            low = max(start, self._clean[index])
            high = min(end, self._clean[index] + self._lengths[index])
            if low < high:
                spans.append((low + offset, high + offset))
            index += 1
        return spans

    def kind_at(self, offset: int) -> Kind:
        """The kind of the block that holds an offset of the clean text."""
        index = bisect_right(self.blocks, offset, key=lambda block: block.start) - 1
        return self.blocks[index].kind


@dataclass(slots=True)
class _Line:
    """A stretch of raw text, its edges free of white space; `pieces` grows as lines are joined."""

    pieces: list[tuple[int, int]]
    text: str
    indent: int
    gap: int
    kind: Kind = "body"

    def join(self, other: _Line) -> None:
        self.pieces += other.pieces
        self.text += _joint(self.text, other.text) + other.text

    @property
    def closed(self) -> bool:
        return _SENTENCE_END.search(self.text) is not None


def keep_layout(raw: str) -> Page:
    """A page whose text is the raw text itself, character for character."""
    blocks = []
    start = 0
    for line in raw.split("\n"):
        blocks.append(Block("body", start, start + len(line)))
        start += len(line) + 1
    return Page(raw, tuple(blocks), raw, (), (0,), (0,), (len(raw),))


def repair_layout(raw: str) -> Page:
    r"""Repair the layout of a page and tell its blocks apart.

    Nothing is dropped but white space between blocks, and nothing is changed inside them;
    a caption that cut a paragraph follows it. Linear in the length of the text.

    Args:
        raw: Text as it was copied or scanned.

    >>> page = repair_layout("雨湖区为对外\n\n\n鸟瞰万楼。\n\n\n开放，注入动力。")
    >>> page.text
    '雨湖区为对外开放，注入动力。\n鸟瞰万楼。'
    >>> page.raw_spans(4, 8)
    [(4, 6), (16, 18)]
    """
    lines = _unwrap(_read_lines(raw))
    _tell_kinds(lines)
    lines = _rejoin(lines)
    _tell_headlines(lines)
    return _lay_out(raw, lines)


def _read_lines(raw: str) -> list[_Line]:
    lines = []
    gap = start = 0
    for text in re.split(r"[\n\f\v\u2028\u2029]", raw):
        body = text.strip("\ufeff" + " \t\r\u3000\xa0\u200b")
        if body:
            left = text.index(body)
            lines.append(_Line([(start + left, start + left + len(body))], body, _columns(text[:left]), gap))
            gap = 0
        else:
            gap += 1
        start += len(text) + 1
    return lines


def _columns(text: str) -> int:
    """Width of a text in columns of a terminal: wide characters take two."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else char.isprintable() for char in text)


def _joint(left: str, right: str) -> str:
    """What stands between two joined pieces: a space between Latin words, otherwise nothing."""
    latin = left[-1:].isascii() and left[-1:].isalpha() and right[:1].isascii() and right[:1].isalpha()
    return " " if latin else ""


def _unwrap(lines: list[_Line]) -> list[_Line]:
    """Join hard-wrapped lines, where the page is hard-wrapped at all."""
    widths = [_columns(line.text) for line in lines]
    tight = [widths[i] for i, line in enumerate(lines[1:]) if line.gap == 0]
    if len(tight) < 3:
        return lines
    width = sorted(widths)[-1 - len(widths) // 10]
    full = [w for w in tight if width - 4 <= w <= width + 4]
    if not 20 <= width <= 2 * MAX_WRAP or len(full) < len(tight) / 2:
        return lines
    indents = Counter(line.indent for line in lines)
    margin = min(indents)
    indented = sum(count for indent, count in indents.items() if indent >= margin + 2) >= 2
    joined = [lines[0]]
    last = widths[0] + lines[0].indent - margin
    for line, columns in zip(lines[1:], widths[1:], strict=True):
        starts = line.gap > 0 or line.indent >= margin + 2 or _PARAGRAPH_START.match(line.text)
        if starts or last < width - 4 or (joined[-1].closed and not indented):
            joined.append(line)
        else:
            joined[-1].join(line)
        last = columns + line.indent - margin
    return joined


def _usual_gap(lines: list[_Line]) -> int:
    """Blank lines that most often stand between two blocks."""
    return Counter(line.gap for line in lines[1:]).most_common(1)[0][0] if len(lines) > 1 else 0


def _tell_kinds(lines: list[_Line]) -> None:
    usual = _usual_gap(lines)
    for index, line in enumerate(lines):
        after = lines[index + 1].gap if index + 1 < len(lines) else usual
        apart = line.gap > usual or after > usual
        line.kind = _tell_kind(line, apart)


def _tell_kind(line: _Line, apart: bool) -> Kind:
    text = line.text
    tests: list[tuple[Kind, Callable[[], object]]] = [
        ("furniture", lambda: _FURNITURE.match(text)),
        ("credit", lambda: _CREDIT.match(text)),
        ("caption", lambda: len(text) <= MAX_CAPTION and _CAPTION.match(text)),
        ("byline", lambda: _is_byline(text)),
        (
            "caption",
            lambda: apart and line.closed and len(text) <= MAX_CAPTION and len(re.findall("[。！？]", text)) <= 1,
        ),
        ("subhead", lambda: not line.closed and len(text) <= MAX_HEADING and not _CLAUSE_MARK.search(text)),
    ]
    return next((kind for kind, test in tests if test()), "body")


def _is_byline(text: str) -> bool:
    """Whether a line holds the names of people, with or without their roles."""
    if len(text) > 40 or _CLAUSE_MARK.search(text):
        return False
    rest, roles = _ROLES.subn(" ", text)
    names = re.split(r"[\s:：/／|｜、()（）]+", rest.strip(" :：/／|｜、()（）"))
    if not names or (len(names) < 2 and not roles):
        return False
    return all(_NAME.match(name) and name[0] in _SURNAMES for name in names)


def _rejoin(lines: list[_Line]) -> list[_Line]:
    """Put the halves of cut paragraphs together; what stood between follows them."""
    indents = [line.indent for line in lines if line.kind == "body"]
    indented = sum(indent >= 2 for indent in indents) > len(indents) / 2
    usual = _usual_gap(lines)
    taken = [False] * len(lines)
    result = []
    for index, line in enumerate(lines):
        if taken[index]:
            continue
        result.append(line)
        at = index
        while _is_cut(line):
            half = _other_half(lines, at, indented, usual)
            if half is None:
                break
            line.join(lines[half])
            taken[half] = True
            at = half
    return result


def _is_cut(line: _Line) -> bool:
    is_prose = _CLAUSE_MARK.search(line.text) or len(line.text) >= MIN_BODY
    return line.kind == "body" and not line.closed and bool(is_prose)


def _other_half(lines: list[_Line], index: int, indented: bool, usual: int) -> int | None:
    """The block that goes on where a cut paragraph stops, if it can be told."""
    for other in range(index + 1, min(index + 2 + MAX_BETWEEN, len(lines))):
        line = lines[other]
        if line.kind == "caption" and other == index + 1 and line.gap <= usual:
            return other  # a short last line, taken for a caption because white space follows it
        if line.kind == "body":
            starts = _PARAGRAPH_START.match(line.text) or (indented and line.indent >= 2)
            return None if starts else other
    return None


def _tell_headlines(lines: list[_Line]) -> None:
    """Of the headings, those that open the page or stand over a byline are headlines."""
    for index, line in enumerate(lines):
        if line.kind != "subhead":
            continue
        first = index < 4 and all(other.kind not in ("body", "headline") for other in lines[:index])
        below = [other.kind for other in lines[index + 1 : index + 3]]
        over_byline = "byline" in below and "body" not in below[: below.index("byline")]
        if first or over_byline:
            line.kind = "headline"


def _lay_out(raw: str, lines: list[_Line]) -> Page:
    blocks: list[Block] = []
    joins: list[int] = []
    clean: list[int] = []
    starts: list[int] = []
    lengths: list[int] = []
    texts: list[str] = []
    offset = 0
    for line in lines:
        block = Block(line.kind, offset, offset)
        text = ""
        for start, end in line.pieces:
            piece = raw[start:end]
            if text:
                text += _joint(text, piece)
                joins.append(offset + len(text))
            clean.append(offset + len(text))
            starts.append(start)
            lengths.append(len(piece))
            text += piece
        offset += len(text)
        blocks.append(replace(block, end=offset))
        offset += 1
        texts.append(text)
    return Page("\n".join(texts), tuple(blocks), raw, tuple(joins), tuple(clean), tuple(starts), tuple(lengths))
