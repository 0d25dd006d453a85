"""What the rest of the academy may see of us."""

from django.utils.translation import gettext_lazy as _

from academy import hooks
from capability.hooks import audit, letters, personal, public, staff

__all__ = ["audit", "letters", "personal", "public", "staff"]

hooks.nav(_("Learn"), "capability:courses", order=20)
hooks.nav(_("My learning"), "capability:learning", order=25, audience="improver")
