from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ConditionsConfig(AppConfig):
    """Time, space and trust."""

    name = "conditions"
    verbose_name = _("Conditions")
