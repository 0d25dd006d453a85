from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef

from academy.models import Notification, Person


class PersonBackend(AuthenticationBackend):  # type: ignore[misc] # allauth ships no types
    """allauth's sign-in; the reader of a page is loaded with roles and unread count in one query."""

    def get_user(self, user_id: Any) -> Person | None:
        me = OuterRef("pk")
        groups = Group.objects.filter(user=me).order_by("name").values("name")
        factors = Authenticator.objects.filter(user=me, type__in=["totp", "webauthn"])
        person = (
            Person.objects.annotate(
                _role_names=ArraySubquery(groups),
                _second_factor=Exists(factors),
                _unread=Notification.objects.unread_count_of(me),
            )
            .filter(pk=user_id)
            .first()
        )
        return person if person is not None and self.user_can_authenticate(person) else None
