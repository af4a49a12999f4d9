"""What the other apps may call. docs/files.md shows a whole upload and a whole download."""

from .domain import Stored, Upload, accept, kept
from .forms import MultipleFileField
from .inspection import MAX_FILES, MAX_SIZE, BadFiles, Inspected, inspect, inspect_all
from .models import FileScan
from .names import normalise
from .queries import held
from .scanning import ScanResult, Verdict, scan
from .scanning import answers as scanner_answers
from .scanning import is_configured as has_scanner
from .serving import serve
from .storage import new_name, private_storage

__all__ = [
    "MAX_FILES",
    "MAX_SIZE",
    "BadFiles",
    "FileScan",
    "Inspected",
    "MultipleFileField",
    "ScanResult",
    "Stored",
    "Upload",
    "Verdict",
    "accept",
    "has_scanner",
    "held",
    "inspect",
    "inspect_all",
    "kept",
    "new_name",
    "normalise",
    "private_storage",
    "scan",
    "scanner_answers",
    "serve",
]
