"""The pages of a list of choices: for the mentee who makes it, and for whoever is asked."""

import pytest
from django.urls import reverse

from academy.models import Conflict, Membership
from connections import tasks
from connections.actions import asking, choosing
from connections.models import MentorProfile
from tests.factories import TopicFactory
from tests.factories.choices import AT, LATER, listed, mentors
from tests.factories.connections import MentoringRequestFactory, MentorProfileFactory
from tests.factories.people import MembershipFactory

pytestmark = pytest.mark.django_db


def url(name, *args):
    return reverse(f"connections:{name}", args=args)


def text(response):
    return response.content.decode()


def test_a_mentee_names_their_order_and_sees_where_it_stands(sign_in, person, ann_bea_cai):
    request = MentoringRequestFactory(mentee=person)
    for profile in ann_bea_cai[:2]:
        request.suggestions.create(profile=profile, made_at=AT)
    ann, bea, cai = (str(one.pk) for one in ann_bea_cai)
    client = sign_in(person)

    twice = client.post(url("choices", request.pk), {"first": bea, "third": bea})
    nobody = client.post(url("choices", request.pk), {})
    kept = client.post(
        f"{url('choices', request.pk)}?add={cai}",
        {"first": bea, "third": cai, "fifth": ann},
        follow=True,
    )

    page = text(client.get(request.get_absolute_url()))
    request.refresh_from_db()
    assert "You have chosen this person already" in text(twice)
    assert "Choose at least one person" in text(nobody)
    assert (request.mentor.person.name, listed(request)) == ("Bea", ["Cai", "Ann"])
    assert 'aria-current="step"><b>Bea</b>Asked now, until' in page
    assert "<b>Cai</b>Next" in page
    assert "<b>Ann</b>Then" in page
    assert "We have asked Bea for you. Next on your list: Cai, Ann." in text(kept)


def on_page(client, request):
    """What the form on a page opened now would send if nothing were touched."""
    form = client.get(url("choices", request.pk)).context["form"]
    return {field.name: field.initial for field in form}


def suggested(person, *names):
    request, people = MentoringRequestFactory(mentee=person), mentors(*names)
    for profile in people:
        request.suggestions.create(profile=profile, made_at=AT)
    return request, [str(one.pk) for one in people]


def test_an_older_tab_does_not_overwrite_the_newer_list_and_nothing_chosen_is_lost(sign_in, person):
    request, (ann, bea, cai, dai) = suggested(person, "Ann", "Bea", "Cai", "Dai")
    client, there = sign_in(person), url("choices", request.pk)
    client.post(there, {"first": ann, "second": bea})
    old = {**on_page(client, request), "first": dai, "second": ""}
    client.post(there, {**on_page(client, request), "first": cai, "second": bea})

    late = client.post(there, old)
    stands = listed(request)
    again = client.post(there, on_the_page(late), follow=True)

    assert stands == ["Cai", "Bea"]
    assert "Your list has changed since you opened this page." in text(late)
    assert 'href="#meanwhile"' in text(late)
    assert "<li>Cai</li><li>Bea</li>" in text(late)
    assert f'<option value="{dai}" selected>' in text(late)
    assert listed(request) == ["Dai"]
    assert "Your list is kept, in this order: Dai." in text(again)


def on_the_page(response):
    """What the form of this page sends when its button is pressed."""
    return {field.name: field.value() or "" for field in response.context["form"]}


def test_a_tab_opened_before_anybody_was_asked_asks_nobody_else_unread(sign_in, person):
    request, (ann, bea, cai) = suggested(person, "Ann", "Bea", "Cai")
    client, there = sign_in(person), url("choices", request.pk)
    old = {**on_page(client, request), "first": ann, "second": cai}
    client.post(there, {**on_page(client, request), "first": ann, "second": bea})

    late = client.post(there, old)

    assert "Your list has changed since you opened this page." in text(late)
    assert f'<option value="{ann}" selected>' in text(late)
    assert listed(request) == ["Bea"]


def test_a_list_that_was_emptied_meanwhile_is_said_to_be_empty(sign_in, person):
    request, (ann, bea, cai) = suggested(person, "Ann", "Bea", "Cai")
    client, there = sign_in(person), url("choices", request.pk)
    client.post(there, {"first": ann, "second": bea})
    old = {**on_page(client, request), "second": cai}
    emptied = client.post(there, {**on_page(client, request), "first": ""}, follow=True)

    late = client.post(there, old)

    assert "Nobody is on your list any more." in text(emptied)
    assert "Nobody is on your list now." in text(late)
    assert listed(request) == []


def test_the_same_form_pressed_twice_is_one_list_and_no_change_meanwhile(sign_in, person):
    request, (ann, bea) = suggested(person, "Ann", "Bea")
    client, there = sign_in(person), url("choices", request.pk)
    said = {**on_page(client, request), "first": ann, "second": bea}

    client.post(there, said)
    twice = client.post(there, said, follow=True)

    assert "Your list is kept, in this order: Bea." in text(twice)
    assert listed(request) == ["Bea"]


def test_an_empty_first_box_is_closed_up_and_the_order_that_is_kept_is_said(sign_in, request_):
    client, (bea, cai) = sign_in(request_.mentee), request_.suggestions.chosen().order_by("choice")
    said = {**on_page(client, request_), "first": "", "second": cai.profile_id}

    kept = client.post(url("choices", request_.pk), {**said, "fourth": bea.profile_id}, follow=True)

    assert listed(request_) == ["Cai", "Bea"]
    assert "Your list is kept, in this order: Cai, Bea." in text(kept)


def test_who_answered_since_the_page_was_opened_is_said_to_be_gone_beside_their_box(
    sign_in, person
):
    request, (ann, _bea) = suggested(person, "Ann", "Bea")
    client, there = sign_in(person), url("choices", request.pk)
    old = {**on_page(client, request), "first": ann}
    client.post(url("pass_over", request.pk, ann))

    late = client.post(there, old)

    assert list(late.context["form"].errors) == ["first"]
    assert "This person cannot be chosen any more" in text(late)


def test_who_cannot_be_asked_is_said_beside_their_box(sign_in, person, ann_bea_cai):
    request = MentoringRequestFactory(mentee=person)
    ann = ann_bea_cai[0]
    request.suggestions.create(profile=ann, made_at=AT)
    Conflict.objects.create(person=person, other=ann.person, declared_at=AT)

    page = sign_in(person).post(url("choices", request.pk), {"second": str(ann.pk)})

    assert list(page.context["form"].errors) == ["second"]
    assert "We cannot put the two of you together" in text(page)


APART = ["a line manager", "somebody of one team", "a declared conflict", "a no before"]


def keep_apart(why, request, ann):
    person, other = request.mentee, ann.person
    if why == "a declared conflict":
        Conflict.objects.create(person=other, other=person, declared_at=AT)
    elif why == "a no before":
        request.suggestions.update(outcome="declined", asked_at=AT, answered_at=AT)
    else:
        work = MembershipFactory(person=person, team="Ward 9")
        if why == "a line manager":
            Membership.objects.filter(pk=work.pk).update(line_manager=other)
        else:
            MembershipFactory(person=other, organisation=work.organisation, team="Ward 9")


def test_a_manager_a_team_mate_a_no_and_a_conflict_are_answered_in_the_same_words(
    sign_in, person, ann_bea_cai
):
    answers, invites = set(), set()
    for why, ann in zip(APART, mentors(*["Dai"] * 4), strict=True):
        request = MentoringRequestFactory(mentee=person)
        request.suggestions.create(profile=ann, made_at=AT)
        keep_apart(why, request, ann)
        client, there = sign_in(person), f"{url('choices', request.pk)}?add={ann.pk}"
        invites.add(there in text(client.get(ann.get_absolute_url())))
        page = client.post(there, {"first": str(ann.pk)})
        answers.add(str(page.context["form"].errors["first"]))
        Membership.objects.all().delete()
        request.delete()

    (words,) = answers
    assert invites == {True}
    assert "and for other reasons that we never name" in words


@pytest.mark.parametrize(
    ("asks", "offers", "words", "part"),
    [
        ({"in_english": False, "in_welsh": True}, {}, "helps in English only", "languages"),
        ({}, {"in_english": False, "in_welsh": True}, "helps in Welsh only", "languages"),
        ({"kind": "coaching"}, {}, "mentors only", "kind"),
        (
            {"kind": "mentoring"},
            {"offers_mentoring": False, "offers_coaching": True},
            "coaches only",
            "kind",
        ),
    ],
)
def test_whom_the_mentees_own_choices_shut_out_is_said_with_the_way_to_widen_them(
    sign_in, person, asks, offers, words, part
):
    request, client = MentoringRequestFactory(mentee=person, **asks), sign_in(person)
    (ann,) = mentors("Ann", **offers)
    request.suggestions.create(profile=ann, made_at=AT)
    Conflict.objects.create(person=person, other=ann.person, declared_at=AT)

    profile = text(client.get(ann.get_absolute_url()))
    pages = [
        client.post(url("choices", request.pk), {"first": str(ann.pk)}),
        client.post(url("ask_suggested", request.pk, ann.pk), follow=True),
    ]

    assert f"{url('choices', request.pk)}?add={ann.pk}" not in profile
    for page in map(text, pages):
        assert f"Ann {words}, and you asked for" in page
        assert f"{url('change_request', request.pk)}?part={part}" in page


def test_a_late_yes_meets_kind_words_and_what_was_written_is_not_lost(sign_in, request_):
    ann = request_.mentor
    client, answer = sign_in(ann.person), url("answer", request_.pk)
    choosing.move_on_due(at=LATER)

    late = client.post(answer, {"answer": "accept", "words": "Croeso", "language": "cy"})
    again = client.get(answer)

    for page in (late, again):
        assert "Thank you for coming back to it" in text(page)


def test_a_mentee_says_not_for_me_and_thinks_again(sign_in, person, ann_bea_cai):
    request, ann = MentoringRequestFactory(mentee=person), ann_bea_cai[0]
    request.suggestions.create(profile=ann, made_at=AT)
    client = sign_in(person)

    asks = text(client.get(url("pass_over", request.pk, ann.pk)))
    client.post(url("pass_over", request.pk, ann.pk))
    passed = text(client.get(request.get_absolute_url()))
    client.post(url("show_again", request.pk, ann.pk))

    assert "No reason is needed" in asks
    assert "Show again" in passed
    assert f"Ask {ann.person.name}" not in passed
    assert f"Ask {ann.person.name}" in text(client.get(request.get_absolute_url()))


def test_the_advice_leads_to_the_one_choice_it_is_about(sign_in, person):
    topic = TopicFactory()
    MentorProfileFactory(methods=[topic], in_english=False, in_welsh=True)
    request = MentoringRequestFactory(mentee=person, methods=[topic])
    asking.want_suggestions(request, at=AT)
    tasks.suggest(request=request.pk)
    client = sign_in(person)
    link = f"{url('change_request', request.pk)}?part=languages"

    page = text(client.get(request.get_absolute_url()))
    form = client.get(link).context["form"]
    none = client.post(link, {})
    client.post(link, {"languages": ["en", "cy"]})
    tasks.suggest(request=request.pk)

    request.refresh_from_db()
    assert link in page
    assert list(form.fields) == ["languages"]
    assert "Choose at least one language" in text(none)
    assert (request.in_welsh, request.suggestions.offered().count()) == (True, 1)
    assert list(request.methods.all()) == [topic]


def test_a_whole_request_is_changed_at_once(sign_in, person):
    old, new = TopicFactory(), TopicFactory()
    request = MentoringRequestFactory(mentee=person, methods=[old])

    sign_in(person).post(
        url("change_request", request.pk),
        {
            "methods": [new.pk],
            "kind": "coaching",
            "languages": ["en"],
            "formats": ["in_person"],
            "setting": "hospital",
        },
    )

    request.refresh_from_db()
    assert (request.kind, request.online, request.setting) == ("coaching", False, "hospital")
    assert list(request.methods.all()) == [new]
    assert request.suggest_from is not None


def test_both_sides_read_that_they_like_to_work_alike(sign_in, person):
    topic = TopicFactory(name_en="Run charts")
    likes = {"methods": [topic], "way_pace": 1, "way_challenge": -1}
    profile = MentorProfileFactory(**likes)
    request = MentoringRequestFactory(mentee=person, **likes)
    asking.want_suggestions(request, at=AT)
    tasks.suggest(request=request.pk)
    before = text(sign_in(person).get(request.get_absolute_url()))
    choosing.choose(request, [profile], at=AT)
    asked = text(sign_in(profile.person).get(url("answer", request.pk)))

    for page in (before, asked):
        assert "Both like a conversation to go where it needs to." in page
        assert "Both think that listening comes first." in page
    for name in ("ask", "edit_profile"):
        form = text(sign_in(profile.person).get(url(name)))
        assert form.count('name="way_pace"') == 3


@pytest.mark.parametrize("name", ["pass_over", "ask_suggested", "show_again"])
def test_a_button_about_somebody_who_is_no_longer_suggested_leads_to_the_request_as_it_is_now(
    sign_in, person, name
):
    request, (ann, _bea) = suggested(person, "Ann", "Bea")
    client = sign_in(person)
    request.suggestions.filter(profile=ann).delete()  # another look for people found others

    late = client.post(url(name, request.pk, ann), follow=True)

    assert late.redirect_chain[-1][0] == request.get_absolute_url()
    assert "This page has changed since you opened it." in text(late)
    assert "Ask Bea" in text(late)
    request.refresh_from_db()
    assert request.mentor is None


def test_the_page_that_asks_first_leads_to_the_request_when_there_is_nobody_to_pass_over(
    sign_in, person
):
    request, (ann,) = suggested(person, "Ann")
    request.suggestions.all().delete()

    late = sign_in(person).get(url("pass_over", request.pk, ann), follow=True)

    assert "Here is your request as it is now." in text(late)


def test_a_request_that_waits_for_an_answer_is_said_to_wait_when_it_cannot_be_changed(
    sign_in, request_
):
    client, there = sign_in(request_.mentee), url("change_request", request_.pk)

    asked = text(client.get(there, follow=True))
    choosing.pass_over(request_, request_.mentor, at=AT)  # the next is about to be asked
    moving = text(client.get(there, follow=True))
    asking.withdraw(request_, at=AT)
    closed = text(client.get(there, follow=True))

    assert "Ann has been asked and has not answered yet." in asked
    assert "We are asking the next person on your list. If nobody" in moving
    assert "This request has been answered or closed meanwhile." in closed
    for page in (asked, moving):
        assert "answered or closed meanwhile" not in page


def test_what_is_typed_into_a_change_is_not_lost_when_somebody_is_asked_meanwhile(
    sign_in, person, monkeypatch
):
    request, (ann,) = suggested(person, "Ann")
    client, there, change = sign_in(person), url("change_request", request.pk), asking.change

    def asked_meanwhile(held, **said):
        asking.ask(request, MentorProfile.objects.get(pk=ann), at=AT)
        return change(held, **said)

    monkeypatch.setattr(asking, "change", asked_meanwhile)
    late = client.post(f"{there}?part=kind", {"kind": "coaching"})

    request.refresh_from_db()
    assert request.kind == "either"
    assert "Ann has been asked and has not answered yet." in text(late)
    assert late.context["form"]["kind"].value() == "coaching"


@pytest.mark.parametrize("name", ["choices", "change_request", "pass_over", "show_again"])
def test_another_persons_list_is_not_there(sign_in, request_, name):
    args = [request_.pk, *([request_.mentor_id] if name in ("pass_over", "show_again") else [])]

    assert sign_in(MentorProfileFactory().person).post(url(name, *args)).status_code == 404


@pytest.mark.parametrize("typed", ["abc", "99999999999", "\x00", "²"])
def test_an_odd_number_in_the_address_adds_nobody(sign_in, person, typed):
    request = MentoringRequestFactory(mentee=person)
    page = sign_in(person).get(url("choices", request.pk), {"add": typed})

    assert page.status_code == 200
