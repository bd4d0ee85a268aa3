"""Web pages: the main text, and the title and date that the page tells of itself.

The main text is the element that publishing systems of Chinese government sites call so, or else the one
that holds most of the text that is no link. These sites declare title and date in meta elements of fixed
names; other sites have theirs. Where nothing tells the main text, all of the page is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from govnews.errors import FormatError, GovnewsError
from govnews.formats.textfile import decode, read_bytes
from govnews.records import Document

SUFFIXES = (".html", ".htm", ".xhtml", ".shtml")

_DROPPED = "script, style, noscript, template, nav, header, footer, aside, form, iframe, select, button, svg"
_HOLDERS = {"article", "blockquote", "center", "div", "main", "section", "table", "tbody", "td", "tr"}
_LINES = {"address", "body", "dd", "dl", "dt", "figcaption", "figure", "hr", "li", "ol", "p", "pre", "thead", "ul"}
_BLOCKS = (_HOLDERS | _LINES | {f"h{level}" for level in range(1, 7)}) - {"td"}
_KNOWN = "#UCAP-CONTENT, .TRS_Editor, .TRS_UEDITOR, #zoom, .article-content"  # of usual publishing systems
_MAIN_SHARE = 0.6  # of the text that is no link: an element with less is not the main one
_LOST_SHARE = 0.1  # of the sentences that may lie outside: copyright notes and the like
_MAX_DEPTH = 100
_CELL = 200  # characters: a longer cell holds prose, in a table that lays out a page
_SPACE = re.compile(r"\s+")
_TITLES = ("articletitle", "og:title", "twitter:title")
_DATES = ("pubdate", "article:published_time", "publishdate", "publish_date", "og:release_date", "dc.date", "date")
_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([A-Za-z0-9_-]+)""", re.IGNORECASE)
_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})")
_PUBLISHED = re.compile(
    r"(?:发布|发表|公开|更新)(?:时间|日期)\s*[:：]\s*(\d{4}\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2})"
)


def import_parser() -> Any:
    """The parser of the package selectolax.

    Raises:
        GovnewsError: It is not installed.
    """
    try:
        from selectolax.lexbor import LexborHTMLParser
    except ImportError:
        raise GovnewsError(
            "web pages need the package selectolax", hint='Install it with: pip install "govnews[html]"'
        ) from None
    return LexborHTMLParser


def read_html(path: str | Path, *, encoding: str = "utf-8") -> Document:
    """Read the main text of a web page, one line a paragraph or table row, with `title` and `date`.

    Args:
        path: The file.
        encoding: Where the page declares none.

    Raises:
        FormatError: The file cannot be read, is in another encoding than it says, or holds no text.
        GovnewsError: selectolax is not installed.
    """
    data = read_bytes(path)
    text = decode(data, name=path, encoding=find_charset(data) or encoding)
    return parse_html(text, id=str(path))


def find_charset(data: bytes) -> str | None:
    """The encoding a page declares; those before gb18030 are read as it, for pages use more than they declare.

    >>> find_charset(b'<html><meta charset="GB2312">')
    'gb18030'
    """
    found = _CHARSET.search(data[:4096])
    if found is None:
        return None
    name = found[1].decode("ascii").lower()
    return "gb18030" if name in ("gb2312", "gbk", "gb_2312-80", "x-gbk") else name


def parse_html(source: str, *, id: str) -> Document:
    """The main text of a page given as a string.

    >>> page = "<title>要闻</title><nav>首页</nav><p>发布时间：2024-01-15</p><div><p>青禾县增长<b>5.1%</b>。</p></div>"
    >>> document = parse_html(page, id="a")
    >>> document.text.splitlines()[-1], document.meta
    ('青禾县增长5.1%。', {'title': '要闻', 'date': '2024-01-15'})

    Raises:
        FormatError: It holds no text.
    """
    tree = import_parser()(source)
    meta = {
        (node.attributes.get("name") or node.attributes.get("property") or "").lower(): node.attributes["content"] or ""
        for node in tree.css("meta[content]")
    }
    title = _find_title(tree, meta)
    for node in tree.css(_DROPPED):
        node.decompose()
    body = tree.body
    everything = "\n".join(_lines(body)) if body else ""
    if not everything:
        raise FormatError("holds no text", path=id, hint="A page that scripts fill must be saved from a browser.")
    text = "\n".join(_lines(_find_main(body)))
    day = _find_date(meta, everything)
    return Document(id, text, meta={k: v for k, v in (("title", title), ("date", day)) if v})


def _find_title(tree: Any, meta: dict[str, str]) -> str:
    for name in _TITLES:
        if meta.get(name, "").strip():
            return " ".join(meta[name].split())
    heads = [" ".join(node.text().split()) for node in tree.css("h1")]
    if len(heads) == 1 and heads[0]:  # several are a page of several pieces
        return str(heads[0])
    node = tree.css_first("title")
    return re.split(r"[_|]| - ", " ".join(node.text().split()))[0].strip() if node else ""


def _find_date(meta: dict[str, str], text: str) -> str | None:
    for name in _DATES:
        if day := _read_day(meta.get(name, "")):
            return day
    found = _PUBLISHED.search(text)
    return _read_day(found[1]) if found else None


def _read_day(text: str) -> str | None:
    if found := _DAY.search(text):
        try:
            return date(*map(int, found.groups())).isoformat()
        except ValueError:
            return None
    return None


def _find_main(body: Any) -> Any:
    """The smallest element that holds most of the text that is no link, and hardly leaves out a sentence."""
    known = [node for node in body.css(_KNOWN) if "。" in node.text()]
    if known:
        return max(known, key=_weight)
    best = body
    for _ in range(_MAX_DEPTH):
        children = [child for child in best.iter() if child.tag in _HOLDERS]
        child = max(children, key=_weight, default=None)
        if child is None or _weight(child) < _MAIN_SHARE * _weight(best) or _is_data(child):
            return best
        if _sentences(best) - _sentences(child) > _LOST_SHARE * _sentences(best):
            return best
        best = child
    return best


def _weight(node: Any) -> int:
    """Characters of an element that are no link."""
    return len(node.text(strip=True)) - sum(len(link.text(strip=True)) for link in node.css("a"))


def _sentences(node: Any) -> int:
    """Sentences of an element that are no link."""
    return int(node.text().count("。") - sum(link.text().count("。") for link in node.css("a")))


def _is_data(node: Any) -> bool:
    """Whether an element is a table of data, not one that only lays out a page."""
    return node.tag == "table" and any(_is_row(row) for row in node.css("tr"))


def _is_row(row: Any) -> bool:
    cells = [cell for cell in row.iter() if cell.tag in ("td", "th")]
    return (
        len(cells) > 1 and row.css_first("table") is None and all(len(cell.text(strip=True)) < _CELL for cell in cells)
    )


def _lines(node: Any) -> Iterator[str]:
    """The lines of an element: blocks and line breaks end one, a row of a table is one with tabs in it."""
    for line in "".join(_pieces(node)).split("\n"):
        cells = [" ".join(cell.split()) for cell in line.split("\t")]
        if any(cells):
            yield "\t".join(cells)


def _pieces(node: Any) -> Iterator[str]:
    stack: list[Any] = [node]
    while stack:  # pages may be nested deeper than Python recurses
        top = stack.pop()
        if isinstance(top, str):
            yield top
        elif top.tag == "-text":
            yield _SPACE.sub(" ", top.text_content or "")
        elif top.tag == "br":
            yield "\n"
        elif top.tag == "tr" and _is_row(top):
            cells = (cell for cell in top.iter() if cell.tag in ("td", "th"))
            yield "\n" + "\t".join(_SPACE.sub(" ", cell.text()) for cell in cells) + "\n"
        else:
            edge = "\n" if top.tag in _BLOCKS else " " if top.tag == "td" else ""
            stack += [edge, *reversed(list(top.iter(include_text=True))), edge]
