"""Who closes a concern answers for it, and may leave words that its reporter and they read."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import override

from academy.letters import compose
from academy.models import Notification
from connections.hooks.relationships import erase_relationships, my_concerns
from connections.models import ClosingNote, Concern, ConcernReply
from tests.factories.concerns import CLOSING, WORDS, close, lead, reported
from tests.factories.relationships import current

pytestmark = pytest.mark.django_db
REPLY = "Diolch am ddweud CANARY-reply"


def url(name, *args):
    return reverse(f"connections:{name}", args=args)


def text(response):
    return response.content.decode()


def taken(keeper, **facts):
    concern = reported(**facts)
    concern.take(keeper, at=now())
    return concern


def replied(keeper, **facts):
    concern = taken(keeper, **facts)
    close(concern, keeper, reply=REPLY, reply_language="cy")
    return concern


def letters(kind, person):
    return list(Notification.objects.of(person).filter(kind=f"connections.{kind}").order_by("pk"))


def closing(**said):
    return {"words": CLOSING, "language": "en", "reply_language": "en", "asked": "yes", **said}


def test_words_left_for_its_reporter_are_read_by_them_in_their_language_and_by_no_other_lead(
    sign_in,
):
    gwen, huw = lead(), lead("Huw Rees")
    concern = taken(gwen)
    keeper, reporter = sign_in(gwen), sign_in(concern.reporter)
    said = closing(reply=REPLY, reply_language="cy", token=concern.token)
    keeper.post(url("close_concern", concern.pk), said)
    own = text(reporter.get(url("my_concerns")))

    assert f'<span lang="cy">{REPLY}</span>' in own
    assert CLOSING not in own
    pair = concern.relationship.get_absolute_url()
    page = text(reporter.get(pair))
    assert REPLY not in page
    assert "Read the safeguarding lead’s words for you" in page
    mine, theirs = (text(one.get(url("concern", concern.pk))) for one in (keeper, sign_in(huw)))
    for seen in (mine, theirs):
        assert CLOSING in seen
        assert "ords for the person who reported it" in seen
    assert f'<span lang="cy">{REPLY}</span>' in mine
    assert REPLY not in theirs + text(keeper.get(url("my_concerns")))
    other = sign_in(concern.about)
    assert "words for you" not in text(other.get(pair)) + text(other.get(url("my_concerns")))


def test_a_lead_is_asked_before_a_concern_is_closed_for_good(sign_in):
    gwen = lead()
    concern = taken(gwen)
    client, address = sign_in(gwen), url("close_concern", concern.pk)
    said = closing(reply=REPLY, token=concern.token)

    asked = text(client.post(address, {**said, "asked": ""}))
    open_still = Concern.objects.open().exists()
    client.post(address, said)

    assert "Close it for good? It cannot be opened again." in asked
    assert 'name="asked" value="yes"' in asked
    assert CLOSING in asked
    assert REPLY in asked
    assert (open_still, Concern.objects.open().exists()) == (True, False)


def test_whoever_reported_a_concern_reads_their_own_words_again(sign_in):
    concern = reported()

    own = text(sign_in(concern.reporter).get(url("my_concerns")))
    other = text(sign_in(concern.about).get(url("my_concerns")))

    assert "What you wrote" in own
    assert WORDS in own
    assert WORDS not in other


def test_without_words_for_its_reporter_nothing_promises_any(sign_in):
    concern, gwen = reported(), lead()
    concern.take(gwen, at=now())
    keeper, reporter = sign_in(gwen), sign_in(concern.reporter)
    said = closing(reply="  ", token=concern.token)
    keeper.post(url("close_concern", concern.pk), said)

    assert Concern.objects.closed().exists()
    assert not ConcernReply.objects.exists()
    for page in (url("my_concerns"), concern.relationship.get_absolute_url()):
        assert "words for you" not in text(reporter.get(page))
    assert "There are also words" not in text(keeper.get(url("concern", concern.pk)))
    [letter] = letters("concern_closed", concern.reporter)
    assert "words for you to read" not in compose(letter).body


def test_words_without_a_language_are_asked_for_it_and_stay_in_the_form(sign_in):
    gwen = lead()
    concern = taken(gwen)
    said = closing(reply=REPLY, reply_language="", token=concern.token)
    page = text(sign_in(gwen).post(url("close_concern", concern.pk), said))

    assert page.count("Choose the language of your words for them") == 2  # summary and field
    assert REPLY in page
    assert not Concern.objects.closed().exists()


@pytest.mark.parametrize(("language", "waits"), [("en", "words for you"), ("cy", "geiriau i chi")])
def test_the_letter_says_that_words_wait_and_none_of_them(language, waits):
    gwen, pair = lead(), current(at=now() - timedelta(days=10))
    pair.mentee.language = language
    pair.mentee.save()
    replied(gwen, pair=pair)
    [letter] = letters("concern_closed", pair.mentee)
    mail = compose(letter)

    assert waits in mail.body
    for word in ("CANARY", gwen.name, pair.mentor.name, "concern", "pryder", "diogelu"):
        assert word not in f"{mail.subject} {mail.body} {mail.alternatives}"
    assert "CANARY" not in f"{list(Notification.objects.values())}"


def test_a_lead_who_does_not_have_it_is_told_to_take_it_first_and_cannot_close_it(sign_in):
    gwen, huw = lead(), lead("Huw Rees")
    concern = reported()
    page, address = url("concern", concern.pk), url("close_concern", concern.pk)
    client = sign_in(huw)

    for before, told in (
        (None, "To close it, take it first"),
        (gwen, "Gwen Vaughan answers for this concern. To close it yourself, take it over first"),
    ):
        if before is not None:
            concern.take(before, at=now())
        said = closing(reply=REPLY, token=concern.token)
        for shown in (text(client.get(page)), text(client.post(address, said))):
            assert told in shown
            assert f'action="{address}"' not in shown
        assert "It is not closed" in shown
        assert CLOSING in shown  # so that nothing is lost
        assert REPLY in shown
    assert Concern.objects.open().get() == concern
    assert not ClosingNote.objects.exists()
    assert not letters("concern_closed", concern.reporter)

    client.post(url("take_concern", concern.pk), {"instead_of": gwen.pk})
    assert f'action="{address}"' in text(client.get(page))
    client.post(address, said)
    assert Concern.objects.closed().get().owner == huw


def test_who_was_relieved_while_writing_closes_nothing():
    gwen, huw = lead(), lead("Huw Rees")
    concern = taken(gwen)
    Concern.objects.get(pk=concern.pk).take(huw, instead_of=gwen, at=now())

    with pytest.raises(Concern.NotHeld):
        close(concern, gwen)
    assert Concern.objects.open().exists()
    assert concern.owner == huw


def test_what_a_colleague_has_closed_meanwhile_stays_and_no_word_is_lost(sign_in):
    gwen = lead()
    concern = replied(gwen)
    again = closing(words="Other words", token=concern.token)
    shown = text(sign_in(gwen).post(url("close_concern", concern.pk), again))

    assert "It has been closed already." in shown
    assert "Other words" in shown
    assert ClosingNote.objects.get().opened() == CLOSING


@pytest.mark.parametrize("language", ["en", "cy"])
def test_a_relieved_lead_hears_of_it_once_and_neutrally(language):
    gwen, huw = lead(), lead("Huw Rees")
    gwen.language = language
    gwen.save()
    concern = taken(gwen)
    assert letters("concern_relieved", gwen) == []
    for _twice in range(2):
        concern.take(huw, instead_of=gwen, at=now())
    [letter] = letters("concern_relieved", gwen)
    mail = compose(letter)

    assert letters("concern_relieved", huw) == []
    with override(language):
        address = url("concern", concern.pk)
    assert address in mail.body
    said = f"{mail.subject} {mail.body.replace(address, '')}".lower()
    for word in ("concern", "pryder", "safeguarding", "diogelu", "canary", "huw", "gwen"):
        assert word not in said
    concern.take(gwen, instead_of=huw, at=now())
    assert compose(letter) is None
    concern.take(huw, instead_of=gwen, at=now())
    assert len(letters("concern_relieved", gwen)) == 2  # a second time is another


def test_a_lead_who_is_one_no_more_is_not_written_to():
    gwen, huw = lead(), lead("Huw Rees")
    taken(gwen).take(huw, instead_of=gwen, at=now())
    [letter] = letters("concern_relieved", gwen)
    gwen.groups.clear()

    assert compose(letter) is None


def test_ones_data_holds_the_words_written_back(django_assert_num_queries):
    gwen, pair = lead(), current(at=now() - timedelta(days=10))
    for _each in range(3):
        replied(gwen, pair=pair)
    reported(pair=pair)

    with django_assert_num_queries(1):
        taken_along = my_concerns(pair.mentee)

    assert [one["reply"] for one in taken_along] == [REPLY, REPLY, REPLY, None]
    assert my_concerns(gwen) == my_concerns(pair.mentor) == []


def test_words_for_somebody_who_is_erased_go_with_them_and_none_are_written_later(sign_in):
    gwen, pair = lead(), current(at=now() - timedelta(days=10))
    replied(gwen, pair=pair)
    late, theirs = taken(gwen, pair=pair), replied(gwen, pair=pair, by=pair.mentor)
    erase_relationships(pair.mentee, at=now())

    assert ConcernReply.objects.get().concern == theirs
    page = text(sign_in(gwen).get(url("concern", late.pk)))
    assert "Close this concern" in page
    assert "Words for the person who reported it" not in page
    close(late, gwen, reply=REPLY, reply_language="cy")  # from a page opened before
    assert Concern.objects.closed().filter(pk=late.pk).exists()
    assert ConcernReply.objects.get().concern == theirs


@pytest.mark.parametrize("many", [1, 4])
def test_the_own_page_with_words_costs_the_same_however_many(
    sign_in, many, django_assert_num_queries
):
    gwen, pair = lead(), current(at=now() - timedelta(days=10))
    for _each in range(many):
        replied(gwen, pair=pair)
    client = sign_in(pair.mentee)

    with django_assert_num_queries(3):  # session, reader, concerns
        page = text(client.get(url("my_concerns")))
    assert page.count(REPLY) == many


def test_a_lost_key_is_said_in_words(sign_in):
    concern = replied(lead())
    ConcernReply.objects.update(key_id="gone")

    page = text(sign_in(concern.reporter).get(url("my_concerns")))
    assert "This cannot be opened at the moment" in page


def test_another_language_after_a_refusal_leads_to_the_page_of_the_concern(sign_in):
    gwen = lead()
    concern = taken(gwen)
    client = sign_in(gwen)
    refused = text(client.post(url("close_concern", concern.pk), closing(words="")))
    with override("cy"):
        twin, page = url("close_concern", concern.pk), url("concern", concern.pk)

    assert f'href="{twin}"' in refused
    assert client.get(twin).url == page
