"""The ground that the desk, the knowledge base, the training room and the communities share."""

from pathlib import Path

import helpdesk

# mypy's Django plugin and strict editable installs put our root after site-packages, so that `helpdesk` is the library
# alone; our folder joins it here, whichever was imported first.
_DESK_HOME = str(Path(__file__).resolve().parent.parent / "helpdesk")
if _DESK_HOME not in helpdesk.__path__:
    helpdesk.__path__.append(_DESK_HOME)
