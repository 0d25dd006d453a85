from connections.models.fit import WAYS, Setting
from connections.models.profiles import MentorProfile
from connections.models.requests import Kind, MentoringRequest
from connections.models.rounds import MatchingRound, RoundPair
from connections.models.rules import MentoringRules
from connections.models.suggestions import Suggestion
from connections.models.weights import Weights

__all__ = [
    "WAYS",
    "Kind",
    "MatchingRound",
    "MentorProfile",
    "MentoringRequest",
    "MentoringRules",
    "RoundPair",
    "Setting",
    "Suggestion",
    "Weights",
]
