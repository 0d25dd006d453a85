"""What staff read in the audit of what happened here."""

from django.utils.translation import gettext_lazy as _

from academy import hooks

hooks.audited(
    {
        "publish": _("Made public"),
        "withdraw": _("Taken off the site"),
        "cancel": _("Called off"),
        "move": _("Session moved"),
        "relocate": _("Place or link changed"),
        "change places": _("Number of places changed"),
        "write to all": _("Message sent to everybody with a place"),
    }
)
