"""The lines of a page, and what each is by itself: heading, byline, caption, credit, furniture or body."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

from govnews.corpus.page import Kind

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
CONTINUES = re.compile(rf"[，。、；：！？,;%％℃{_CLOSERS}]|[.．]\d")
INSIDE_WORDS = set("的们率性域型件术础障略态际式业级度色费划局施展务际济况亿万元")
_HEADING_NOT = re.compile(r"[。；！？;]|[，,].*[，,]")
_CLAUSE_MARK = re.compile(r"[，。；！？,;]")
LABEL = re.compile(r"[^，。；：:！？]{2,10}[：:](?=.)")
PARAGRAPH_START = re.compile(
    r"[（(]?[一二三四五六七八九十百]{1,3}[）)、.．]|第[一二三四五六七八九十百零\d]+[章节条部分]|"
    r"[（(]?\d{1,2}[）)、.．](?!\d)|[①-⑳●■◆▲★※•·○□]|[一二三四五六七八九十]是|[—–-]{1,4}[^—–-]"
)
STARTS = re.compile(rf"{PARAGRAPH_START.pattern}|{LABEL.pattern}|[^，。；]{{1,15}}[：:]$")
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


@dataclass(slots=True)
class Line:
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
        """All of it."""
        return "".join(joint_of(left, right) + right for left, right in pairwise(["", *self.texts]))

    @property
    def ends(self) -> str:
        """Its last characters, enough to see how it ends."""
        return self.texts[-1][-16:]

    @property
    def closed(self) -> bool:
        """Whether it ends as a sentence, a clause of a list or a bracket does."""
        return _SENTENCE_END.search(self.ends) is not None

    @property
    def open(self) -> bool:
        """Whether it ends as no paragraph or heading does."""
        return _OPEN_END.search(self.ends) is not None or (self.length >= MIN_CLAUSE and self.ends[-1] in "，,")

    @property
    def short(self) -> bool:
        """Whether it may be a caption, or the rest of a paragraph: one whole sentence."""
        return self.closed and self.length <= MAX_CAPTION and not self.prose

    def join(self, other: Line) -> None:
        """Take another stretch as the continuation of this one."""
        self.prose = self.prose or other.prose or _TERMINAL.search(self.ends) is not None
        self.clauses = self.clauses or other.clauses
        self.length += other.length
        self.pieces += other.pieces
        self.texts += other.texts
        self.kind = "body"
        other.taken = True


def read_lines(raw: str) -> list[Line]:
    """The lines of a text that hold anything, with the indent and the blank lines before them."""
    lines = []
    gap = start = 0
    while start <= len(raw):
        found = _BREAK.search(raw, start)
        end, following = found.span() if found else (len(raw), len(raw) + 1)
        text = raw[start:end]
        body = text.strip(_BLANK)
        if body:
            left = len(text) - len(text.lstrip(_BLANK))
            lines.append(Line([(start + left, start + left + len(body))], [body], columns_of(text[:left]), gap))
            gap = 0
        else:
            gap += 1
        start = following
    return lines


def columns_of(text: str) -> int:
    """Width of a text in columns of a terminal: wide characters take two."""
    return sum(2 if unicodedata.east_asian_width(char) in "WFA" else char.isprintable() for char in text)


def joint_of(left: str, right: str) -> str:
    """What stands between two joined pieces: a space between Latin words, otherwise nothing."""
    latin = left[-1:].isascii() and left[-1:].isalpha() and right[:1].isascii() and right[:1].isalpha()
    return " " if latin else ""


def usual_gap(lines: list[Line]) -> int:
    """Blank lines that most often stand between two blocks."""
    return Counter(line.gap for line in lines[1:]).most_common(1)[0][0] if len(lines) > 1 else 0


def tell_kinds(lines: list[Line]) -> None:
    """Tell what each line is by itself, then captions by the white space on both their sides."""
    usual = usual_gap(lines)
    for line in lines:
        line.kind = _tell_kind(line)
    apart = True
    for line, below in zip(lines, [*lines[1:], None], strict=True):
        above = apart or line.gap > usual
        apart = below is None or below.gap > usual or below.kind in ("credit", "furniture")
        if line.kind == "body" and line.short and above and apart and len(lines) > 1:
            line.kind = "caption"
        apart = line.kind in ("caption", "credit", "furniture")


def _tell_kind(line: Line) -> Kind:
    if line.length > 2 * MAX_CAPTION:
        return "body"
    text = line.text
    heading = not line.closed and not line.open and line.length <= MAX_HEADING and not _HEADING_NOT.search(text)
    tests: list[tuple[Kind, Callable[[], object]]] = [
        ("furniture", lambda: _FURNITURE.match(text)),
        ("credit", lambda: _CREDIT.match(text)),
        ("caption", lambda: line.length <= MAX_CAPTION and _CAPTION.match(text)),
        ("byline", lambda: _DATE.match(text) or _is_byline(text)),
        ("subhead", lambda: heading and not is_row(text)),
    ]
    return next((kind for kind, test in tests if test()), "body")


def is_row(text: str) -> bool:
    """Whether a line is a row of a table: three cells or more, a number among them."""
    cells = text.split() if len(text) <= MAX_WRAP else []
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


def tell_headlines(lines: list[Line]) -> None:
    """Of the headings, those that open the page or stand over a byline are headlines."""
    for index, line in enumerate(lines):
        if line.kind != "subhead":
            continue
        first = index < 4 and all(other.kind not in ("body", "headline") for other in lines[:index])
        below = [other.kind for other in lines[index + 1 : index + 3] if not _DATE.match(other.texts[0])]
        over_byline = "byline" in below and "body" not in below[: below.index("byline")]
        if first or over_byline:
            line.kind = "headline"
