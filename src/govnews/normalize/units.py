"""Name the units of figures: one canonical unit for each way of writing it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from govnews.normalize.values import Kind
from govnews.normalize.wording import words


@dataclass(frozen=True, slots=True)
class Unit:
    """A way to write a unit: its kind, the canonical unit and how many of these one of it is."""

    kind: Kind
    name: str
    factor: Decimal = Decimal(1)


# One line a canonical unit: kind, name, ways to write it, each with its factor where that is not 1.
# 亩 stays apart from ha, as statistics count land in either and 亩 is no finite decimal of it; so do kg and t.
_TABLE = """
amount CNY 元 元人民币 块钱 人民币 圆 角钱:0.1 毛钱:0.1 分钱:0.01
amount USD 美元 美金
amount HKD 港元 港币
amount MOP 澳门元 澳元币 澳门币
amount TWD 元新台币 元台币 新台币
amount EUR 欧元
amount JPY 日元
amount GBP 英镑
amount RUB 卢布
amount KRW 韩元
amount t 吨 公吨 t
amount kg 公斤 千克 kg KG 斤:0.5 市斤:0.5 担:50
amount g 克 g
amount mg 毫克 mg
amount μg 微克 μg ug
amount tce 吨标准煤 吨标煤 tce
amount kgce 千克标准煤 公斤标准煤 千克标煤
amount gce 克标准煤 克标煤
amount ha 公顷 hm2
amount m2 平方米 平米 平方 ㎡ m2 m²
amount km2 平方公里 平方千米 km2 km²
amount mu 亩
amount m3 立方米 立方 方 m3 m³ 空方
amount L 升 公升 L l
amount km 公里 千米 km 里:0.5 华里:0.5
amount m 米 m
amount cm 厘米 公分 cm
amount mm 毫米 mm
amount μm 微米 μm
amount kW 千瓦 kW KW 瓦:0.001 兆瓦:1000 MW:1000 吉瓦:1000000 GW:1000000
amount kVA 千伏安 兆伏安:1000
amount kV 千伏 kV
amount kWh 千瓦时 度电 kWh 兆瓦时:1000 吉瓦时:1000000 GWh:1000000
amount W 瓦特
amount PFLOPS PFLOPS PFlops PF P EFLOPS:1000 EFlops:1000
amount ℃ 摄氏度 ℃
amount dB 分贝 dB dB(A)
amount TEU 标箱 标准箱 个标箱 个标准箱 自然箱 TEU
amount point 分 个点 点
percent pp 个百分点 百分点 个百分比
share % %
share ‰ ‰ 个千分点
duration second 秒 秒钟
duration minute 分钟
duration hour 小时 个小时 个钟头 钟头
duration day 天 日 个昼夜 昼夜
duration workday 个工作日 工作日
duration week 周 个星期 星期 个礼拜
duration month 个月
duration quarter 个季度
duration year 年 周年 岁 周岁
multiple times 倍
rank rank 个位次 位次 个名次 名次 个排位
count person 人 人口 名 位 口人 号人 个人口
count person_time 人次
count household 户
"""


def _units() -> dict[str, Unit]:
    units = {}
    for line in _TABLE.strip().splitlines():
        kind, name, *written = line.split()
        for word in written:
            sign, _, factor = word.partition(":")
            units[sign] = Unit(kind, name, Decimal(factor or 1))  # type: ignore[arg-type]
    return units


UNITS = _units()

CLASSIFIERS = frozenset(
    words("""
    个 家 项 件 条 座 处 所 只 头 台 辆 套 间 张 部 支 艘 架 列 趟 班 场 期 次 起 宗 例 批 类 种 份 块
    片 层 栋 幢 对 株 棵 尾 羽 匹 口 眼 盏 根 管 枪 册 本 卷 篇 首 笔 单 枚 颗 粒 顶 锭 箱 袋 瓶 桶 盒
    杯 碗 盘 桌 把 扇 节 轮 届 门 堂 款 道 线 级 队 组 圈 步 句 字 股 副 棒 稿 环 面 朵 幅 封 则 段 路
    船 包 筐 车 床 席 章 站 夜 代 户次 家次 件次 台次 班次 批次 场次 架次 辆次 艘次 列次 车次 台套 台班
    人份 人天 课时 学时 头只 标台 件套 延米 蒸吨 张次 份次 宗次 套次 项次 只次 亩次 载重吨 个批次
    个班次 个标台 大箱 轮次 例次 公里次 批人
    """)
)
"""Measure words of counted things; a word that is not here is one where it closes the span (7县)."""
