"""Roles by name, and which of them are staff. What each may do stands in academy.groups."""

from django.utils.translation import gettext_lazy as _

COORDINATOR = "coordinator"
CURATOR = "curator"
ORGANISATION_LEAD = "organisation_lead"
ADMINISTRATOR = "administrator"
SAFEGUARDING_LEAD = "safeguarding_lead"
SPONSOR = "sponsor"

STAFF_ROLES = frozenset({COORDINATOR, CURATOR, ORGANISATION_LEAD, ADMINISTRATOR, SAFEGUARDING_LEAD})
ROLES = STAFF_ROLES | {SPONSOR}

NAMES = {
    COORDINATOR: _("Coordinator"),
    CURATOR: _("Curator"),
    ORGANISATION_LEAD: _("Organisation lead"),
    SAFEGUARDING_LEAD: _("Safeguarding lead"),
    ADMINISTRATOR: _("Administrator"),
    SPONSOR: _("Sponsor"),
}
