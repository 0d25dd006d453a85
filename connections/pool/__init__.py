"""The room between the tables and the matching: rows in, arrays out; scores in, reasons out."""

from connections.pool.answers import (
    Assignment,
    Found,
    Held,
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
    "Taken",
    "assign",
    "held_against",
    "load",
    "may_be_together",
    "may_pair",
    "reasons",
    "suggest",
]
