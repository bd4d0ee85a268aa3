"""Repair the layout of copied or scanned pages.

Text taken from a page has its paragraphs cut by columns and page breaks, captions in the middle
of sentences, and headline, byline and credits in the flow. `repair_layout` rejoins what belongs
together, tells the kinds of block apart, and keeps a map from the clean text to the raw one.

The evidence it uses, none of it particular to one page: how a piece ends (a clause mark, a bracket
left open, a character that ends no phrase), how the next begins (a closing mark, a character that
begins no word, no indent where paragraphs have one), and what stands between (captions, headings,
page numbers). Where the evidence is thin the pieces stay apart: a false join is worse than a missed one.
Hard-wrapped lines are those as long as the page is wide.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise
from operator import add
from typing import Literal

Kind = Literal["headline", "subhead", "byline", "caption", "credit", "furniture", "body"]

MAX_HEADING = 40
MAX_CAPTION = 60
MAX_BETWEEN = 8
MIN_BODY = 45
MIN_CLAUSE = 15
MAX_WRAP = 80
SLACK = 4

_BLANK = "".join(char for char in map(chr, range(0x3001)) if char.isspace()) + "\ufeff\u200b\u200c\u2060"
_BREAK = re.compile(r"\r\n|[\n\r\f\v\x85\u2028\u2029]")
_CLOSERS = "”’」』）》】〉)\\]"
_TERMINAL = re.compile(rf"[。！？…!?][{_CLOSERS}]*")
_SENTENCE_END = re.compile(rf"[。！？…；：.!?;:][{_CLOSERS}]*$|[{_CLOSERS}]$")
_OPEN_END = re.compile(
    r"[、“‘（《「『【〈(\[]$|[推提经完更续不打总消各扩专综监第突攻被]$|(?<![目有])的$|(?<![调柔共总温缓平祥亲])和$|(?<!参)与$"
)
_CONTINUES = re.compile(rf"[，。、；：！？,;%％℃{_CLOSERS}]")
_INSIDE_WORDS = set("的们率性域型件术础障略态际式业级度色费划局施展务际济况亿万元")
_HEADING_NOT = re.compile(r"[。；！？;]|[，,].*[，,]")
_CLAUSE_MARK = re.compile(r"[，。；！？,;]")
_LABEL = re.compile(r"[^，。；：:！？]{2,10}[：:](?=.)")
_PARAGRAPH_START = re.compile(
    r"[（(]?[一二三四五六七八九十百]{1,3}[）)、.．]|第[一二三四五六七八九十百零\d]+[章节条部分]|"
    r"[（(]?\d{1,2}[）)、.．](?!\d)|[①-⑳●■◆▲★※•·○□]|[一二三四五六七八九十]是|[—–-]{1,4}[^—–-]"
)
_STARTS = re.compile(rf"{_PARAGRAPH_START.pattern}|{_LABEL.pattern}|[^，。；]{{1,15}}[：:]$")
_NUMBER = re.compile(r"-?\d[\d.,]*[%％]?$")
_DATE = re.compile(r"[（(]?\d{4} ?年 ?\d{1,2} ?月(?: ?\d{1,2} ?日)?[）)]?$")
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
    r"(?=[\s:：/／|｜、]|[\u4e00-\u9fff]{2,4}(?:[\s、]|$))|"
    r"[\u4e00-\u9fff]{0,12}(?:[省市县区州]长|主席|书记)(?=[\s:：])"
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
    """A stretch of raw text, its edges free of white space; it grows as others are joined to it.

    `prose` says that a sentence ends before its end. A join costs what it adds, not what it makes.
    """

    pieces: list[tuple[int, int]]
    texts: list[str]
    indent: int
    gap: int
    kind: Kind = "body"
    length: int = 0
    clauses: bool = False
    prose: bool = False
    taken: bool = False

    def __post_init__(self) -> None:
        text = self.texts[0]
        self.length = len(text)
        self.clauses = _CLAUSE_MARK.search(text) is not None
        end = _TERMINAL.search(text)
        self.prose = end is not None and end.end() < len(text)

    @property
    def text(self) -> str:
        text = self.texts[0]
        return (
            text
            if len(self.texts) == 1
            else text + "".join(_joint(left, right) + right for left, right in pairwise(self.texts))
        )

    @property
    def ends(self) -> str:
        """Its last characters, enough to see how it ends."""
        return self.texts[-1][-16:]

    @property
    def closed(self) -> bool:
        return _SENTENCE_END.search(self.ends) is not None

    @property
    def open(self) -> bool:
        """Whether it ends as no paragraph or heading does."""
        return _OPEN_END.search(self.ends) is not None or (self.length >= MIN_CLAUSE and self.ends[-1] in "，,")

    @property
    def short(self) -> bool:
        """Whether it may be a caption, or the rest of a paragraph: one whole sentence."""
        return self.closed and self.length <= MAX_CAPTION and not self.prose

    def join(self, other: _Line) -> None:
        self.prose = self.prose or other.prose or _TERMINAL.search(self.ends) is not None
        self.clauses = self.clauses or other.clauses
        self.length += other.length
        self.pieces += other.pieces
        self.texts += other.texts
        self.kind = "body"
        other.taken = True


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
    lines = _rejoin(lines, _Habits.of(raw, lines))
    _tell_headlines(lines)
    return _lay_out(raw, lines)


def _read_lines(raw: str) -> list[_Line]:
    lines = []
    gap = start = 0
    while start <= len(raw):
        found = _BREAK.search(raw, start)
        end, following = found.span() if found else (len(raw), len(raw) + 1)
        text = raw[start:end]
        body = text.strip(_BLANK)
        if body:
            left = len(text) - len(text.lstrip(_BLANK))
            lines.append(_Line([(start + left, start + left + len(body))], [body], _columns(text[:left]), gap))
            gap = 0
        else:
            gap += 1
        start = following
    return lines


def _columns(text: str) -> int:
    """Width of a text in columns of a terminal: wide characters take two."""
    return sum(2 if unicodedata.east_asian_width(char) in "WFA" else char.isprintable() for char in text)


def _joint(left: str, right: str) -> str:
    """What stands between two joined pieces: a space between Latin words, otherwise nothing."""
    latin = left[-1:].isascii() and left[-1:].isalpha() and right[:1].isascii() and right[:1].isalpha()
    return " " if latin else ""


def _unwrap(lines: list[_Line]) -> list[_Line]:
    """Join hard-wrapped lines, where the page is hard-wrapped at all."""
    widths = [_columns(line.texts[0]) for line in lines]
    margin = min((line.indent for line in lines), default=0)
    reach = [width + line.indent - margin for width, line in zip(widths, lines, strict=True)]
    width = sorted(reach)[-1 - len(reach) // 10] if reach else 0
    full = [width - SLACK <= columns <= width + SLACK for columns in reach]
    tight = [index for index, line in enumerate(lines[1:]) if line.gap == 0]
    if not 20 <= width <= 2 * MAX_WRAP or len(tight) < 3 or not _is_wrapped(lines, tight, full):
        return lines
    indented = sum(line.indent >= margin + 2 for line in lines) >= 2
    ends = [index for index, is_full in enumerate(full[:-1]) if not is_full]
    spaced = len(ends) > 1 and sum(lines[index + 1].gap > 0 for index in ends) > 0.8 * len(ends)
    joined = [lines[0]]
    for index, line in enumerate(lines[1:]):
        starts = line.gap > 0 or line.indent >= margin + 2 or _PARAGRAPH_START.match(line.texts[0])
        if starts or not full[index] or (joined[-1].closed and not indented and not spaced):
            joined.append(line)
        else:
            joined[-1].join(line)
    return joined


def _is_wrapped(lines: list[_Line], tight: list[int], full: list[bool]) -> bool:
    """Whether most lines are full, and break where prose breaks: anywhere."""
    wrapped = [lines[index] for index in tight if full[index]]
    prose = sum(line.clauses or "、" in line.texts[0] for line in wrapped)
    broken = sum(not line.closed for line in wrapped)
    return len(wrapped) >= len(tight) / 2 and prose >= len(wrapped) / 2 and broken >= len(wrapped) * 2 / 3


def _usual_gap(lines: list[_Line]) -> int:
    """Blank lines that most often stand between two blocks."""
    return Counter(line.gap for line in lines[1:]).most_common(1)[0][0] if len(lines) > 1 else 0


def _tell_kinds(lines: list[_Line]) -> None:
    """Tell what each line is by itself, then captions by the white space on both their sides."""
    usual = _usual_gap(lines)
    for line in lines:
        line.kind = _tell_kind(line)
    apart = True
    for line, below in zip(lines, [*lines[1:], None], strict=True):
        above = apart or line.gap > usual
        apart = below is None or below.gap > usual or below.kind in ("credit", "furniture")
        if line.kind == "body" and line.short and above and apart and len(lines) > 1:
            line.kind = "caption"
        apart = line.kind in ("caption", "credit", "furniture")


def _tell_kind(line: _Line) -> Kind:
    if line.length > 2 * MAX_CAPTION:
        return "body"
    text = line.text
    heading = not line.closed and not line.open and line.length <= MAX_HEADING and not _HEADING_NOT.search(text)
    tests: list[tuple[Kind, Callable[[], object]]] = [
        ("furniture", lambda: _FURNITURE.match(text)),
        ("credit", lambda: _CREDIT.match(text)),
        ("caption", lambda: line.length <= MAX_CAPTION and _CAPTION.match(text)),
        ("byline", lambda: _DATE.match(text) or _is_byline(text)),
        ("subhead", lambda: heading and not _is_row(text)),
    ]
    return next((kind for kind, test in tests if test()), "body")


def _is_row(text: str) -> bool:
    """Whether a line is a row of a table: three cells or more, a number among them."""
    cells = text.split()
    return len(cells) >= 3 and any(_NUMBER.match(cell) for cell in cells)


def _is_byline(text: str) -> bool:
    """Whether a line holds the names of people, with or without their roles."""
    if len(text) > 40 or _CLAUSE_MARK.search(text):
        return False
    rest, roles = _ROLES.subn(" ", text)
    names = re.split(r"[\s:：/／|｜、()（）]+", rest.strip(" :：/／|｜、()（）"))
    if not names or (len(names) < 2 and not roles):
        return False
    return all(_NAME.match(name) and name[0] in _SURNAMES for name in names)


@dataclass(frozen=True, slots=True)
class _Habits:
    """How a page is set: indented, with paragraphs that often lack an end, with captions set apart; its character pairs."""

    indented: bool
    lax: bool
    captioned: bool
    usual: int
    pairs: set[str]

    @classmethod
    def of(cls, raw: str, lines: list[_Line]) -> _Habits:
        bodies = [line for line in lines if line.kind == "body"]
        prose = [line.closed for line in bodies if line.prose]
        usual = _usual_gap(lines)
        return cls(
            sum(line.indent >= 2 for line in bodies) > len(bodies) / 2,
            len(prose) > 4 and sum(prose) < len(prose) / 2,
            any(line.kind == "caption" and line.gap > usual for line in lines),
            usual,
            set(map(add, raw, raw[1:])),
        )


def _rejoin(lines: list[_Line], habits: _Habits) -> list[_Line]:
    """Put the halves of cut paragraphs together; what stood between follows them."""
    result = []
    for start, line in enumerate(lines):
        index = start
        if line.taken:
            continue
        result.append(line)
        half = _other_half(lines, line, index, habits)
        while half is not None:
            for between in lines[index + 1 : half]:
                if between.kind == "body" and between.short and not between.taken:
                    between.kind = "caption"
            line.join(lines[half])
            index = half
            half = _other_half(lines, line, index, habits)
    return result


def _is_cut(line: _Line, habits: _Habits) -> bool:
    """Whether a line ends mid-sentence, as far as it shows by itself."""
    if line.open or line.closed:
        return line.open
    if habits.indented and line.indent >= 2 and line.kind in ("body", "subhead"):
        return True  # the other half has no indent
    if line.kind != "body" or habits.lax:
        return False
    note = _LABEL.match(re.split("[。！？]", line.texts[-1][-2 * MAX_HEADING :])[-1])
    return not note and (line.prose or (line.clauses and line.length >= MIN_BODY and not _LABEL.match(line.texts[0])))


def _other_half(lines: list[_Line], line: _Line, index: int, habits: _Habits) -> int | None:
    """The block that goes on where a line stops, if it can be told."""
    if line.kind not in ("body", "subhead"):
        return None
    cut = _is_cut(line, habits)
    halves: list[int] = []
    paged = False
    for at in range(index + 1, min(index + 2 + MAX_BETWEEN, len(lines))):
        other = lines[at]
        if other.taken or other.kind not in ("body", "subhead"):
            paged = paged or other.kind == "furniture"
            continue
        if _goes_on(line, other):
            return at
        if other.kind == "subhead" and cut:
            continue
        starts = _STARTS.match(other.texts[0]) or not (other.clauses or other.closed)
        if not cut or starts or (habits.indented and other.indent >= 2):
            break
        halves.append(at)
        if not other.short or paged or (habits.captioned and other.gap <= habits.usual):
            if habits.indented:
                return at
            break
    if len(halves) > 1:  # captions may stand before the other half: it makes a word that the page has elsewhere
        halves = [at for at in halves if line.ends[-1] + lines[at].texts[0][0] in habits.pairs]
    return halves[0] if len(halves) == 1 else None


def _goes_on(line: _Line, other: _Line) -> bool:
    """Whether one begins as only the rest of a paragraph does, and the other can be its beginning."""
    left, right = line.ends, other.texts[0]
    if left[-1] in ".．" and left[-2:-1].isdigit() and right[0].isdigit():
        return line.prose
    if line.closed:
        return False
    bodies = line.kind == other.kind == "body"
    return _CONTINUES.match(right) is not None or (bodies and line.prose and right[0] in _INSIDE_WORDS)


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
    texts: list[str] = []
    offset = 0
    for line in lines:
        start = offset
        left = ""
        for number, text in enumerate(line.texts):
            joint = _joint(left, text)
            if number:
                joins.append(offset + len(joint))
            clean.append(offset + len(joint))
            texts += (joint, text)
            offset += len(joint) + len(text)
            left = text
        blocks.append(Block(line.kind, start, offset))
        texts.append("\n")
        offset += 1
    pieces = [piece for line in lines for piece in line.pieces]
    starts = tuple(start for start, _ in pieces)
    lengths = tuple(end - start for start, end in pieces)
    return Page("".join(texts[:-1]), tuple(blocks), raw, tuple(joins), tuple(clean), starts, lengths)
