from academy.models.audit import AuditEvent
from academy.models.help import SupportRequest
from academy.models.notifications import Notification, NotificationChoice
from academy.models.people import Conflict, Membership, Organisation, Person
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
