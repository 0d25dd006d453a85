"""People read what helps improvement and what suppresses it, in their language."""

import re

import pytest
from django.core.management import call_command
from django.db import IntegrityError
from django.utils.timezone import now

from academy.models.base import OneLanguageMissing
from conditions.models import Approach
from tests.factories.conditions import ApproachFactory

pytestmark = pytest.mark.django_db


def shown(response):
    return len(re.findall(r"<article", response.content.decode()))


def test_all_twenty_three_entries_of_the_evidence_table_are_there_in_both_languages(
    visitor, capsys
):
    call_command("load_reference")
    call_command("load_reference")

    assert shown(visitor.get("/en/approaches/")) == shown(visitor.get("/cy/dulliau/")) == 23
    for approach in Approach.objects.all():
        assert not approach.missing()
        assert approach.sources


def test_an_entry_says_effect_evidence_first_step_and_source(visitor):
    approach = ApproachFactory(
        effect="suppresses", strength=1, effect_note_en="for a time", effect_note_cy="am gyfnod"
    )

    english = visitor.get(f"/en/approaches/{approach.slug}/").content.decode()
    welsh = visitor.get(f"/cy/dulliau/{approach.slug}/").content.decode()

    for words in (
        "Suppresses improvement",
        "for a time",
        "Weak evidence",
        "Ask five people.",
        "A source 2026",
    ):
        assert words in english
    for words in (
        "Yn llesteirio gwelliant",
        "am gyfnod",
        "Tystiolaeth wan",
        "Gofynnwch i bum person.",
    ):
        assert words in welsh


def test_a_draft_is_seen_by_a_curator_alone(visitor, sign_in, staff, person):
    draft = ApproachFactory(published=False)
    address = f"/en/approaches/{draft.slug}/"

    assert visitor.get(address).status_code == 404
    assert sign_in(person).get(address).status_code == 404
    assert sign_in(staff("curator")).get(address).status_code == 200


@pytest.mark.parametrize("words", ["gwella", "wella", "GWELLA", "gwélla"])
def test_mutation_case_and_accent_are_no_reason_to_find_nothing(words):
    approach = ApproachFactory(title_cy="Amser i wella gofal", title_en="Time for care")
    ApproachFactory(title_en="Board", title_cy="Bwrdd")

    assert list(Approach.objects.matching(words)) == [approach]


def test_a_slip_of_the_finger_is_forgiven():
    approach = ApproachFactory(title_en="Collaboratives between teams")

    assert list(Approach.objects.matching("colaboratives")) == [approach]


def test_facets_count_what_a_tick_would_show(visitor):
    ApproachFactory(effect="helps", strength=3, levels=["team"])
    ApproachFactory(effect="helps", strength=1, levels=["national", "team"])
    ApproachFactory(effect="suppresses", strength=1, levels=["national"])

    response = visitor.get("/en/approaches/?effect=helps&level=national")
    counts = {
        (facet.name, option.value): option.count
        for facet in response.context["facets"]
        for option in facet.options
    }

    assert shown(response) == 1
    assert counts["effect", "helps"] == 1
    assert counts["effect", "suppresses"] == 1
    assert counts["level", "team"] == 2
    assert counts["strength", "3"] == 0


@pytest.mark.parametrize(
    "query", ["q=%00", "q=" + "x" * 5000, "effect=nonsense&strength=99", "q=%25_'--"]
)
def test_strange_wishes_get_a_page(visitor, query):
    ApproachFactory()

    assert visitor.get(f"/cy/dulliau/?{query}").status_code == 200


def test_publishing_names_the_empty_fields_and_the_database_refuses_too():
    approach = ApproachFactory(published=False, title_cy="", first_step_cy=" ")

    with pytest.raises(OneLanguageMissing) as refusal:
        approach.publish(at=now())
    assert refusal.value.columns == ["title_cy", "first_step_cy"]
    with pytest.raises(IntegrityError):
        Approach.objects.filter(pk=approach.pk).update(published=True)


@pytest.mark.parametrize("many", [1, 3, 50])
def test_the_library_costs_the_same_however_long(visitor, many, django_assert_num_queries):
    ApproachFactory.create_batch(many)

    with django_assert_num_queries(1):  # the approaches
        response = visitor.get("/en/approaches/")

    assert shown(response) == many
