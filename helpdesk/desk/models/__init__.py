"""What the desk keeps beside the library's tickets."""

from .case import LIVE, RUNNING, Case, Channel, Kind, Level, Priority, Rating, Signal, State
from .clocks import Clock, Clocked, Pause, Policy
from .entries import Change, Entry, EntryKind, Side
from .mail import Arrival, Letter, LetterKind, Outcome, Reason

__all__ = [
    "LIVE",
    "RUNNING",
    "Arrival",
    "Case",
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
    "Outcome",
    "Pause",
    "Policy",
    "Priority",
    "Rating",
    "Reason",
    "Side",
    "Signal",
    "State",
]
