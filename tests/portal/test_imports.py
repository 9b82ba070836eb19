"""HTML from elsewhere becomes blocks, and nothing comes along that an article may not have."""

import json

from portal.imports import body_blocks


def blocks(html: str, **targets: int) -> list[tuple[str, object]]:
    return [(block["type"], block["value"]) for block in json.loads(body_blocks(html, targets))]


def test_text_and_tables_alternate() -> None:
    html = (
        "<p>一</p><table><thead><tr><th>日期</th><th>范围</th></tr></thead><tbody><tr><td>11月</td><td>城北</td></tr></tbody></table>"
        "<p>二</p>"
    )
    assert blocks(html) == [
        ("text", "<p>一</p>"),
        (
            "table",
            {
                "columns": [{"type": "text", "heading": "日期"}, {"type": "text", "heading": "范围"}],
                "rows": [{"values": ["11月", "城北"]}],
                "caption": "",
            },
        ),
        ("text", "<p>二</p>"),
    ]


def test_short_rows_are_filled() -> None:
    html = "<table><tr><th>甲</th><th>乙</th></tr><tr><td>1</td></tr></table>"
    (_, table), *_ = blocks(html)
    assert table["rows"] == [{"values": ["1", ""]}]  # type: ignore[index]


def test_bold_and_links_in_the_notation_of_the_cms() -> None:
    html = '<p><strong>重要</strong>见<a href="article:a049">文件</a>、<a href="https://www.gov.cn/">国务院</a></p>'
    expected = '<p><b>重要</b>见<a id="7" linktype="page">文件</a>、<a href="https://www.gov.cn/">国务院</a></p>'
    assert blocks(html, a049=7)[0][1] in (expected, expected.replace('id="7" linktype="page"', 'linktype="page" id="7"'))


def test_links_that_lead_nowhere_become_text() -> None:
    assert blocks('<p><a href="article:a999">见附件</a></p>') == [("text", "<p>见附件</p>")]


def test_scripts_styles_and_handlers_are_gone() -> None:
    html = (
        '<p onclick="x()" style="color:red">好<script>alert(1)</script><img src=x onerror=y><a href="javascript:x()">点</a></p>'
    )
    (_, value), *_ = blocks(html)
    for forbidden in ("onclick", "style", "<script", "<img", "javascript"):
        assert forbidden not in str(value)
