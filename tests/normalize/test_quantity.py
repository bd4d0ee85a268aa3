import csv
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govnews.normalize.quantity import MAX_LENGTH, parse_quantity
from govnews.normalize.units import UNITS
from govnews.normalize.values import Quantity, Unreadable

# span | indicator | kind | value or low~high | unit | classifier, direction, bound, from=…, basis=… where they are set
GOLD = """
地区生产总值增长6.2%|地区生产总值|percent|6.2|%|up
固定资产投资同比增长8%|固定资产投资|percent|8|%|up basis=同比
年均增长8.1％|-|percent|8.1|%|up basis=年均
环比下降0.4%|-|percent|-0.4|%|down basis=环比
单位GDP能耗降低3%左右|单位GDP能耗|percent|-3|%|down about
餐饮业下跌21.6%|餐饮业|percent|-21.6|%|down
微降0.4%|-|percent|-0.4|%|down
问题发现率反而提高18个百分点|问题发现率|percent|18|pp|up
城镇化率比上年提升2.2个百分点|城镇化率|percent|2.2|pp|up basis=比上年
降幅收窄1.5个百分点|降幅|percent|-1.5|pp|down
高于目标2.1个百分点|-|percent|2.1|pp|basis=高于目标
增速快于城镇2.8个百分点|增速|percent|2.8|pp|basis=快于城镇
低于全国平均水平0.3个百分点|-|percent|0.3|pp|basis=低于全国平均水平
投资增速达到6%|投资增速|percent|6|%|up
社会消费品零售额降幅控制在1%以内|社会消费品零售额降幅|percent|-1|%|down at_most
绿色贷款年均增速不低于25%|绿色贷款年均增速|percent|25|%|up at_least
GDP增速为-1.2%|GDP增速|percent|-1.2|%|down
人口自然增长率-5.5‰|人口自然增长率|percent|-5.5|‰|down
万元生产总值能耗下降百分之五点二|万元生产总值能耗|percent|-5.2|%|down
综合成本下降两成多|综合成本|percent|-20|%|down over
监管场站周转效率提升三成|监管场站周转效率|percent|30|%|up
两位数增长|-|percent|10~100|%|up
主要指标增速保持两位数|主要指标增速|percent|10~100|%|up
办件时限缩短三分之二|办件时限|percent|-66.6667|%|down
算力总规模达到9.4万P|算力总规模|amount|94000|PFLOPS
算力规模15EFlops|算力规模|amount|15000|PFLOPS
110万人年度任务|年度任务|count|1100000|person
产值稳定在千亿元以上|产值|amount|100000000000|CNY|at_least
登记失业率2.4%|登记失业率|share|2.4|%
占比47.5%|占比|share|47.5|%
占全部出口比重超过50％|占全部出口比重|share|50|%|over
“四新”产业占比提高到55%以上|“四新”产业占比|share|55|%|at_least
城镇化率升至64.9%|城镇化率|share|64.9|%
不良率不足千分之三|不良率|share|0.3|%|at_most
民营和多元主体占六成二|民营和多元主体|share|62|%
超七成五财力|财力|share|75|%|over
超九成商品零售|商品零售|share|90|%|over
就业率八成四|就业率|share|84|%
五成以上|-|share|50|%|at_least
三成农户|农户|share|30|%
一半|-|share|50|%
占去一半以上|-|share|50|%|at_least
五保老人集中供养率过半|五保老人集中供养率|share|50|%|over
三分之一|-|share|33.3333|%
占全省三分之一强|占全省|share|33.3333|%|over
80%以上的省科技攻坚项目|省科技攻坚项目|share|80|%|at_least
20%—30%|-|share|20~30|%
城镇化率从34.4%提升到49%|城镇化率|share|49|%|from=34.4
贫困发生率从21.8%下降到零|贫困发生率|share|0|%|from=21.8
优良率由三年前的四成提升至100%|优良率|share|100|%|from=40
技术合同成交额达30亿元|技术合同成交额|amount|3000000000|CNY
26.54亿元的资金|资金|amount|2654000000|CNY
40亿元|-|amount|4000000000|CNY
数字经济规模突破1.3万亿元|数字经济规模|amount|1300000000000|CNY|over
队伍36支|队伍|count|36|item|支
优良天数289天|优良天数|duration|289|day
恩格尔系数31.8%|恩格尔系数|share|31.8|%
减负2.06亿元|减负|amount|206000000|CNY
可追溯率由零升至58.6%|可追溯率|share|58.6|%|from=0
全球前1‰|-|rank|0~1|‰|basis=全球
十万平方米|-|amount|100000|m2
百名海外侨商|海外侨商|count|100|person
23家P2P平台|P2P平台|count|23|item|家
半个月|-|duration|0.5|month
产值过亿元|产值|amount|100000000|CNY|over
净增243元|-|amount|243|CNY|up
收入减少1200万元|收入|amount|-12000000|CNY|down
实际利用外资4.12亿美元|实际利用外资|amount|412000000|USD
港资1.9亿港元|港资|amount|190000000|HKD
投资2亿欧元|投资|amount|200000000|EUR
七八千元|-|amount|7000~8000|CNY
月薪3200元至4500元|月薪|amount|3200~4500|CNY
500万至3000万元|-|amount|5000000~30000000|CNY
每户可贷3至5万元|可贷|amount|30000~50000|CNY/household
3至5万|-|amount|30000~50000|-
户均二百六十元|户均|amount|260|CNY
客单消费由682元涨到795元|客单消费|amount|795|CNY|from=682
1,234.5万元|-|amount|12345000|CNY
地区生产总值（GDP）98.38亿元|地区生产总值（GDP）|amount|9838000000|CNY
均价3500元/吨|均价|amount|3500|CNY/t
每公斤2.2元|-|amount|2.2|CNY/kg
每人每月50元|-|amount|50|CNY/person/month
每亩补助60元|补助|amount|60|CNY/mu
种子烘干能力每天900吨|种子烘干能力|amount|900|t/day
粮食总产量16.28万吨|粮食总产量|amount|162800|t
减少1.26万吨|-|amount|-12600|t|down
欠产的31万吨|欠产|amount|310000|t
24.3亿斤|-|amount|1215000000|kg
粮食单产500多公斤|粮食单产|amount|500|kg|over
新发病例较峰值下降46%|新发病例|percent|-46|%|down basis=较峰值
购房补贴最高12万元|购房补贴|amount|120000|CNY|at_most
节约标煤3万吨标准煤|节约标煤|amount|30000|tce
供电煤耗降到296克标准煤/千瓦时|供电煤耗|amount|296|gce/kWh
PM2.5平均浓度降至39微克/立方米|PM2.5平均浓度|amount|39|μg/m3
农作物播种面积91.87万亩|农作物播种面积|amount|918700|mu
受灾面积3.87万公顷|受灾面积|amount|38700|ha
可开发用地11.4平方公里|可开发用地|amount|11.4|km2
每个建筑面积不少于2000平方米|建筑面积|amount|2000|m2/个|at_least
人均公园绿地面积由11.2平方米增加到13.6平方米|人均公园绿地面积|amount|13.6|m2|from=11.2
总功率46.7万千瓦|总功率|amount|467000|kW
发电量17.3亿千瓦时|发电量|amount|1730000000|kWh
全长64.3公里|全长|amount|64.3|km
通航宽度拓至280米|通航宽度|amount|280|m
室内温度提高4至5摄氏度|室内温度|amount|4~5|℃|up
46万空方|-|amount|460000|m3
吞吐量116.4万TEU|吞吐量|amount|1164000|TEU
规模以上工业企业5家|规模以上工业企业|count|5|item|家
12个社区食堂|社区食堂|count|12|item|个
146项系列标准|系列标准|count|146|item|项
用餐超20万人次|用餐|count|200000|person_time|over
学位3700余个|学位|count|3700|item|个 over
百余家企业|企业|count|100|item|家 over
近2万人|-|count|20000|person|nearly
两千三百万人|-|count|23000000|person
上千人|-|count|1000|person|at_least
超万人|-|count|10000|person|over
约70万人次|-|count|700000|person_time|about
1200多位客人|客人|count|1200|person|over
三四百家|-|count|300~400|item|家
1至2家机构|机构|count|1~2|item|家
百亿级产业集群3—4个|百亿级产业集群|count|3~4|item|个
投资2000万元(含)以上项目达34个|投资2000万元(含)以上项目|count|34|item|个
亿元以上项目18个|亿元以上项目|count|18|item|个
10亿元以上重大项目2个|10亿元以上重大项目|count|2|item|个
投资50亿元以上的2个|投资50亿元以上|count|2|item|个
82个预增产值过10亿元的重大增长点|预增产值过10亿元的重大增长点|count|82|item|个
500万吨级码头2座|500万吨级码头|count|2|item|座
3000吨级泊位3个|3000吨级泊位|count|3|item|个
QCD-800型机车3台|QCD-800型机车|count|3|item|台
22家国家级5G工厂|国家级5G工厂|count|22|item|家
2家5A级景区|5A级景区|count|2|item|家
“12345”热线话务员30名|“12345”热线话务员|count|30|person
45个县|县|count|45|item|个
7县|-|count|7|item|县
大湾区内地九市|大湾区内地|count|9|item|市
工业19个大类|工业大类|count|19|item|个
1000台（套）工业机器人|工业机器人|count|1000|item|台
40.6万建档立卡贫困人口|建档立卡贫困人口|count|406000|item
日均车流量超8万辆次|日均车流量|count|80000|item|辆次 over
专题询问1次|专题询问|count|1|item|次
群众二百六十八户|群众|count|268|household
由66户整合至12户|-|count|12|household|from=66
中层干部由58名减为33名|中层干部|count|33|person|from=58
游客由312万人次增加到1480万人次|游客|count|14800000|person_time|from=3120000
发明专利28件/万人|发明专利|count|28|item/10000 person|件
每百户汽车42辆|汽车|count|42|item/100 household|辆
每千人口拥有婴幼儿托位2.8个|婴幼儿托位|count|2.8|item/1000 person|个
由每周2列增至4列|-|count|4|item/week|列 from=2
减少12个|-|count|-12|item|个 down
十九连丰|-|count|19|item|连丰
兩萬個家庭|家庭|count|20000|item|个
30分钟|-|duration|30|minute
3天|-|duration|3|day
缩短12个工作日|-|duration|-12|workday|down
审批时限由90天压到25天|审批时限|duration|25|day|from=90
船员证书办理由20个工作日压缩到7个|船员证书办理|duration|7|workday|from=20
一个半小时|-|duration|1.5|hour
3个多月|-|duration|3|month|over
一年半|-|duration|1.5|year
半年|-|duration|0.5|year
培训周期10至15天|培训周期|duration|10~15|day
增长1.5倍|-|multiple|1.5|times|up
是2015年的3倍|-|multiple|3|times|basis=2015年
技术合同成交额是去年的1.8倍|技术合同成交额|multiple|1.8|times|basis=去年
增长两倍以上|-|multiple|2|times|up at_least
亩均效益比种玉米高出6倍|亩均效益|multiple|6|times|basis=比种玉米高出
翻一番|-|multiple|1|times|up
绿电交易量翻了一番|绿电交易量|multiple|1|times|up
翻两番|-|multiple|3|times|up
翻了近一番|-|multiple|1|times|up nearly
城乡居民收入比缩小到1.37:1|城乡居民收入比|multiple|1.37|times
城乡居民收入比收窄至2.31|城乡居民收入比|multiple|2.31|times
全省前十|-|rank|1~10|rank|basis=全省
全国百强|-|rank|1~100|rank|强 basis=全国
全国第3位|-|rank|3|rank|位 basis=全国
全市第一|-|rank|1|rank|basis=全市
排名全市第一|排名|rank|1|rank|basis=全市
居第1|-|rank|1|rank
增速位居全市第2位|增速|rank|2|rank|位 basis=全市
办结率排全区第十一|办结率|rank|11|rank|basis=全区
群众满意度升至全区第二|群众满意度|rank|2|rank|basis=全区
全市第一梯队|-|rank|1|rank|梯队 basis=全市
上升3个位次|-|rank|3|rank|up
排名进步19个名次|排名|rank|19|rank|up
排名由第十四名上升到第九名|排名|rank|9|rank|名 from=14
ESI全球前1%|ESI|rank|0~1|%|basis=全球
"""
UNREADABLE = """
三次产业结构调整为0.6:84.5:14.9|数百家企业|十几分钟|全市倒数第二|多家企业|大幅增长|首位|第一产业|QCD-800型|30万吨级|“六提工程”|六提工程|
翻一番半|“十四五”规划|增速百分之九点几|亿元以上项目|下降-3%|1.2.3亿元|万亿级|5G|一百百家
"""


def _written(value: Decimal | None) -> str:
    return "-" if value is None else format(value, "f")


def describe(quantity: Quantity | Unreadable) -> str:
    """Write a quantity as a row of the table."""
    assert isinstance(quantity, Quantity), quantity
    value = quantity.value
    number = f"{_written(quantity.low)}~{_written(quantity.high)}" if value is None else _written(value)
    words = [
        quantity.classifier,
        quantity.direction or "",
        "" if quantity.bound in {"exact", "range"} else quantity.bound,
    ]
    words += [f"from={_written(quantity.before)}"] if quantity.before is not None else []
    words += [f"basis={quantity.basis}"] if quantity.basis else []
    row = [
        quantity.indicator or "-",
        quantity.kind,
        number,
        quantity.unit or "-",
        " ".join(word for word in words if word),
    ]
    return "|".join(row).rstrip("|")


@pytest.mark.parametrize("row", GOLD.strip().splitlines())
def test_a_span_says_what_the_table_says(row):
    span, _, expected = row.partition("|")
    assert describe(parse_quantity(span)) == expected


@pytest.mark.parametrize("span", UNREADABLE.strip().replace("\n", "").split("|"))
def test_what_cannot_be_read_says_why(span):
    quantity = parse_quantity(span)
    assert isinstance(quantity, Unreadable)
    assert quantity.reason


SAMPLE = Path(__file__).parent / "data" / "quantities.tsv"
"""200 spans of the corpus, drawn once."""


def _sample() -> list[dict[str, str]]:
    with SAMPLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


@pytest.mark.parametrize("row", _sample(), ids=lambda row: row["span"])
def test_a_span_of_the_corpus_has_the_value_a_reader_gives_it(row):
    quantity = parse_quantity(row["span"])
    assert isinstance(quantity, Quantity)
    found = {name: getattr(quantity, name) for name in row if name != "span"}
    assert {name: "" if value is None else str(value) for name, value in found.items()} == dict(list(row.items())[1:])


STATUS = """
预计 forecast|预计全年可达 forecast|有望突破 forecast|力争 target|确保 target|力争实现 target|计划新增 target
到2025年， achieved|预计明年开工，去年 achieved|将 achieved
"""


@pytest.mark.parametrize("row", STATUS.strip().replace("\n", "|").split("|"))
def test_forecast_and_target_words_directly_in_front_are_read(row):
    before, status = row.split(" ")
    assert parse_quantity("40亿元", before=before).status == status


def test_a_target_word_inside_is_read():
    assert parse_quantity("产值冲击30亿元").status == "target"


def test_a_later_percentage_of_a_list_is_a_change_like_the_first():
    first = "农村居民人均收入分别增长12.5%、"
    assert describe(parse_quantity("13.1%", before=first)) == "-|percent|13.1|%|up"
    assert describe(parse_quantity("9%", before=first + "13.1%和")) == "-|percent|9|%|up"
    assert describe(parse_quantity("13.1%", before="比重分别提高到21.7%、")) == "-|share|13.1|%"
    assert describe(parse_quantity("13.1%", before="增长12.5%，占比")) == "-|share|13.1|%"


LIMITS = """
超20万人 200000 -|近2万人 - 20000|约3天 - -|3天 3 3|3至5天 3 5|前十 1 10|不少于15个 15 -|1小时以内 - 1
下降5%以上 - -5|下降不超过5% -5 -|下降3%至5% -5 -3
"""


@pytest.mark.parametrize("row", LIMITS.strip().replace("\n", "|").split("|"))
def test_the_bound_is_one_of_the_size_of_a_change(row):
    span, low, high = row.split(" ")
    quantity = parse_quantity(span)
    assert (_written(quantity.low), _written(quantity.high)) == (low, high)


AMOUNTS = sorted(word for word in UNITS if UNITS[word].kind == "amount" and word not in {"分", "点"})
numbers = st.decimals(0, 99_999, places=2).map(lambda number: number.normalize())


@given(
    number=numbers,
    scale=st.sampled_from([("", 1), ("万", 10**4), ("亿", 10**8)]),
    unit=st.sampled_from(AMOUNTS),
    verb=st.sampled_from(["", "达", "达到", "为", "突破", "约", "不低于"]),
)
def test_an_amount_is_read_back(number, scale, unit, verb):
    quantity = parse_quantity(f"指标额{verb}{number:f}{scale[0]}{unit}")
    assert (quantity.indicator, quantity.unit) == ("指标额", UNITS[unit].name)
    assert quantity.value == number * scale[1] * UNITS[unit].factor


@given(number=numbers, verb=st.sampled_from(["增长", "提高", "上升"]), falls=st.booleans())
def test_a_change_has_the_sign_of_its_verb(number, verb, falls):
    quantity = parse_quantity(f"指标{'下降' if falls else verb}{number:f}%")
    assert (quantity.indicator, quantity.kind) == ("指标", "percent")
    assert quantity.value == (-number if falls else number)


SIGNS = """
由 从 到 至 为 增长 下降 1 2.5 一 三四 百 万 亿 余 多 几 半 % 个百分点 元 个 家 倍 成 分之 第 前 强 位 翻 番 约 超 近
以上 以内 左右 的 每 / — - ~ : ： （ ） ( ) “ ” 级 型 比 高于 位数 连丰 升 负 零 企业 地区 GDP ％ 𠮷
"""
PIECES = st.sampled_from([*SIGNS.split(), " ", "\u3000", "\n"])
HOSTILE = "1 一 个 1个 约 约1 1: 翻了 ( “1 1至 增长 由1到 每万 万 1,111 一点 分之 1分之 高于全 的"


@given(st.lists(PIECES, max_size=14).map("".join) | st.text(max_size=30), st.lists(PIECES, max_size=6).map("".join))
def test_no_text_makes_it_fail(text, before):
    quantity = parse_quantity(text, before=before)
    if isinstance(quantity, Unreadable):
        assert quantity.reason
        return
    assert quantity.low is None or quantity.high is None or quantity.low <= quantity.high
    assert quantity.direction != "down" or quantity.value is None or quantity.value <= 0


@pytest.mark.parametrize("piece", HOSTILE.split())
def test_hostile_text_is_soon_given_up(piece):
    longest = piece * (MAX_LENGTH // len(piece))
    assert isinstance(parse_quantity(longest, before=longest), Quantity | Unreadable)
    assert isinstance(parse_quantity(piece * 100_000, before=piece * 100_000), Unreadable)
