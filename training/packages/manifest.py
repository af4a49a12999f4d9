"""What a SCORM package says of itself: `imsmanifest.xml` (IMS Content Packaging 1.1.4; SCORM 1.2 CAM, 2004 CAM 1.3)."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import unquote, urljoin, urlsplit
from xml.parsers import expat

from django.utils.translation import gettext as _

from .archive import refuse

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

NAME = "imsmanifest.xml"
LARGEST = 2 * 1024 * 1024  # bytes
MOST_ELEMENTS = 20_000
DEEPEST = 60
LONGEST_LAUNCH_DATA = 4096  # characters, SCORM 1.2 RTE 3.4.4
LONGEST_QUERY = 2000  # characters
SCORM12, SCORM2004 = "scorm12", "scorm2004"
_XML_BASE = "http://www.w3.org/XML/1998/namespace base"


@dataclass(frozen=True)
class Launch:
    """Where a package begins: a file of it, and what follows that in the address ("?lang=ca#1")."""

    path: str
    query: str = ""


@dataclass(frozen=True)
class Manifest:
    kind: str
    title: str
    launch: Launch
    launch_data: str = ""


@dataclass
class Element:
    """`name` is without its namespace, `attributes` are by names without theirs, `xml:base` apart. `spaces` are the
    namespaces of a whole document, at its root."""

    name: str
    attributes: dict[str, str]
    base: str = ""
    text: str = ""
    children: list[Element] = field(default_factory=list)
    spaces: set[str] = field(default_factory=set)

    def find(self, name: str) -> Element | None:
        return next(self.all(name), None)

    def all(self, name: str) -> Iterator[Element]:
        return (child for child in self.children if child.name == name)

    def within(self, name: str) -> Iterator[Element]:
        for child in self.children:
            if child.name == name:
                yield child
            yield from child.within(name)


def read(content: bytes, *, paths: Collection[str]) -> Manifest:
    """What the manifest says, for a package that has the files `paths`.

    Raises Refusal for what is no XML or has a DOCTYPE, for another standard, for several parts, and without a file to
    launch.
    """
    root = parse(content)
    if root.name != "manifest":
        raise refuse(_("The manifest (imsmanifest.xml) is not one of a SCORM package."))
    kind = _kind_of(root)
    organization = _organization(root)
    parts = [item for item in organization.within("item") if item.attributes.get("identifierref")]
    resources = {found.attributes.get("identifier", ""): found for found in root.within("resource")}
    if len({item.attributes["identifierref"] for item in parts}) > 1:
        raise refuse(
            _("The package has several parts, and a lesson takes one. Export it as a single part, or each part apart.")
        )
    resource = resources.get(parts[0].attributes["identifierref"]) if parts else None
    if resource is None or not resource.attributes.get("href"):
        raise _no_launch()
    launch = _launch(root, resource, parts[0], paths)
    data = next((one.text for name in ("datafromlms", "dataFromLMS") for one in parts[0].all(name)), "")
    title = organization.find("title") or parts[0].find("title")
    return Manifest(kind, " ".join(title.text.split()) if title else "", launch, data.strip()[:LONGEST_LAUNCH_DATA])


def parse(content: bytes) -> Element:
    """The document as a tree. Entities are never expanded: a DOCTYPE is refused. Raises Refusal."""
    root: list[Element] = []
    open_now: list[Element] = []
    spaces: set[str] = set()
    count = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal count
        count += 1
        if count > MOST_ELEMENTS or len(open_now) >= DEEPEST:
            raise refuse(_("The manifest (imsmanifest.xml) is too large."))
        plain = {key.rpartition(" ")[2]: value for key, value in attributes.items() if key != _XML_BASE}
        element = Element(name.rpartition(" ")[2], plain, attributes.get(_XML_BASE, ""))
        (open_now[-1].children if open_now else root).append(element)
        open_now.append(element)

    def text(data: str) -> None:
        if open_now:
            open_now[-1].text += data

    def forbidden(*_facts: object) -> None:
        raise refuse(_("The manifest (imsmanifest.xml) has a DOCTYPE, which we do not read. Export the package again."))

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.StartNamespaceDeclHandler = lambda _prefix, space: spaces.add(space or "")
    parser.EndElementHandler = lambda _name: open_now.pop()
    parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = forbidden
    try:
        parser.Parse(content, True)
    except (expat.ExpatError, LookupError, ValueError) as problem:
        raise refuse(_("The manifest (imsmanifest.xml) cannot be read. Export the package again.")) from problem
    root[0].spaces = spaces
    return root[0]


def _kind_of(root: Element) -> str:
    metadata = root.find("metadata")
    said = metadata.find("schemaversion") if metadata else None
    version = said.text.strip().lower() if said else ""
    if version == "1.2":
        return SCORM12
    if "2004" in version or version == "cam 1.3":
        return SCORM2004
    if not version and any("adlcp_rootv1p2" in space for space in root.spaces):
        return SCORM12
    if not version and any("adlcp_v1p3" in space for space in root.spaces):
        return SCORM2004
    raise refuse(_("The manifest (imsmanifest.xml) is neither of SCORM 1.2 nor of SCORM 2004."))


def _organization(root: Element) -> Element:
    organizations = root.find("organizations")
    found = list(organizations.all("organization")) if organizations else []
    if not organizations or not found:
        raise _no_launch()
    default = organizations.attributes.get("default")
    return next((each for each in found if each.attributes.get("identifier") == default), found[0])


def _launch(root: Element, resource: Element, item: Element, paths: Collection[str]) -> Launch:
    above = root.find("resources")
    try:
        base = urljoin(urljoin(root.base, above.base if above else ""), resource.base)
        address = urlsplit(urljoin(base, resource.attributes["href"].strip()))
    except ValueError:
        raise _no_launch() from None
    path = unicodedata.normalize("NFC", unquote(address.path)).removeprefix("./")
    if address.scheme or address.netloc or path not in paths or not path.lower().endswith((".html", ".htm")):
        raise _no_launch()
    query = f"?{address.query}" if address.query else ""
    fragment = f"#{address.fragment}" if address.fragment else ""
    launch = Launch(path, _with_parameters(query, fragment, item.attributes.get("parameters", "").strip()))
    if len(launch.query) > LONGEST_QUERY:
        raise _no_launch()
    return launch


def _with_parameters(query: str, fragment: str, parameters: str) -> str:
    """SCORM 2004 CAM 3.4.1.12 says how an item's parameters are put behind the address of its resource."""
    if parameters.startswith("#"):
        return query + (fragment or parameters)
    more = parameters.lstrip("?&")
    if more:
        query += f"{'&' if query else '?'}{more}"
    return query + fragment


def _no_launch() -> Exception:
    return refuse(_("The package does not say which of its pages it begins with, or that page is not in it."))
