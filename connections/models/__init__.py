from connections.models.agendas import Agenda, Stage
from connections.models.agreements import Agreement
from connections.models.availability import Availability
from connections.models.care import CareRules, RelationshipRules
from connections.models.check_ins import CheckIn
from connections.models.circle_meetings import CircleMeeting
from connections.models.circle_members import CircleMember, CircleWish
from connections.models.circle_messages import CircleMessage
from connections.models.circle_rules import CircleRules
from connections.models.circles import Circle
from connections.models.closings import ClosingNote, ConcernReply
from connections.models.coach_rules import CoachRules
from connections.models.coffee_groups import CoffeeGroup, CoffeeSeat, NotAgain
from connections.models.coffee_members import CoffeeMember
from connections.models.coffee_prompts import CoffeePrompt
from connections.models.coffee_rounds import CoffeeRound
from connections.models.coffee_rules import CoffeeRules
from connections.models.concerns import Concern
from connections.models.credentials import Credential
from connections.models.endings import Ending
from connections.models.fit import WAYS, Setting
from connections.models.goals import Goal
from connections.models.handovers import HandOver
from connections.models.ladder import LadderStep, Requirement
from connections.models.left_out import LeftOut, SetApart
from connections.models.log import LogLine
from connections.models.manager_consents import ManagerConsent
from connections.models.meetings import Meeting
from connections.models.notes import Note
from connections.models.office_hours import OfficeHour, OfficeHourRules
from connections.models.pair_care import Care
from connections.models.practices import Practice, Step
from connections.models.profiles import MentorProfile
from connections.models.proposals import Proposal, ProposedTime
from connections.models.relationships import Relationship
from connections.models.rematch_offers import RematchOffer
from connections.models.requests import Kind, MentoringRequest
from connections.models.rounds import MatchingRound, RoundPair
from connections.models.rules import MentoringRules
from connections.models.slot_bookings import SlotBooking, SlotQuestion
from connections.models.slots import Slot
from connections.models.still_there import StillThere, StillThereRules
from connections.models.suggestions import Suggestion
from connections.models.supervision import SupervisionGroup, SupervisionSession
from connections.models.supervision_places import SupervisionPlace
from connections.models.tasks import Task
from connections.models.terms import Terms
from connections.models.weights import Weights

__all__ = [
    "WAYS",
    "Agenda",
    "Agreement",
    "Availability",
    "Care",
    "CareRules",
    "CheckIn",
    "Circle",
    "CircleMeeting",
    "CircleMember",
    "CircleMessage",
    "CircleRules",
    "CircleWish",
    "ClosingNote",
    "CoachRules",
    "CoffeeGroup",
    "CoffeeMember",
    "CoffeePrompt",
    "CoffeeRound",
    "CoffeeRules",
    "CoffeeSeat",
    "Concern",
    "ConcernReply",
    "Credential",
    "Ending",
    "Goal",
    "HandOver",
    "Kind",
    "LadderStep",
    "LeftOut",
    "LogLine",
    "ManagerConsent",
    "MatchingRound",
    "Meeting",
    "MentorProfile",
    "MentoringRequest",
    "MentoringRules",
    "NotAgain",
    "Note",
    "OfficeHour",
    "OfficeHourRules",
    "Practice",
    "Proposal",
    "ProposedTime",
    "Relationship",
    "RelationshipRules",
    "RematchOffer",
    "Requirement",
    "RoundPair",
    "SetApart",
    "Setting",
    "Slot",
    "SlotBooking",
    "SlotQuestion",
    "Stage",
    "Step",
    "StillThere",
    "StillThereRules",
    "Suggestion",
    "SupervisionGroup",
    "SupervisionPlace",
    "SupervisionSession",
    "Task",
    "Terms",
    "Weights",
]
