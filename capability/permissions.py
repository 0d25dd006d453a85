"""May this person? Whether a place is left is the verb's own question."""

from academy import roles
from academy.models import Person
from academy.permissions import Reader, may_act_as

STAFF = (roles.CURATOR, roles.ORGANISATION_LEAD)


def may_see_roster(reader: Reader) -> bool:
    return may_act_as(reader, *STAFF)


def may_read_hopes(reader: Reader) -> bool:
    """What people hope for is told to the course team, not to their employer."""
    return may_act_as(reader, roles.CURATOR)


def may_write_to_all(reader: Reader) -> bool:
    return may_act_as(reader, roles.CURATOR)


def may_join_online(reader: Reader, *, booked: bool) -> bool:
    """The joining link is for those who have a place, and for the course team."""
    return booked or may_act_as(reader, roles.CURATOR)


def may_book(person: Person) -> bool:
    return person.is_active
