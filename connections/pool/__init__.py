"""The room between the tables and the matching: rows in, arrays out; scores in, reasons out."""

from connections.pool.alike import reasons_alike, suggest_alike
from connections.pool.answers import (
    Assignment,
    Held,
    Reasons,
    assign,
    held_against,
    may_be_together,
    may_pair,
    reasons,
)
from connections.pool.loading import Loaded, load
from connections.pool.suggestions import Found, Taken, suggest

__all__ = [
    "Assignment",
    "Found",
    "Held",
    "Loaded",
    "Reasons",
    "Taken",
    "assign",
    "held_against",
    "load",
    "may_be_together",
    "may_pair",
    "reasons",
    "reasons_alike",
    "suggest",
    "suggest_alike",
]
