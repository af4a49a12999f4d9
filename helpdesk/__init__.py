"""One name, two folders: the library django-helpdesk first, then this folder, which holds only `desk`.

`helpdesk.models` is always the library's and `helpdesk.desk.models` is always ours: no module of ours can shadow one
of theirs. See docs/decisions/0002-helpdesk-overlay.md.
"""

import sys
from importlib.machinery import PathFinder
from pathlib import Path

_OURS = str(Path(__file__).resolve().parent)
_ROOT = Path(_OURS).parent

_elsewhere = [entry for entry in sys.path if Path(entry or ".").resolve() != _ROOT]
_spec = PathFinder.find_spec(__name__, _elsewhere)
if _spec is None or not _spec.submodule_search_locations:
    raise ImportError("The library django-helpdesk is not installed: pip install -r requirements/run.txt")

__path__ = [*_spec.submodule_search_locations, _OURS]
