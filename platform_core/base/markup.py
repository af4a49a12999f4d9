"""What people write, as HTML that may be shown: Markdown, plain text, HTML of other people's mail. The one place.

Everything goes through one allow-list (nh3, which parses as a browser does): no script, style, class, form or frame,
and no image from elsewhere, because fetching it would tell its owner who reads. Nothing here is marked safe before it.

People and things named in a text (`@laia-serra-12`, `#S-4193`, `#T-17/3`) are only marked: `<span data-ref="S-4193">`.
Who reads decides what is shown there (`resolve_references`), so that no stored HTML tells what its reader may not know.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

import nh3
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from linkify_it import LinkifyIt
    from markdown_it.rules_core import StateCore
    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token

LONGEST = 100_000
"""Characters; a longer text is shown as it was written, without looking for Markdown in it."""

TOP_HEADING = 3
"""The level of `#`: a text stands inside a page, below its title and the heading of its part."""

TAGS = {
    *("p", "br", "hr", "div", "span", "blockquote", "pre", "code", "kbd", "samp", "var"),
    *("h1", "h2", "h3", "h4", "h5", "h6"),
    *("strong", "b", "em", "i", "u", "s", "del", "ins", "sub", "sup", "small", "mark", "abbr", "q", "cite"),
    *("ul", "ol", "li", "dl", "dt", "dd"),
    *("table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td"),
    *("a", "img"),
}
ATTRIBUTES = {
    "*": {"lang", "dir"},
    "a": {"href", "title"},
    "abbr": {"title"},
    "img": {"src", "alt"},
    "ol": {"start"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
}
ALIGNMENTS = {"left", "center", "right"}
WITHOUT_CONTENT = {"script", "style", "title", "template", "noscript", "iframe", "object", "svg", "math", "xmp"}
"""Elements whose text goes with them: it was never meant to be read."""

SCHEMES = {"http", "https", "mailto", "tel", "cid"}

LARGEST = 1_000_000
"""Characters of HTML; the text of a bomb, whose HTML is many times longer, is shown as it was written."""

MOST_MARKS = 4
"""Combining marks on one letter; Vietnamese has two and the scripts with most of them four. More only paints over the
lines above and below."""

DEEPEST = 2000
"""Elements inside each other; a parser's time grows with the square of it, and no mail of a person comes near."""

MOST_WORDS = 15_000
"""Different words in a mail's HTML, tags and attributes among them; more could be the attributes of a single tag, and
the parser compares each with all others."""

MOST_REFERENCES = 50_000
"""Ampersands; the parser's time grows with the square of them where they stand in one stretch of text."""

# Every part is bounded, so that "www.www.www.…" is not read to its end once for each of them.
_WWW = re.compile(r"(?:[a-z0-9-]{1,63}\.){1,8}[a-z]{2,24}(?::\d{1,5})?(?:[/?#][^\s<>\"'`|]{0,1000})?", re.IGNORECASE)
_ENDS = ".,;:!?)]}*_~"
# Characters that turn the direction of what comes after them, up to beyond the text: "exe.gpj" is read as "jpg.exe".
_DISORDER = re.compile("[\u202a-\u202e\u2066-\u2069]")
_MARK = (
    "[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]"
)
_PILES = re.compile(f"({_MARK}{{{MOST_MARKS}}}){_MARK}+")
_MENTION = re.compile(r"@([a-z0-9]{1,40}(?:-[a-z0-9]{1,40}){0,8}-([1-9][0-9]{0,17}))(?![\w-]|\.\w)", re.ASCII)
_REFERENCE = re.compile(r"#([A-Z]-[1-9][0-9]{0,17}(?:/[1-9][0-9]{0,8})?)(?![\w-])", re.ASCII)
_REF_VALUE = re.compile(r"@[1-9][0-9]{0,17}|[A-Z]-[1-9][0-9]{0,17}(?:/[1-9][0-9]{0,8})?", re.ASCII)
_REF_SPAN = re.compile(r'<span data-ref="([^"<>]{1,40})">([^<]*)</span>')
_TAG = re.compile(r"<(/?)([a-z][^\s/>]*)")
_WORD = re.compile(r"[^\s/>=]+")
_WHOLE_TAG = re.compile(r"<[^<>]*>")
_NEVER_DEEP = {
    *("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"),
    *("p", "li", "dt", "dd", "tr", "td", "th", "option"),
}
"""Elements that are empty, or that the next one of them closes."""


def clean_html(html: str) -> str:
    """HTML of unknown origin, such as a mail's, with only what the allow-list has; always well-formed.

    Links keep http, https, mailto and tel addresses (an address without a host would lead into our own pages and goes)
    and get rel="nofollow noopener noreferrer". An image keeps its alternative text, and its address only when it is
    `cid:`, a part of the same mail. HTML beyond DEEPEST, MOST_WORDS or MOST_REFERENCES is reduced to its text.
    The result is not marked safe: the caller does, where it is shown.
    """
    html = html.replace("\0", "")
    if is_beyond_parsing(html):
        return f"<p>{escape(' '.join(_WHOLE_TAG.sub(' ', html).split()))}</p>"
    return _cleaner("deny").clean(html)


def render_markdown(text: str, *, references: bool = False, images: str = "") -> SafeString:
    """CommonMark with tables, ~~strikethrough~~, bare addresses as links and single line breaks kept, as safe HTML.

    Raw HTML is shown as it was typed. Headings begin at level 3. Texts over LONGEST characters are only escaped.
    `references` marks the people and things that the text names. `images` is a path of ours, such as `/agora/fitxer/`:
    pictures at that path with a number behind it are shown, and no others.
    """
    if len(text) > LONGEST:
        return mark_safe(f"<pre>{escape(tame(text))}</pre>")  # noqa: S308  just escaped
    html = _markdown(references=references).render(text)
    if len(html) > LARGEST:
        return mark_safe(f"<pre>{escape(tame(text))}</pre>")  # noqa: S308  just escaped
    # Before the cleaning: taking a character out of clean HTML could join what was harmless apart.
    cleaner = _cleaner("pass_through", references=references, images=images)
    return mark_safe(cleaner.clean(tame(html)))  # noqa: S308  just cleaned


def tame(text: str) -> str:
    """Text without what disturbs its neighbours: characters that turn the direction of writing, and more combining
    marks on a letter than any language has.
    """
    text = _DISORDER.sub("", text)
    return _PILES.sub(r"\1", text)


def handle(name: str, pk: int) -> str:
    """How a person is named in a text, without the `@`: the number says who, the words are for people."""
    words = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    parts = [part[:40] for part in re.split(r"[^a-z0-9]+", words) if part][:4]
    return "-".join([*(parts or ["persona"]), str(pk)])


def references_in(html: str) -> set[str]:
    """What a rendered text names: `@12` for a person, `S-4193` or `T-17/3` for a thing."""
    return {reference for reference, _words in _REF_SPAN.findall(html)}


def resolve_references(html: str, shown: Mapping[str, SafeString]) -> SafeString:
    """A rendered text for one reader. `shown` has the HTML of what they may know of; the rest stays as it was typed."""

    def show(found: re.Match[str]) -> str:
        return shown.get(found[1]) or found[2]

    return mark_safe(_REF_SPAN.sub(show, html))  # noqa: S308  clean before, and the caller's HTML is safe


def render_plain(text: str) -> SafeString:
    """Words that are no Markdown, such as a mail's, as safe HTML: paragraphs, line breaks, and addresses as links.

    Nothing else is interpreted. Texts over LONGEST characters are only escaped.
    """
    if len(text) > LONGEST:
        return mark_safe(f"<pre>{escape(tame(text))}</pre>")  # noqa: S308  just escaped
    return mark_safe(_cleaner("deny").clean(tame(_plain().render(text))))  # noqa: S308  just cleaned


def plain_text(markdown: str, *, length: int = 200) -> str:
    """The beginning of a text in one line without Markdown, for lists; at most `length` characters, "…" included."""
    # Enough for the length even if most of it is addresses of links, and little enough for a list of hundreds.
    words = " ".join(" ".join(_texts(_prose().parse(markdown[: 8 * length + 1000]))).split())
    if len(words) <= length:
        return words
    cut = words[: length - 1]
    whole, space, _rest = cut.rpartition(" ")
    # A word as long as the line is cut where the line ends.
    return f"{(whole if space and len(whole) > length // 2 else cut).rstrip(' ,;:.')}…"


@cache
def _cleaner(relative: Literal["pass_through", "deny"], *, references: bool = False, images: str = "") -> nh3.Cleaner:
    own_image = re.compile(f"{re.escape(images)}[1-9][0-9]{{0,17}}/", re.ASCII) if images else None

    def kept(tag: str, attribute: str, value: str) -> str | None:
        if (tag, attribute) == ("img", "src") and own_image and own_image.fullmatch(value):
            return value
        if (tag, attribute) == ("span", "data-ref"):
            return value if _REF_VALUE.fullmatch(value) else None
        return _kept_attribute(tag, attribute, value)

    return nh3.Cleaner(
        tags=TAGS,
        attributes={**ATTRIBUTES, "span": {"data-ref"}} if references else ATTRIBUTES,
        tag_attribute_values={"td": {"align": ALIGNMENTS}, "th": {"align": ALIGNMENTS}},
        attribute_filter=kept,
        clean_content_tags=WITHOUT_CONTENT,
        url_schemes=SCHEMES,
        url_relative=relative,
        link_rel="nofollow noopener noreferrer",
    )


def _kept_attribute(tag: str, attribute: str, value: str) -> str | None:
    is_part_of_mail = value.strip().lower().startswith("cid:")
    if (tag, attribute) == ("img", "src"):
        return value if is_part_of_mail else None
    if (tag, attribute) == ("a", "href"):
        return None if is_part_of_mail else value
    return value


@cache
def _markdown(*, references: bool) -> MarkdownIt:
    markdown = MarkdownIt("commonmark", {"html": False, "linkify": True, "breaks": True, "typographer": False})
    markdown.enable(["table", "strikethrough", "linkify"])
    markdown.core.ruler.push("fit_into_the_page", _fit_into_the_page)
    assert markdown.linkify is not None  # noqa: S101  the option above
    _recognise_addresses(markdown.linkify)
    if references:
        markdown.inline.ruler.push("reference", _mark_reference)
        markdown.add_render_rule("reference", _render_reference)
    return markdown


def _mark_reference(state: StateInline, silent: bool) -> bool:
    """`@laia-serra-12` and `#S-4193`, unless a word is before it or it is inside of a link."""
    pattern = {"@": _MENTION, "#": _REFERENCE}.get(state.src[state.pos])
    found = pattern.match(state.src, state.pos, state.posMax) if pattern and not state.linkLevel else None
    if found is None or (state.pos and (state.src[state.pos - 1].isalnum() or state.src[state.pos - 1] in "_-/@#")):
        return False
    if not silent:
        token = state.push("reference", "", 0)
        token.content = found[0]
        token.meta = {"ref": f"@{found[2]}" if pattern is _MENTION else found[1]}
    state.pos = found.end()
    return True


def _render_reference(_self: Any, tokens: Sequence[Token], place: int, _options: Any, _env: Any) -> str:
    return f'<span data-ref="{tokens[place].meta["ref"]}">{escape(tokens[place].content)}</span>'


@cache
def _plain() -> MarkdownIt:
    """Only paragraphs, lines and addresses: "zero" knows nothing else."""
    plain = MarkdownIt("zero", {"html": False, "linkify": True, "breaks": True}).enable(["newline", "linkify"])
    assert plain.linkify is not None  # noqa: S101  the option above
    _recognise_addresses(plain.linkify)
    return plain


@cache
def _prose() -> MarkdownIt:
    """Without tables: a few hundred characters of one can stand for tens of thousands of cells."""
    return MarkdownIt("commonmark", {"html": False}).enable("strikethrough")


def is_beyond_parsing(html: str) -> bool:
    """Whether parsing would take unreasonable time: HTML beyond DEEPEST, MOST_WORDS or MOST_REFERENCES."""
    return html.count("&") > MOST_REFERENCES or _is_too_deep(html) or len(set(_WORD.findall(html.lower()))) > MOST_WORDS


def _is_too_deep(html: str) -> bool:
    """Whether more elements may be open at once than DEEPEST; an upper bound, from one look at the tags."""
    open_now: Counter[str] = Counter()
    depth = 0
    for slash, name in _TAG.findall(html.lower()):
        if name in _NEVER_DEEP:
            continue
        if not slash:
            open_now[name] += 1
            depth += 1
        elif open_now[name]:
            open_now[name] -= 1
            depth -= 1
        if depth > DEEPEST:
            return True
    return False


def _recognise_addresses(linkify: LinkifyIt) -> None:
    """http(s)://, www. and mail addresses. A bare `host.cat` is none: "l'he enviat.La resposta" would be a link."""
    linkify.set({"fuzzy_link": False, "fuzzy_ip": False, "fuzzy_email": True})
    linkify.tlds(["cat", "barcelona", "gal", "eus"], keep_old=True)
    linkify.add("ftp:", None)
    linkify.add("//", None)
    linkify.add("www.", {"validate": _length_of_www, "normalize": _to_https})


def _length_of_www(_self: Any, text: str, start: int) -> int:
    """How many characters after `www.` belong to the address; 0 for none."""
    found = _WWW.match(text, start)
    return len(found[0].rstrip(_ENDS)) if found else 0


def _to_https(_self: Any, match: Any) -> None:
    match.url = f"https://{match.url}"


def _fit_into_the_page(state: StateCore) -> None:
    """Headings below those of the page; columns aligned by an attribute, because no inline style gets through."""
    for token in state.tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(6, int(token.tag[1]) + TOP_HEADING - 1)}"
        elif token.type in ("th_open", "td_open") and "style" in token.attrs:
            token.attrs["align"] = str(token.attrs.pop("style")).removeprefix("text-align:")


def _texts(tokens: Sequence[Token]) -> Iterator[str]:
    for token in tokens:
        if token.type in ("inline", "image"):
            yield "".join(_texts(token.children or []))
        elif token.type in ("softbreak", "hardbreak"):
            yield " "
        elif token.type in ("text", "code_inline", "fence", "code_block"):
            yield token.content
