"""The icons of the product: Tabler outline (MIT), the files in this folder, copied in by `manage.py vendor_icons`.

They go into the page as inline SVG, so that they take the colour of the text beside them, need no request, pass a
policy without inline styles, and survive when a fragment of a page is swapped (a sprite at its foot would not).
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent
_SHAPES = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)
_EMPTY_SQUARE = re.compile(r'<path stroke="none" d="M0 0h24v24H0z" fill="none" ?/>')


class UnknownIcon(LookupError):
    """The name has no file in `platform_core/base/icons/`."""


def names() -> list[str]:
    return sorted(path.stem for path in FOLDER.glob("*.svg"))


@cache
def shapes(name: str) -> str:
    """The inner SVG of an icon, drawn on 24 × 24.

    Raises:
        UnknownIcon: saying how to add it.
    """
    path = FOLDER / f"{name}.svg"
    if not re.fullmatch(r"[a-z0-9-]+", name) or not path.is_file():
        raise UnknownIcon(
            f'No icon "{name}". Add its name to ICONS in platform_core/base/management/commands/vendor_icons.py '
            f"and run manage.py vendor_icons. There are: {', '.join(names())}."
        )
    found = _SHAPES.search(path.read_text(encoding="utf-8"))
    assert found is not None, path  # noqa: S101  a vendored file that is not SVG is our own mistake
    return _EMPTY_SQUARE.sub("", " ".join(found[1].split())).replace("> <", "><").strip()
