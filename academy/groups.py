"""Roles and what each may do in the admin: one table, synced after every migrate."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Group, Permission

from academy import roles

SEE = ("view",)
KEEP = ("view", "add", "change")

# role -> {"app.model": actions}; a pillar's models are named by their labels, nothing is imported.
# Nobody deletes here: things are withdrawn and ended by verbs, people leave by a flow of their own.
TABLE: dict[str, dict[str, tuple[str, ...]]] = {
    roles.COORDINATOR: {
        "academy.supportrequest": SEE,
        "academy.person": SEE,
        "academy.membership": SEE,
        "academy.organisation": SEE,
        "academy.topic": SEE,
        "connections.mentorprofile": ("view", "change"),
        "connections.mentoringrequest": ("view", "change"),
        "connections.matchinground": KEEP,
        "connections.roundpair": ("view", "change"),
        "connections.weights": KEEP,
        "connections.relationship": SEE,
        "connections.ending": SEE,
        "connections.officehour": SEE,
        "connections.slotbooking": SEE,
        "connections.circle": SEE,
        "connections.circlemember": SEE,
    },
    roles.CURATOR: {
        "academy.topic": KEEP,
        "academy.organisation": KEEP,
        "capability.course": KEEP,
        "capability.cohort": KEEP,
        "capability.session": KEEP,
        "capability.booking": SEE,
        "capability.interest": SEE,
        "conditions.approach": KEEP,
        "connections.agenda": KEEP,
        "connections.coffeeprompt": KEEP,
    },
    # Only the people of their own organisation: the admin's lists are cut down to them.
    roles.ORGANISATION_LEAD: {
        "academy.person": SEE,
        "capability.booking": SEE,
    },
    # Concerns have pages of their own, and no place in the admin.
    roles.SAFEGUARDING_LEAD: {},
    roles.ADMINISTRATOR: {
        "academy.person": KEEP,
        "academy.membership": KEEP,
        "academy.organisation": KEEP,
        "academy.topic": KEEP,
        "academy.notification": SEE,
        "academy.auditevent": SEE,
        "capability.bookingrules": KEEP,
        "connections.coffeerules": KEEP,
        "connections.mentoringrules": KEEP,
        "connections.relationshiprules": KEEP,
        "connections.carerules": KEEP,
        "connections.coachrules": KEEP,
        "connections.ladderstep": ("view", "change"),
        "connections.requirement": KEEP,
        "connections.stillthererules": KEEP,
        "connections.officehourrules": KEEP,
        "connections.circlerules": KEEP,
        "connections.weights": KEEP,
    },
    roles.SPONSOR: {},
}


def sync(**_signal: Any) -> None:
    """Make the groups and their permissions what the table says, no more and no less."""
    known = {
        (permission.content_type.app_label, permission.codename): permission
        for permission in Permission.objects.select_related("content_type")
    }
    for role, rights in TABLE.items():
        group, _new = Group.objects.get_or_create(name=role)
        wanted = []
        for label, actions in rights.items():
            app, model = label.split(".")
            wanted += [known.get((app, f"{action}_{model}")) for action in actions]
        group.permissions.set([permission for permission in wanted if permission is not None])
