from capability.models.bookings import Booking
from capability.models.cohorts import Cohort
from capability.models.courses import Course
from capability.models.interests import Interest
from capability.models.messages import Message
from capability.models.rules import BookingRules
from capability.models.sessions import Session

__all__ = ["Booking", "BookingRules", "Cohort", "Course", "Interest", "Message", "Session"]
