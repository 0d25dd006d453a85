from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.db.models.signals import post_migrate
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class AcademyConfig(AppConfig):
    """Shared ground, and the register through which the pillars meet."""

    default = True
    name = "academy"
    verbose_name = _("Academy")

    def ready(self) -> None:
        from academy import (  # noqa: F401, PLC0415 -- models must be loaded first; most of these register
            approvals,
            checks,
            forms,
            groups,
            help_hooks,
            leaving,
            own_hooks,
            reference,
            second_factor,
            sign_in_mail,
            staff_queues,
        )

        autodiscover_modules("hooks", "importers")
        post_migrate.connect(groups.sync, dispatch_uid="academy.groups")


class AcademyAdminConfig(AdminConfig):
    """The stock admin, with a site of our own."""

    default = False
    default_site = "academy.admin_site.AcademyAdminSite"
