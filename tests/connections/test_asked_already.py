"""Somebody whose answer one waits for is not suggested for another need, and a refusal says so."""

import pytest
from django.urls import reverse
from django.utils.timezone import now

from connections import pool, tasks
from connections.actions import answering, asking, choosing, handing
from connections.models import MentoringRequest
from tests.factories import TopicFactory
from tests.factories.choices import AT, DAY, LATER, listed, mentors
from tests.factories.connections import MentoringRequestFactory
from tests.factories.hand_overs import asked_pair, handed

pytestmark = pytest.mark.django_db


@pytest.fixture
def falls():
    return TopicFactory()


@pytest.fixture
def ann(falls):
    return mentors("Ann", methods=[falls])[0]


@pytest.fixture
def other(person, falls):
    """Another need of the same person."""
    return MentoringRequestFactory(mentee=person, methods=[falls])


@pytest.fixture
def waiting(person, falls, ann):
    """A request of theirs that waits for Ann's answer."""
    request = MentoringRequestFactory(
        mentee=person, methods=[falls], asked_at=now(), closes_at=now() + 14 * DAY
    )
    return asking.ask(request, ann, at=now())


def url(name, *args):
    return reverse(f"connections:{name}", args=args)


def text(response):
    return response.content.decode()


def says_so(page, waiting):
    return (
        "You have asked Ann already. An answer comes by" in page
        and f'href="{waiting.get_absolute_url()}"' in page
    )


def looked(request):
    asking.want_suggestions(request, at=AT)
    tasks.suggest(request=request.pk)
    return [row.profile for row in request.suggestions.offered()]


def test_nobody_is_suggested_whose_answer_is_waited_for(other, waiting, ann, falls):
    (bea,) = mentors("Bea", methods=[falls])
    stranger = MentoringRequestFactory(methods=[falls])

    assert looked(other) == [bea]
    assert set(looked(stranger)) == {ann, bea}
    assert pool.may_pair(waiting, ann)
    answering.decline(waiting, ann.person, words="", language="en", at=now())
    assert set(looked(other)) == {ann, bea}


def test_who_is_asked_after_they_were_suggested_is_shown_no_longer(
    other, ann, person, falls, sign_in
):
    assert looked(other) == [ann]
    client = sign_in(person)
    asked = MentoringRequestFactory(mentee=person, methods=[falls])
    waiting = asking.ask(asked, ann, at=now())

    assert "Ask Ann" not in text(client.get(other.get_absolute_url()))
    assert "Ann (" not in text(client.get(url("choices", other.pk)))
    assert MentoringRequest.objects.with_found().get(pk=other.pk).found == 0
    pressed = client.post(url("ask_suggested", other.pk, ann.pk), follow=True)
    assert says_so(text(pressed), waiting)
    named = client.post(url("choices", other.pk), {"second": str(ann.pk)})
    assert list(named.context["form"].errors) == ["second"]
    assert says_so(text(named), waiting)


def test_coming_from_the_page_of_who_is_asked_already_the_list_says_so(
    other, waiting, ann, person, sign_in
):
    page = text(sign_in(person).get(f"{url('choices', other.pk)}?add={ann.pk}"))

    assert says_so(page, waiting)
    assert "Ann (" not in page


def test_asking_from_the_directory_says_whom_one_has_asked_before_a_word_is_written(
    waiting, ann, person, falls, sign_in
):
    client, address = sign_in(person), f"{url('ask')}?mentor={ann.pk}"
    said = {
        "token": "7f8d3c1e-3f0f-4e6b-9a56-2a3a4c1c0f11",
        "words": "Something else",
        "written_in": "en",
        "methods": [falls.pk],
        "kind": "mentoring",
        "languages": ["en"],
        "formats": ["online"],
    }

    before, pressed = client.get(address), client.post(address, said)

    assert says_so(text(before), waiting)
    assert says_so(text(pressed), waiting)
    assert "Something else" in text(pressed)
    assert "We cannot put the two of you together" not in text(pressed)


def test_whose_answer_is_waited_for_leaves_a_list_and_is_not_called_full(person, falls, ann):
    bea, cai = mentors("Bea", "Cai", methods=[falls])
    asked = MentoringRequestFactory(
        mentee=person, methods=[falls], asked_at=AT, closes_at=AT + 14 * DAY
    )
    request = choosing.choose(asked, [bea, ann, cai], at=AT)
    asking.ask(MentoringRequestFactory(mentee=person, methods=[falls]), ann, at=AT)

    choosing.move_on_due(at=LATER)

    request.refresh_from_db()
    assert (request.mentor, listed(request)) == (cai, [])
    assert request.suggestions.get(profile=ann).outcome == ""


def test_nobody_is_handed_over_to_who_is_asked_already_and_only_the_mentee_reads_why(
    ann, falls, sign_in
):
    pair = asked_pair(at=now())
    asked = MentoringRequestFactory(
        mentee=pair.mentee, methods=[falls], asked_at=now(), closes_at=now() + 14 * DAY
    )
    waiting = asking.ask(asked, ann, at=now())
    with pytest.raises(MentoringRequest.AskedAlready):
        handed(pair, ann)
    pair.request.methods.set([falls])
    assert ann not in [one for one, _why in handing.suggested(pair, at=now())]
    address = f"{url('hand_over', pair.pk)}?to={ann.pk}"
    said = {"words": "", "language": "en", "token": "7f8d3c1e-3f0f-4e6b-9a56-2a3a4c1c0f12"}

    mentees = text(sign_in(pair.mentee).post(address, said))
    mentors_ = text(sign_in(pair.mentor).post(address, said))

    assert "You have asked Ann already. An answer comes by" in mentees
    assert waiting.get_absolute_url() in mentees
    assert "You have asked Ann already" not in mentors_
    assert "We cannot put the two of you together" in mentors_
