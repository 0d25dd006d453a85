from django.db import migrations
from django.db.models import Exists, F, OuterRef
from django.utils.timezone import localdate, now

from connections.models.working_days import bank_holidays


def leave_out_bank_holidays(apps, schema_editor):
    """What nobody has booked is off, as a day that was skipped: its host can offer it again."""
    slots = apps.get_model("connections", "Slot").objects.filter(cancelled_at=None)
    bookings = apps.get_model("connections", "SlotBooking").objects.filter(left_at=None)
    free = slots.filter(~Exists(bookings.filter(slot=OuterRef("pk"))), starts_at__gt=now())
    days = {pk: localdate(starts_at) for pk, starts_at in free.values_list("pk", "starts_at")}
    off = [pk for pk, day in days.items() if day in bank_holidays(day.year)]
    slots.filter(pk__in=off).update(cancelled_at=now(), sequence=F("sequence") + 1)


class Migration(migrations.Migration):
    dependencies = [("connections", "0021_notes_know_whether_they_are_contact")]

    operations = [migrations.RunPython(leave_out_bank_holidays, migrations.RunPython.noop)]
