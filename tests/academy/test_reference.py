import pytest
from django.core.management import call_command

from academy.models import Organisation, Topic

pytestmark = pytest.mark.django_db


def test_reference_is_loaded_once_however_often_it_is_asked_for(capsys):
    call_command("load_reference")
    first = (Organisation.objects.count(), Topic.objects.count())
    call_command("load_reference")

    assert (Organisation.objects.count(), Topic.objects.count()) == first == (70, 120)


def test_a_former_name_leads_to_its_successor_and_is_no_choice(capsys):
    call_command("load_reference")

    former = Organisation.objects.get(code="NHSEXEC")

    assert former.successor.code == "NHSWPI"
    assert former not in Organisation.objects.choices()
    assert Organisation.objects.get(code="LA-CRF").region == "cardiff_and_vale"
