from academy.models.audit import AuditEvent
from academy.models.help import SupportRequest
from academy.models.memberships import Conflict, Membership
from academy.models.notifications import Notification, NotificationChoice
from academy.models.organisations import Organisation
from academy.models.people import Person
from academy.models.running import Heartbeat
from academy.models.topics import Topic

__all__ = [
    "AuditEvent",
    "Conflict",
    "Heartbeat",
    "Membership",
    "Notification",
    "NotificationChoice",
    "Organisation",
    "Person",
    "SupportRequest",
    "Topic",
]
