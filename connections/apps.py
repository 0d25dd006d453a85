from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ConnectionsConfig(AppConfig):
    """People who help people."""

    name = "connections"
    verbose_name = _("Connections")
