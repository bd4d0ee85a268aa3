"""Read the words around a figure: bounds, changes, what it is against, forecasts."""

from __future__ import annotations

import re
from typing import NamedTuple

from govnews.normalize.values import Bound, Direction, Status

WINDOW = 40
"""How many characters left of a figure are looked at."""


def words(text: str) -> list[str]:
    """Cut a table of words."""
    return text.split()


_BEFORE: dict[Bound, str] = {
    "at_least": "不低于 不少于 不小于 不下于 不下 至少 最少 起码 上",
    "at_most": "不超过 不高于 不多于 不大于 至多 最多 最高 不足 未满 不到 低于 少于 小于",
    "over": "超过 超出 超 逾 突破 破 过 高于 多于 大于 越过 冲破 跨越 跨过 迈过 迈上 站上 跨上 登上",
    "nearly": "将近 接近 临近 逼近 直逼 近",
    "about": "大约 约为 约合 约 大致 大概",
}
_AFTER: dict[Bound, str] = {
    "at_least": "以上 及以上 (含)以上 含以上 之上",
    "at_most": "以内 以下 及以下 (含)以下 之内 之下",
    "over": "多 余 出头 有余",
    "about": "左右 上下 前后",
}
BEFORE = {word: bound for bound, table in _BEFORE.items() for word in words(table)}
AFTER = {word: bound for bound, table in _AFTER.items() for word in words(table)}

_UP = words("""
    增长 增加 提高 提升 上升 上涨 上浮 上调 升高 扩大 净增加 净增 回升 攀升 增多 扩充 扩张 跃升 增收
    增产 增 升 涨 提 加快 快 前移 前进 进步 晋升 多
""")
_DOWN = words("""
    负增长 下降 减少 降低 压减 压缩 压降 缩短 收窄 回落 下跌 下滑 下调 下浮 缩减 缩小 削减 精简 核减
    减慢 慢 萎缩 放缓 减产 减收 净减少 净减 后退 后移 降价 便宜 降 减 跌 缩 压 少
""")
_RATES_UP = words("增速 增长率 增幅 涨幅 升幅 增长速度 增长幅度")
_RATES_DOWN = words("降幅 跌幅 减幅 降速 下降幅度 下降率")
_AGAINST = words("高于 低于 快于 慢于 优于 好于 多于 少于 高出")


def one_of(words: list[str] | dict[str, Bound]) -> str:
    """Make a pattern that takes the longest of some words."""
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


_CHANGE = rf"(?P<up>{one_of(_UP)})|(?P<down>{one_of(_DOWN)})"
_RATE = rf"(?P<rate_up>{one_of(_RATES_UP)})|(?P<rate_down>{one_of(_RATES_DOWN)})"
_LEVEL = r"到了?|至|为|成了?|回"
_ADVERB = (
    "反而|大幅|逆势|微|小幅|再|又|还|(?<![年户人日亩月平])均|都|分别|累计|预计|力争|已经?|可|将"
    r"|仅仅?|只|就|平均|实际|折合|总体|合计|共计|总计|直接|最短|普遍|一度|整体|稳步|持续|继续"
)
# The nouns in which the last sign of one of these verbs is no verb: 雷达3部, 行为23起, 国有3家.
_REACH = (
    rf"(?<!雷)(?<!到)达到?|高达|占[到去据]?|(?:整合|调整|演变|演进|变|改|合并|转|卖|压|降|控制|提|扩|控|做|拓|延|推|放|补|拓展|延长|加密)(?:{_LEVEL})"
    r"|(?:稳定|保持|维持|控制|集中)[在到]?|完成|实现|(?<![行作成认])为|(?<![不但])是|共有|(?<![国公所民私享])有|冲击|冲刺|只剩|剩下?|等于|相当于"
)

CHANGE_END = re.compile(rf"(?:{_CHANGE})(?:幅度|比例)?(?:了|达到?|高达|出)?(?P<level>{_LEVEL})?$")
RATE_END = re.compile(rf"(?:{_RATE})$")
CHANGE_START = re.compile(
    r"的?(?:(?P<up>增长|增加|提高|提升|上升|上涨|增速|增幅|涨幅)|(?P<down>下降|减少|降低|下滑|回落|降幅|跌幅))"
)
AGAINST_END = re.compile(
    rf"(?P<against>(?:{one_of(_AGAINST)})(?=全|上年|去年|同期|目标|预期|均值|平均|年初|城镇|农村|计划|预算)[^，、；的]{{1,12}}"
    r"|(?<!占)比(?![重例率值])[^比，、；]{1,12}(?:(?<!提)高|(?<!降)低|(?<!加)快|(?<!减)慢|(?<!增)多|(?<!减)少)出?)$"
)
POINTS_AGAINST_END = re.compile(rf"(?P<against>(?:{one_of(_AGAINST)})[^，、；的]{{1,14}})$")
BASE_END = re.compile(
    r"(?P<base>同比|环比|(?:按)?同口径|年均|比上年|(?:比|较)(?=上|去|前|同期|年初|全|计划|目标|往年|[0-9“一二三四五六七八九十])[^比较，]{1,10}|(?<!比)较[^比较，]{1,8})$"
)
REACH_END = re.compile(rf"(?:{_REACH}|{_ADVERB}|[的了：:，、—\s])$")
TARGET_VERB = re.compile(r"(?:冲击|冲刺)$")

_RANK_VERB = (
    "稳居|位居|位列|位于|跃居|跃升至?|排名|排位|排在?|列|居|跻身|进入|挺进"
    "|[升降]至|[升降]到|(?:上升|提升|下降|回落|跃升)[到至为]|为|达到?"
)
RANK_SCOPE = re.compile(rf"(?:{_RANK_VERB})(?P<scope>(?:(?!{_RANK_VERB}).){{0,20}})$")
PLACE_END = re.compile(r"(?P<scope>(?:全(?:[国省市区县州盟旗球镇乡]|行业|系统)|国内|世界|[中东西北南]部).{0,12})$")

_FILL = r"(?:今年|明年|全年|年内|年底|将|可|可以|能|达到?|完成|实现|新增|突破|超过?|为|是|到|再|总|累计|均|分别)"
STATUS_END = re.compile(
    rf"(?:(?P<forecast>预计|预期|预测|有望|可望|将会|将(?=达|实现|完成|突破|超|新增|再)|估计)|(?P<target>力争|争取|确保|目标|计划|规划|拟|努力|冲刺|冲击))[：:]?{_FILL}{{0,3}}$"
)


class Change(NamedTuple):
    """What the words in front of a figure say of it.

    Args:
        rest: The words in front that are left.
        direction: Where the figure is a change.
        base: What it is taken against (同比, 高于全市).
    """

    rest: str
    direction: Direction | None
    base: str


def read_front(front: str, *, points: bool = False) -> Change:
    """Take verbs and adverbs off the words in front of a figure.

    Args:
        front: The words, folded.
        points: Whether the figure is in percentage points, which may be against anything (快于城镇).

    >>> read_front("固定资产投资同比增长")
    Change(rest='固定资产投资', direction='up', base='同比')
    >>> read_front("城镇化率提高到")
    Change(rest='城镇化率', direction=None, base='')
    """
    front, head = front[-WINDOW:], front[:-WINDOW]
    direction: Direction | None = None
    base = ""
    compared = AGAINST_END.search(front) or (POINTS_AGAINST_END.search(front) if points else None)
    if compared:
        return Change(_strip(head + front[: compared.start()]), None, compared["against"])
    if not (change := CHANGE_END.search(front)):
        front = _strip(front)
        change = CHANGE_END.search(front)
    if change:
        front = front[: change.start()]
        if not change["level"]:
            direction = "up" if change["up"] else "down"
    front = _strip(front)
    if found := BASE_END.search(front):
        front, base = _strip(front[: found.start()]), found["base"]
    if direction is None and (rate := RATE_END.search(front)):
        direction = "up" if rate["rate_up"] else "down"
    return Change(head + front, direction, base)


def read_status(before: str) -> Status:
    """Read the forecast or target words directly in front of a span.

    >>> read_status("今年力争实现"), read_status("预计全年可达"), read_status("去年")
    ('target', 'forecast', 'achieved')
    """
    if found := STATUS_END.search(before[-WINDOW:]):
        return "forecast" if found["forecast"] else "target"
    return "achieved"


def _strip(front: str) -> str:
    while found := REACH_END.search(front):
        front = front[: found.start()]
    return front
