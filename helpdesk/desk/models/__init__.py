"""What the desk keeps beside the library's tickets."""

from .case import LIVE, RUNNING, Case, Channel, Kind, Level, Priority, Rating, Signal, State
from .clocks import Clock, Clocked, Pause, Policy
from .entries import Change, Entry, EntryKind, Side
from .links import CaseLink, MadeAnswer, Prescription
from .mail import Arrival, Letter, LetterKind, Outcome, Reason

__all__ = [
    "LIVE",
    "RUNNING",
    "Arrival",
    "Case",
    "CaseLink",
    "Change",
    "Channel",
    "Clock",
    "Clocked",
    "Entry",
    "EntryKind",
    "Kind",
    "Letter",
    "LetterKind",
    "Level",
    "MadeAnswer",
    "Outcome",
    "Pause",
    "Policy",
    "Prescription",
    "Priority",
    "Rating",
    "Reason",
    "Side",
    "Signal",
    "State",
]
