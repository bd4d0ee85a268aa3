"""Whose report a document is."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from govnews.records import Document

MAX_HEADLINE = 40
MAX_HEADLINES = 6
MAX_OPENING = 200
MIN_ANAPHORS = 2  # 全省 by itself may stand in a comparison
LEVELS = "省市区县旗州盟镇乡"

_ORGANS = re.compile("(?:人民)?政府$|委$|委员会$|人大(?:常委会)?$|政协$|财政$")
_ZONE = re.compile("(?:高新|经开|开发|.新|示范)区$|管委会$")
_LEVEL = f"(?:[{LEVELS.replace('区', '')}]|(?<![社园景校小街辖片])区|街道)"
_PART = re.compile(f"(.{{2,12}}?)(?:自治)?({_LEVEL})")
_PEOPLES = re.compile("^(.{2,}?)(?:(?:.{1,4}族)+|维吾尔)$")  # 广西壮族自治区
_GENERIC = re.compile(f"(?:自治)?[{LEVELS}]|特区|新区")
_UNNAMED = re.compile(f"(?:[{LEVELS}])(?:委|政府|人民政府|人大|人大常委会|政协|财政)")
# of a PROGRAM: a congress names its division
_SESSION = re.compile(f"(.{{2,12}}?[{LEVELS}])(?:第.{{1,3}}届|人民代表大会)")
# in a headline or at the beginning, where an ORG may be missed: 2023年雨湖区政府工作报告
_TITLED = re.compile(
    rf"(?:^|[—年：，\s])(?:在|上半年)?((?![国各])(?:(?![全该我本]{_LEVEL})[\u4e00-\u9fff]){{2,8}}?(?<!强){_LEVEL})"
    r"(?=人民|政府|委|第|20|“|[一二三四五六七八九十]|上半年|前|各级|国民|经济|工作|[^\u4e00-\u9fff]|$)",
    re.MULTILINE,
)
# 高于全市, 居全省第三, 全省首个: the larger body, not one's own; 我省第五个 is one's own
_ANAPHOR = re.compile(
    f"(?<![于比居列占位名排前在])(?:全(?=[{LEVELS}](?!前|第|首|平均|最|唯一|排名|率先))|[该我本])([{LEVELS}])"
)


@dataclass(frozen=True, slots=True)
class Body:
    """The public body a document reports on.

    Args:
        name: Its fullest name in the text.
        stem: Its name without what it belongs to and without what kind of body it is: 雨湖 of 湘潭市雨湖区.
        level: What kind of division it is, 区 of 湘潭市雨湖区; empty where no mention says so.
    """

    name: str
    stem: str
    level: str

    def covers(self, surface: str) -> bool:
        """Whether an ORG is this body, under another name or by one of its own organs.

        >>> body = Body("湘潭市雨湖区", "雨湖", "区")
        >>> [body.covers(text) for text in ("雨湖", "雨湖区委", "区政府", "湘潭市", "窑湾街道")]
        [True, True, True, False, False]
        """
        unnamed = _UNNAMED.fullmatch(surface)
        return surface[0] == self.level if unnamed else name_parts(surface)[0].endswith(self.stem)

    def is_named(self, surface: str) -> bool:
        """Whether an ORG is this body by name, not one of its organs.

        >>> body = Body("湘潭市雨湖区", "雨湖", "区")
        >>> [body.is_named(text) for text in ("雨湖", "雨湖区", "雨湖区委", "区政府")]
        [True, True, False, False]
        """
        return self.covers(surface) and not _ORGANS.search(surface)

    def is_subject(self, text: str, *, another: bool = False) -> bool:
        """Whether what follows a stretch of text is about this body: the last 该区, 全省, … decides.

        Args:
            text: Words that name no other body.
            another: Whether another body came before, so that only such a word can lead back to this one.

        >>> body = Body("雨湖区", "雨湖", "区")
        >>> [body.is_subject(text) for text in ("新增", "带动全区新增", "带动全省新增", "居全省前列，新增")]
        [True, True, False, True]
        """
        levels = _ANAPHOR.findall(text)
        return levels[-1] == self.level if levels and self.level else not another


def name_parts(surface: str) -> tuple[str, str]:
    """The stem and level of a division's name, without the divisions it belongs to and without its organs.

    >>> name_parts("湘潭市雨湖区委"), name_parts("上海"), name_parts("雨湖高新区管委会")
    (('雨湖', '区'), ('上海', ''), ('雨湖高新区', '区'))
    """
    surface = _ORGANS.sub("", surface) or surface
    if _ZONE.search(surface):
        return surface.removesuffix("管委会"), "区"
    parts = list(_PART.finditer(surface))
    if not parts or parts[-1].end() != len(surface):
        return surface, ""
    stem, level = parts[-1].groups()
    return _PEOPLES.sub(r"\1", stem), level


def find_body(document: Document) -> Body | None:
    """The body that a document reports on, where its text lets it be told.

    It is the `organisation` of the document's metadata where there is one. Else all names of one division are
    counted together, and the first of these rules that holds decides:

    1. The title or the headlines name it, and the text calls itself by its level (全区, 我市, …) or by none.
    2. The text calls itself by its level, and of that level it has the most mentions: two, or one in the opening.
    3. The text calls itself by no level, and it has more than half of the mentions of divisions, and two at least.
    """
    if told := document.meta.get("organisation"):
        return Body(told, *name_parts(told))
    head = f"{document.meta.get('title', '')}\n{_headlines(document.text)}"
    opening = document.text[:MAX_OPENING]
    titled = {match[1] for text in (head, opening) for match in _TITLED.finditer(text)}
    titled = {name for name in titled if not _GENERIC.fullmatch(name)}
    divisions = _count_divisions([*_division_names(document), *sorted(titled)])
    levels = Counter(match[1] for match in _ANAPHOR.finditer(document.text)).most_common(1)
    level = levels[0][0] if levels and levels[0][1] >= MIN_ANAPHORS else ""

    named = [d for d in divisions if d.stem in head and (not level or d.level in {level, ""})]
    if named:
        return max(named, key=lambda d: (d.level == level, d.mentions, head.rindex(d.stem))).body
    likely = sorted((d for d in divisions if not level or d.level == level), key=lambda d: -d.mentions)
    rivals = (d.mentions for d in likely[1:])
    if not likely or likely[0].mentions <= (max(rivals, default=0) if level else sum(rivals)):
        return None
    opens = bool(level) and likely[0].name in opening
    return likely[0].body if likely[0].mentions > 1 or opens else None


@dataclass(slots=True)
class _Division:
    """The mentions of one division under all its names."""

    stem: str
    level: str = ""
    name: str = ""
    mentions: int = 0

    @property
    def body(self) -> Body:
        return Body(self.name, self.stem, self.level)

    def learn(self, name: str, level: str) -> None:
        """Keep the fullest name, one that tells the level before one that does not."""
        self.name = max(self.name, name, key=lambda text: (bool(name_parts(text)[1]), len(text)))
        self.level = self.level or level


def _count_divisions(surfaces: Sequence[str]) -> list[_Division]:
    divisions: dict[str, _Division] = {}
    for surface in surfaces:
        stem, level = name_parts(surface)
        if level or len(stem) == 2:  # longer names without a level are companies and bureaus
            division = divisions.setdefault(stem, _Division(stem))
            division.mentions += 1
            division.learn(_ORGANS.sub("", surface), level)
    for surface in surfaces:  # 湘潭市雨湖区 tells that 湘潭 is a 市
        for part in _PART.finditer(surface):
            if part[1] in divisions:
                divisions[part[1]].learn(part[0], part[2])
    return list(divisions.values())


def _division_names(document: Document) -> Iterator[str]:
    for entity in document.entities:
        surface = document.surface(entity)
        if entity.label == "PROGRAM" and (session := _SESSION.match(surface)):
            surface = session[1]
        elif entity.label != "ORG" or _UNNAMED.fullmatch(surface):
            continue
        if not _GENERIC.fullmatch(surface):
            yield surface


def _headlines(text: str) -> str:
    """The short lines without a full stop that a text begins with."""
    lines: list[str] = []
    for line in text[: MAX_HEADLINES * MAX_HEADLINE].split("\n"):
        if len(line) > MAX_HEADLINE or "。" in line or len(lines) == MAX_HEADLINES:
            break
        lines.append(line)
    return "\n".join(lines)
