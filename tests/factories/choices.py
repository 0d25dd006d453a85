from datetime import UTC, datetime, timedelta

from academy.models import Notification
from connections.models.working_days import close_of_working_day
from tests.factories.connections import MentorProfileFactory

AT = datetime(2026, 1, 8, 10, tzinfo=UTC)  # a Thursday
LATER = close_of_working_day(AT, days=3)  # Tuesday at five
DAY = timedelta(days=1)


def listed(request):
    return list(
        request.suggestions.chosen()
        .order_by("choice")
        .values_list("profile__person__name", flat=True)
    )


def kinds_told(person):
    return sorted(Notification.objects.of(person).values_list("kind", flat=True))


def mentors(*names, **facts):
    return [MentorProfileFactory(person__name=name, **facts) for name in names]
