from tests.factories.help import SupportRequestFactory
from tests.factories.people import (
    MembershipFactory,
    OrganisationFactory,
    PersonFactory,
    StaffFactory,
    TopicFactory,
)

__all__ = [
    "MembershipFactory",
    "OrganisationFactory",
    "PersonFactory",
    "StaffFactory",
    "SupportRequestFactory",
    "TopicFactory",
]
