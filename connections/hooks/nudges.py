"""The letter that says: there are a few words for you. The words themselves stay in the pair."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from academy import hooks
from academy.models import Notification
from connections.models import Relationship


@hooks.notification("connections.kind_word", label=_("Somebody you learn with writes to you"))
def kind_word(letter: Notification) -> hooks.Letter | None:
    pairs = Relationship.objects.select_related("mentor", "mentee")
    pair = pairs.filter(pk=letter.facts["relationship"]).first()
    if pair is None or pair.ended:
        return None
    return hooks.Letter({"other": pair.other(letter.person).name})
