"""Roles by name, and which of them are staff. What each may do stands in academy.groups."""

COORDINATOR = "coordinator"
CURATOR = "curator"
ORGANISATION_LEAD = "organisation_lead"
ADMINISTRATOR = "administrator"
SAFEGUARDING_LEAD = "safeguarding_lead"
SPONSOR = "sponsor"

STAFF_ROLES = frozenset({COORDINATOR, CURATOR, ORGANISATION_LEAD, ADMINISTRATOR, SAFEGUARDING_LEAD})
ROLES = STAFF_ROLES | {SPONSOR}
