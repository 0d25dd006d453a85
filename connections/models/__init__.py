from connections.models.agreements import Agreement
from connections.models.care import CareRules, RelationshipRules
from connections.models.check_ins import CheckIn
from connections.models.concerns import Concern
from connections.models.fit import WAYS, Setting
from connections.models.goals import Goal
from connections.models.left_out import LeftOut, SetApart
from connections.models.meetings import Meeting
from connections.models.notes import Note
from connections.models.pair_care import Care
from connections.models.profiles import MentorProfile
from connections.models.relationships import Relationship
from connections.models.requests import Kind, MentoringRequest
from connections.models.rounds import MatchingRound, RoundPair
from connections.models.rules import MentoringRules
from connections.models.suggestions import Suggestion
from connections.models.terms import Terms
from connections.models.weights import Weights

__all__ = [
    "WAYS",
    "Agreement",
    "Care",
    "CareRules",
    "CheckIn",
    "Concern",
    "Goal",
    "Kind",
    "LeftOut",
    "MatchingRound",
    "Meeting",
    "MentorProfile",
    "MentoringRequest",
    "MentoringRules",
    "Note",
    "Relationship",
    "RelationshipRules",
    "RoundPair",
    "SetApart",
    "Setting",
    "Suggestion",
    "Terms",
    "Weights",
]
