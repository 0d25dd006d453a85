"""The room between the tables and the matching: rows in, arrays out; scores in, reasons out."""

from connections.pool.alike import reasons_alike, suggest_alike
from connections.pool.answers import (
    Assignment,
    Found,
    Held,
    Reasons,
    Taken,
    assign,
    held_against,
    may_be_together,
    may_pair,
    reasons,
    suggest,
)
from connections.pool.loading import Loaded, load

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
