"""A good end, and somebody else: words of one's own, counts without a name, one press."""

from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils.timezone import localdate, now

from connections import pool
from connections.actions import again, handing
from connections.models import Ending, MentoringRequest, Relationship, RematchOffer
from connections.models.endings import quarter_of
from tests.factories import PersonFactory, StaffFactory, TopicFactory
from tests.factories.connections import MentoringRequestFactory, MentorProfileFactory
from tests.factories.hand_overs import AT, DAY, asked_pair, handed
from tests.factories.people import LONG_AGO
from tests.factories.relationships import agree, begin, current, met

pytestmark = pytest.mark.django_db


def url(name, *args):
    return reverse(f"connections:{name}", args=args)


def text(response):
    return response.content.decode()


@pytest.mark.parametrize(("side", "thanked"), [("mentor", True), ("mentee", False)])
def test_each_side_reads_words_of_their_own_at_the_end(sign_in, side, thanked):
    pair, token = current(), str(uuid4())
    client = sign_in(getattr(pair, side))

    said = {"token": token, "language": "en", "words": "", "reason": ""}
    page = text(client.post(url("end", pair.pk), said, follow=True))

    assert "It has ended, without blame." in page
    assert ("Thank you for the time you gave" in page) == thanked


def test_a_pair_that_has_ended_offers_nothing_that_leads_nowhere(sign_in):
    pair = current()
    pair.end(by=pair.mentee, at=AT)

    page = text(sign_in(pair.mentor).get(url("relationship", pair.pk)))

    for words in ("If things change", "Two or three goals", "Record a meeting"):
        assert words not in page
    assert "Report a concern" in page


def test_a_reason_is_counted_without_a_name_and_shown_only_among_many():
    pairs = [current() for _each in range(9)]
    for number, pair in enumerate(pairs):
        for _again in range(2):
            pair.end(by=pair.mentee, reason="time" if number < 8 else "fit", at=AT)
    begin().end(by=Relationship.objects.order_by("-pk").first().mentee, at=AT)
    begin().end(by=Relationship.objects.order_by("-pk").first().mentee, reason="x", at=AT)

    assert dict(Ending.objects.values_list("reason", "times")) == {"time": 8, "fit": 1}
    assert not Ending.objects.shown(AT).exists()
    assert [one.reason for one in Ending.objects.shown(AT + 90 * DAY)] == ["time"]
    assert quarter_of(localdate(AT)).isoformat() == "2026-01-01"
    assert {f.name for f in Ending._meta.get_fields()} == {"id", "quarter", "reason", "times"}


def test_coordinators_see_counts_of_past_quarters_alone(staff, sign_in):
    client = sign_in(staff("coordinator"))
    long_ago = quarter_of(localdate() - 200 * DAY)
    Ending.objects.create(quarter=long_ago, reason="time", times=8)
    Ending.objects.create(quarter=long_ago, reason="fit", times=7)
    Ending.objects.create(quarter=quarter_of(localdate()), reason="quiet", times=20)
    page = text(client.get(reverse("admin:connections_ending_changelist")))

    assert "Time or work has changed" in page
    assert "Somebody else would suit better" not in page.split('id="result_list"')[1]
    assert "We lost touch" not in page.split('id="result_list"')[1]


def test_somebody_else_is_looked_for_in_one_press_and_former_mentors_stay_apart():
    profile = MentorProfileFactory()
    pair = asked_pair(profile=profile)
    topic = TopicFactory()
    pair.request.methods.set([topic])
    with pytest.raises(again.TooSoon):
        again.look_for_another(pair, by=pair.mentee, token=uuid4(), at=AT)
    for day in (2, 3):
        met(pair, at=LONG_AGO + day * DAY)
    with pytest.raises(Relationship.Outsider):
        again.look_for_another(pair, by=pair.mentor, token=uuid4(), at=AT)
    made = again.look_for_another(pair, by=pair.mentee, token=uuid4(), at=AT)

    pair.refresh_from_db()
    assert pair.ended
    assert (made.words, made.state) == (pair.request.words, "looking")
    assert list(made.methods.all()) == [topic]
    assert not pool.may_pair(made, profile)
    assert pool.may_pair(pair.request, profile)
    assert pool.may_pair(made, MentorProfileFactory())


def test_whom_the_mentee_passed_over_asked_or_had_before_is_not_suggested_anew():
    pair = asked_pair()
    former, elsewhere = current(mentee=pair.mentee), current(mentee=pair.mentee)
    former.end(by=former.mentee, at=AT)
    passed, declined, silent, full = MentorProfileFactory.create_batch(4)
    for profile, outcome in (
        (passed, "passed"),
        (declined, "declined"),
        (silent, "expired"),
        (full, "released"),
    ):
        pair.request.suggestions.create(
            profile=profile, outcome=outcome, made_at=AT, asked_at=AT, answered_at=AT
        )
    pair.end(by=pair.mentee, at=AT)
    made = again.look_for_another(pair, by=pair.mentee, token=uuid4(), at=AT)

    apart = {passed.person, declined.person, silent.person}
    assert set(made.kept_apart.all()) == {pair.mentor, former.mentor, *apart}
    assert elsewhere.mentor not in made.kept_apart.all()
    assert pool.may_pair(made, full)
    for profile in (passed, declined, silent):
        assert not pool.may_pair(made, profile)


def test_with_too_many_requests_waiting_nothing_ends():
    pair = asked_pair()
    for day in (2, 3):
        met(pair, at=LONG_AGO + day * DAY)
    MentoringRequestFactory.create_batch(3, mentee=pair.mentee)
    MentoringRequest.objects.filter(pk=pair.request_id).update(
        state="accepted", mentor=pair.mentor.mentor_profile, ended_at=AT
    )

    with pytest.raises(MentoringRequest.TooMany):
        again.look_for_another(pair, by=pair.mentee, token=uuid4(), at=AT)
    pair.refresh_from_db()
    assert pair.current


def test_after_an_ending_one_press_is_enough(sign_in):
    pair, plain = asked_pair(at=now()), current(at=now())
    pair.end(by=pair.mentor, at=now())
    plain.end(by=plain.mentee, at=now())
    mentee = sign_in(pair.mentee)

    assert "Find me someone else" in text(mentee.get(url("relationship", pair.pk)))
    assert "Find me someone else" not in text(
        sign_in(pair.mentor).get(url("relationship", pair.pk))
    )
    made = mentee.post(url("someone_else", pair.pk), {"token": uuid4()})
    assert made.url == MentoringRequest.objects.of(pair.mentee).latest("pk").get_absolute_url()
    assert sign_in(pair.mentor).get(url("someone_else", pair.pk)).status_code == 404
    other = sign_in(plain.mentee).post(url("someone_else", plain.pk), {"token": uuid4()})
    assert other.url == f"{url('ask')}?instead_of={plain.pk}"


def test_while_somebody_else_is_looked_for_the_button_leads_there(sign_in):
    pair = asked_pair(at=now())
    pair.end(by=pair.mentor, at=now())
    mentee = sign_in(pair.mentee)
    made = [
        again.look_for_another(pair, by=pair.mentee, token=uuid4(), at=now()) for _twice in range(2)
    ]
    page = text(mentee.get(url("relationship", pair.pk)))

    assert made[0] == made[1]
    assert f'href="{made[0].get_absolute_url()}"' in page
    assert "Find me someone else" not in page
    pressed = mentee.post(url("someone_else", pair.pk), {"token": uuid4()})
    assert pressed.url == made[0].get_absolute_url()
    assert MentoringRequest.objects.of(pair.mentee).pending().count() == 2  # with their first
    MentoringRequest.objects.filter(pk=made[0].pk).update(
        state="withdrawn", ended_at=now(), closes_at=None, remind_at=None
    )
    assert "Find me someone else" in text(mentee.get(url("relationship", pair.pk)))


def test_nobody_else_is_looked_for_while_the_one_it_was_handed_over_to_goes_on(sign_in):
    pair, news = asked_pair(at=now()), [MentorProfileFactory(), MentorProfileFactory()]
    last = pair
    for new in news:
        last = handing.accept(handed(last, new, by=last.mentee, at=now()), by=new.person, at=now())
        if last.waiting:
            agree(last, at=now())
    mentee = sign_in(pair.mentee)
    page = text(mentee.get(url("relationship", pair.pk)))

    assert f"You go on with {news[1].person.name}" in page
    assert "Find me someone else" not in page
    assert mentee.post(url("someone_else", pair.pk), {"token": uuid4()}).url == url(
        "relationship", last.pk
    )
    pair.refresh_from_db()
    with pytest.raises(again.GoesOn):
        again.look_for_another(pair, by=pair.mentee, token=uuid4(), at=now())
    last.end(by=last.mentee, at=now())
    assert "Find me someone else" in text(mentee.get(url("relationship", pair.pk)))


def test_before_the_first_meeting_the_page_of_a_pair_says_when_somebody_else_is_looked_for(sign_in):
    pair = asked_pair(at=now() - 3 * DAY)
    client, there = sign_in(pair.mentee), url("someone_else", pair.pk)

    before, page = text(client.get(url("relationship", pair.pk))), text(client.get(there))
    met(pair, at=now() - DAY)
    after = text(client.get(url("relationship", pair.pk)))

    assert f'href="{there}"' not in before
    assert "open to you from your first meeting on" in before
    assert "This is open to you from your first meeting on." in page
    assert "We ask again with the words" not in page
    assert f'href="{there}"' in after
    assert "We ask again with the words of your first request." in text(client.get(there))


def test_where_no_request_brought_them_together_the_page_says_what_happens_and_does_it(sign_in):
    pair = current(at=now() - 3 * DAY)
    met(pair, at=now() - DAY)
    client, there = sign_in(pair.mentee), url("someone_else", pair.pk)

    page = text(client.get(there))
    pressed = client.post(there, {"token": uuid4()})

    pair.refresh_from_db()
    assert "Your time with" in page
    assert "next you tell us in a few lines what you need" in page
    assert "We ask again with the words" not in page
    assert (pair.ended, pressed.url) == (True, f"{url('ask')}?instead_of={pair.pk}")


def described(topic):
    """What somebody in need of a mentor writes."""
    return {
        "words": "To lead a larger team", "written_in": "en", "methods": [topic.pk],
        "kind": "either", "languages": ["en"], "formats": ["online"], "setting": "",
        "token": uuid4(),
    }  # fmt: skip


@pytest.mark.parametrize("handed_over", [False, True])
def test_where_no_request_brought_them_together_former_mentors_stay_apart_too(sign_in, handed_over):
    pair, topic, profiles = current(at=now() - 3 * DAY), TopicFactory(), []
    profiles.append(pair.mentor.mentor_profile)
    if handed_over:
        profiles.append(MentorProfileFactory())
        new = profiles[-1]
        pair = handing.accept(handed(pair, new, by=pair.mentee, at=now()), by=new.person, at=now())
        agree(pair, at=now())
    met(pair, at=now())
    client = sign_in(pair.mentee)

    there = client.post(url("someone_else", pair.pk), {"token": uuid4()}).url
    page = text(client.get(there))
    client.post(there, described(topic))

    made = MentoringRequest.objects.of(pair.mentee).get()
    assert f"{pair.mentor.name} is not suggested to you for it." in page
    assert set(made.kept_apart.all()) == {one.person for one in profiles}
    assert not any(pool.may_pair(made, one) for one in profiles)
    assert pool.may_pair(made, MentorProfileFactory())
    onward = text(client.get(url("relationship", pair.pk)))
    assert f'href="{made.get_absolute_url()}"' in onward
    assert "Find me someone else" not in onward


def parted(how, *, at):
    """A pair that ended for somebody else to be found, before anybody was asked."""
    pair = current(at=at - 3 * DAY) if how == "one press" else asked_pair(at=at - 3 * DAY)
    met(pair, at=at - DAY)
    if how == "one press":
        again.look_for_another(pair, by=pair.mentee, token=uuid4(), at=at)
    else:
        MentoringRequest.objects.filter(pk=pair.request_id).update(asked_at=at - 9 * DAY)
        RematchOffer.objects.offer(pair, by=StaffFactory(), at=at)
        RematchOffer.objects.part(pair, by=pair.mentor, at=at)
    pair.refresh_from_db()
    return pair


@pytest.mark.parametrize("how", ["one press", "an offer to both"])
def test_who_leaves_the_page_and_asks_later_is_not_suggested_the_mentor_of_before(sign_in, how):
    pair, topic = parted(how, at=now() - DAY), TopicFactory()
    client = sign_in(pair.mentee)

    page = text(client.get(url("ask")))
    client.post(url("ask"), described(topic))
    after = text(client.get(url("ask")))

    made = MentoringRequest.objects.of(pair.mentee).latest("pk")
    assert f"{pair.mentor.name} is not suggested to you for it." in page
    assert not pool.may_pair(made, pair.mentor.mentor_profile)
    assert pool.may_pair(made, MentorProfileFactory())
    assert "is not suggested to you for it." not in after  # the next need is another one


def test_the_mentor_of_before_is_asked_by_whoever_names_them(sign_in):
    pair, topic = parted("one press", at=now() - DAY), TopicFactory()
    profile = pair.mentor.mentor_profile

    form = {**described(topic), "kind": "mentoring"}
    sign_in(pair.mentee).post(f"{url('ask')}?mentor={profile.pk}", form)

    made = MentoringRequest.objects.of(pair.mentee).latest("pk")
    assert (made.state, made.mentor) == ("asked", profile)


@pytest.mark.parametrize("by", ["mentor", "mentee"])
def test_who_was_brought_together_by_a_request_and_ended_it_keeps_nobody_apart(sign_in, by):
    pair = asked_pair(at=now() - 9 * DAY)
    pair.end(by=getattr(pair, by), at=now() - DAY)

    page = text(sign_in(pair.mentee).get(url("ask")))

    assert "is not suggested to you for it." not in page


def test_nobody_asks_instead_of_a_mentor_of_somebody_else_or_of_a_pair_that_goes_on(sign_in):
    ended, on = current(at=now()), current(at=now())
    ended.end(by=ended.mentee, at=now())

    for reader, pair in ((PersonFactory(), ended), (ended.mentor, ended), (on.mentee, on)):
        assert sign_in(reader).get(f"{url('ask')}?instead_of={pair.pk}").status_code == 404
    assert sign_in(ended.mentee).get(f"{url('ask')}?instead_of=x").status_code == 404


def test_a_request_whose_pair_has_ended_says_so_and_offers_nobody(sign_in):
    pair, spare = asked_pair(at=now()), MentorProfileFactory(person__name="Sian Sbar")
    MentoringRequest.objects.filter(pk=pair.request_id).update(
        state="accepted", mentor=pair.mentor.mentor_profile, ended_at=now(), closes_at=None
    )
    pair.request.suggestions.create(profile=spare, made_at=now())
    client, there = sign_in(pair.mentee), url("request", pair.request_id)

    before = text(client.get(there))
    pair.end(by=pair.mentor, at=now())
    after = text(client.get(there))

    assert f"{pair.mentor.name} said yes" in before
    assert f"Your time with {pair.mentor.name} ended on" in after
    assert "said yes" not in after
    assert f'href="{url("relationship", pair.pk)}"' in after
    assert "Sian Sbar" not in before + after
