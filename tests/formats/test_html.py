import pytest

from govnews.errors import FormatError
from govnews.formats.html import find_charset, parse_html, read_html

GOVERNMENT = """\
<!DOCTYPE html><html><head><meta charset="gb2312">
<meta name="ArticleTitle" content="青禾县2024年政府工作报告"><meta name="PubDate" content="2024-01-15 09:30">
<title>青禾县2024年政府工作报告_青禾县人民政府</title><style>p {{}}</style></head><body>
<div class="nav"><a href="/">首页</a><a href="/a">政务公开。</a></div><script>var a = "脚本。";</script>
<h1>青禾县2024年政府工作报告</h1><div>来源：县政府办　浏览次数：<span>15</span></div>
<div {main}>
<p>　　去年，<b>青禾县</b>实现地区
生产总值86.4亿元，增长&nbsp;5.1%。</p><p></p>
<p>云岭镇引进项目15个，<br>其中亿元以上项目3个。</p>
<table><tr><th>指标</th><th><p>数值</p></th></tr><tr><td><p>地区生产总值</p></td><td>86.4亿元</td></tr></table>
县住建局牵头推进老街更新工程，群众的获得感和幸福感明显提升，城乡面貌焕然一新，各项事业蓬勃发展。
</div>
<div class="foot">主办：青禾县人民政府</div></body></html>"""

TEXT = """\
去年，青禾县实现地区 生产总值86.4亿元，增长 5.1%。
云岭镇引进项目15个，
其中亿元以上项目3个。
指标	数值
地区生产总值	86.4亿元
县住建局牵头推进老街更新工程，群众的获得感和幸福感明显提升，城乡面貌焕然一新，各项事业蓬勃发展。"""


@pytest.mark.parametrize("main", ['class="TRS_Editor"', 'id="zoom"', 'class="whatever"'])
def test_the_main_text_of_a_government_page(tmp_path, main):
    path = tmp_path / "page.html"
    path.write_bytes(GOVERNMENT.format(main=main).encode("gb18030"))
    document = read_html(path)
    assert document.text == TEXT
    assert document.meta == {"title": "青禾县2024年政府工作报告", "date": "2024-01-15"}


def test_a_page_laid_out_by_tables():
    rows = "".join(f"<p>第{n}段，云岭镇引进项目15个。</p>" for n in range(20))
    page = f"<table><tr><td><a>首页</a></td><td><table><tr><td>{rows}</td></tr></table></td><td>右栏</td></tr></table>"
    assert parse_html(page, id="a").text.splitlines() == [f"第{n}段，云岭镇引进项目15个。" for n in range(20)]


def test_text_around_a_large_table_stays():
    rows = "".join(f"<tr><td>指标{n}</td><td>{n}亿元</td></tr>" for n in range(50))
    page = f"<div><p>表一</p><table>{rows}</table><p>注：数据为初步统计</p></div>"
    lines = parse_html(page, id="a").text.splitlines()
    assert (lines[0], lines[1], lines[-1]) == ("表一", "指标0\t0亿元", "注：数据为初步统计")


def test_where_nothing_tells_the_main_text_all_is_read():
    page = "<div><p>青禾县增长5.1%。</p></div><div><p>云岭镇增长6.2%。</p></div><div>南塘社区服务老人3000余名。</div>"
    assert parse_html(page, id="a").text.count("\n") == 2


@pytest.mark.parametrize(
    ("head", "title", "date"),
    [
        ('<meta property="og:title" content="要闻"><title>站名</title>', "要闻", None),
        ("<title>要闻 - 青禾县政府网</title>", "要闻", None),
        ("<title>要闻_青禾县</title><h1>标题</h1>", "标题", None),
        ('<meta property="article:published_time" content="2024-01-15T09:30:00+08:00">', None, "2024-01-15"),
        ('<meta name="PubDate" content="2024年1月5日">', None, "2024-01-05"),
        ('<meta name="PubDate" content="2024-13-45">', None, None),
        ('<meta name="PubDate"><meta content="">', None, None),
        ("<body>发布时间： 2024/1/15 来源", None, "2024-01-15"),
        ("<body>会议时间：2024-1-15", None, None),
    ],
)
def test_title_and_date_are_read_where_the_page_tells_them(head, title, date):
    meta = parse_html(f"{head}<p>青禾县。</p>", id="a").meta
    assert (meta.get("title"), meta.get("date")) == (title, date)


@pytest.mark.parametrize(
    ("head", "charset"),
    [
        (b'<meta charset="GBK">', "gb18030"),
        (b"<meta http-equiv='Content-Type' content='text/html; charset=big5'>", "big5"),
        (b"<p>", None),
    ],
)
def test_the_encoding_a_page_declares(head, charset):
    assert find_charset(b"<html>" + head) == charset


def test_a_page_in_another_encoding_than_it_says_is_told(tmp_path):
    path = tmp_path / "a.html"
    path.write_bytes('<meta charset="utf-8"><p>青禾县实现地区生产总值86.4亿元，云岭镇</p>'.encode("gb18030"))
    with pytest.raises(FormatError, match="looks like gb18030"):
        read_html(path)


@pytest.mark.parametrize("page", ["<p> </p>", "<script>x</script>", "<!-- x -->", "<nav>首页</nav>"])
def test_a_page_without_text_is_told(page):
    with pytest.raises(FormatError, match="holds no text"):
        parse_html(page, id="a.html")


@pytest.mark.usefixtures("quick")
def test_a_large_and_a_deep_page_take_time_in_proportion():
    assert parse_html("<p>青禾县增长5.1%。</p>" * 100_000, id="a").text.count("\n") == 99_999
    assert parse_html("<div>" * 5_000 + "青禾县增长5.1%。", id="a").text == "青禾县增长5.1%。"
    assert "青禾县" in parse_html("<table><tr><td>" * 2_000 + "青禾县增长5.1%。", id="a").text
