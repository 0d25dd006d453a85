from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CapabilityConfig(AppConfig):
    """Skills to start and go on."""

    name = "capability"
    verbose_name = _("Capability")
