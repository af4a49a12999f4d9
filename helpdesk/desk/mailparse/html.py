"""HTML of a mail to lines of text, with what its marks say about who wrote them.

The HTML goes through nh3 first, for structure only: what comes out is well-formed whatever went in, so that the
standard library's parser reads it in one pass. What may be shown is another matter (`platform_core.base.markup`).
"""

from __future__ import annotations

import re
from functools import cache
from html import unescape
from html.parser import HTMLParser

import nh3

from helpdesk.desk.mailparse.lines import Line, Mark
from helpdesk.desk.mailparse.phrases import is_attribution_end, plain
from platform_core.base.markup import TAGS, WITHOUT_CONTENT, is_beyond_parsing

_BLOCKS = {
    *("address", "article", "aside", "blockquote", "body", "center", "dd", "div", "dl", "dt", "fieldset", "figure"),
    *("footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "html", "li", "main", "nav", "ol", "p", "pre"),
    *("section", "table", "tbody", "thead", "tr", "ul"),
}
_PARAGRAPHS = {"p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table", "pre", "blockquote"}
_EMPTY = {"br", "hr", "img", "col", "wbr"}
_KEPT = {"class", "id", "style", "type", "cite", "data-marker", "name"}
_ANY_TAG = re.compile(r"<[^<>]*>")
_SPACES = re.compile(r"[ \t\n\r]+")
_LONGEST_ATTRIBUTE = 500

# Where a client puts the message that is answered, by id: Outlook on the web, on phones and on Mac, Zimbra.
_CUT_IDS = {
    *("divrplyfwdmsg", "appendonsend", "olk_src_body_section", "mail-editor-reference-message-container", "zwchr"),
    *("x_divrplyfwdmsg", "x_appendonsend", "ms-outlook-mobile-body-separator-line"),
}
_CUT_CLASSES = {"ms-outlook-mobile-reference-message", "outlookmessageheader"}
_QUOTE_CLASSES = {
    "gmail_quote",
    "yahoo_quoted",
    "protonmail_quote",
    "tutanota_quote",
    "zmail_extra",
    "moz-forward-container",
}
_SIGNATURE_CLASSES = {"gmail_signature", "moz-signature", "protonmail_signature_block", "gmail_signature_prefix"}
_SIGNATURE_IDS = {"signature", "x_signature", "ms-outlook-mobile-signature"}
_SIGNATURE_MARKERS = {"__sig_post__", "__sig_pre__"}
_BORDER_TOP = re.compile(r"border-top\s*:\s*solid\s+#", re.IGNORECASE)
_QUOTE_STYLE = re.compile(
    r"border-left|padding-left\s*:[^;]{0,40};?\s*margin-left|margin:\s*0px 0px 0px 0\.8ex", re.IGNORECASE
)


def to_lines(html: str) -> list[Line]:
    """The text of HTML, line by line, with quote depth and marks."""
    if is_beyond_parsing(html):
        return [Line(" ".join(unescape(_ANY_TAG.sub(" ", html)).split()))]
    reader = _Reader()
    reader.feed(_cleaner().clean(html))
    reader.close()
    return reader.finish()


@cache
def _cleaner() -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=TAGS | _BLOCKS | {"font", "center"},
        attributes={"*": _KEPT, "a": {"href", *_KEPT}, "img": {"alt", *_KEPT}},
        clean_content_tags=WITHOUT_CONTENT | {"head"},
        url_schemes={"http", "https"},
        link_rel=None,
        strip_comments=True,
    )


class _Reader(HTMLParser):
    """Text of well-formed HTML."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[Line] = []
        self.words: list[str] = []
        self.open: list[tuple[str, int, bool]] = []  # element, its share of the depth, whether it is a signature
        self.depth = 0
        self.signatures = 0
        self.preformatted = 0
        self.mark = Mark.NONE
        self.link = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        facts = {name: (value or "")[:_LONGEST_ATTRIBUTE] for name, value in attrs}
        if tag in _BLOCKS or tag in ("br", "hr"):
            self._end_line(blank=tag in _PARAGRAPHS, even_if_empty=tag == "br")
        self._notice(tag, facts)
        if tag in _EMPTY:
            self._put(tag, facts)
            return
        quoted = int(_is_quote(tag, facts) or (tag == "blockquote" and self._follows_attribution()))
        signature = _is_signature(facts)
        self.open.append((tag, quoted, signature))
        self.depth += quoted
        self.signatures += signature
        self.preformatted += tag == "pre"
        if tag == "li":
            self.words.append("- ")
        elif tag in ("td", "th") and "".join(self.words).strip():
            self.words.append(" ")
        elif tag == "a":
            self.link = facts.get("href", "")

    def handle_endtag(self, tag: str) -> None:
        if tag in _EMPTY or not self.open:
            return
        if tag == "a":
            self._end_link()
        if tag in _BLOCKS:
            self._end_line(blank=tag in _PARAGRAPHS)
        name, quoted, signature = self.open.pop()
        self.depth -= quoted
        self.signatures -= signature
        self.preformatted -= name == "pre"

    def handle_data(self, data: str) -> None:
        if not self.preformatted:
            self.words.append(_SPACES.sub(" ", data))
            return
        first, *others = data.split("\n")
        self.words.append(first)
        for each in others:
            self._end_line(even_if_empty=True)
            self.words.append(each)

    def finish(self) -> list[Line]:
        self._end_line()
        while self.lines and not self.lines[-1].text:
            self.lines.pop()
        return self.lines

    def _notice(self, tag: str, facts: dict[str, str]) -> None:
        """What the element says about the lines that follow it."""
        if _is_cut(facts):
            self.mark = Mark.QUOTE_BELOW
        elif tag == "div" and _BORDER_TOP.search(facts.get("style", "")) and self.mark is Mark.NONE:
            self.mark = Mark.PERHAPS_QUOTE_BELOW

    def _put(self, tag: str, facts: dict[str, str]) -> None:
        if tag == "img" and facts.get("alt", "").strip():
            self.words.append(f"[{' '.join(facts['alt'].split())}]")

    def _end_link(self) -> None:
        """An address that the text does not show is put behind it: nobody can click in plain text."""
        shown = self.words[-1].strip() if self.words else ""
        if self.link and shown and self.link.rstrip("/").split("://")[-1] not in shown and not shown.startswith("http"):
            self.words.append(f" <{self.link}>")
        self.link = ""

    def _follows_attribution(self) -> bool:
        """A <blockquote> may also be somebody's indented words; after "… wrote:" it is a quote."""
        last = next((line.text for line in reversed(self.lines[-4:]) if line.text), "")
        return self.depth > 0 or is_attribution_end(plain(last[-_LONGEST_ATTRIBUTE:]))

    def _end_line(self, *, blank: bool = False, even_if_empty: bool = False) -> None:
        joined = "".join(self.words)
        self.words = []
        text = joined.rstrip() if self.preformatted else _SPACES.sub(" ", joined).strip()
        if text == "--":
            text = "-- "
        if text or even_if_empty or "\u00a0" in joined:
            self.lines.append(Line(text, depth=self.depth, mark=self.mark, is_signature=self.signatures > 0))
            self.mark = Mark.NONE
        if blank and self.lines and self.lines[-1].text:
            self.lines.append(Line("", depth=min(self.depth, self.lines[-1].depth), is_signature=self.signatures > 0))


def _is_quote(tag: str, facts: dict[str, str]) -> bool:
    classes = set(facts.get("class", "").lower().split())
    if tag != "blockquote":
        # Gmail wraps the attribution and the quote, Yahoo too; a forwarded message stands in the same frame.
        return bool(classes & {"yahoo_quoted", "protonmail_quote", "tutanota_quote"})
    return bool(
        facts.get("type", "").lower() == "cite"
        or facts.get("cite")
        or classes & _QUOTE_CLASSES
        or _QUOTE_STYLE.search(facts.get("style", ""))
    )


def _is_cut(facts: dict[str, str]) -> bool:
    names = {facts.get("id", "").lower(), facts.get("name", "").lower()}
    return bool(
        names & _CUT_IDS
        or set(facts.get("class", "").lower().split()) & _CUT_CLASSES
        or facts.get("data-marker", "").upper() == "__DIVIDER__"
    )


def _is_signature(facts: dict[str, str]) -> bool:
    return bool(
        facts.get("id", "").lower() in _SIGNATURE_IDS
        or set(facts.get("class", "").lower().split()) & _SIGNATURE_CLASSES
        or facts.get("data-marker", "").lower() in _SIGNATURE_MARKERS
    )
