"""Staff bring CSV files: tried first, put right row by row, then saved whole."""

import html
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from academy.models import AuditEvent, Membership, Notification, Organisation, Person, Topic
from academy.roles import ADMINISTRATOR, COORDINATOR, CURATOR
from tests.factories import OrganisationFactory, PersonFactory, StaffFactory, TopicFactory

pytestmark = pytest.mark.django_db
TOPICS = """\
slug,name_en,name_cy,group
falls,Falls,Codymau,patient_safety
sepsis,Sepsis,Sepsis,Patient safety
"""


@pytest.fixture
def bring(sign_in):
    """A file is sent by this member of staff: tried, or saved."""

    def bring(staff, name, text, *, step="try", file=False):
        sent = {"file": SimpleUploadedFile("f.csv", text)} if file else {"text": text}
        url = reverse("admin:import", args=[name])
        return sign_in(staff).post(url, {**sent, step: "1"})

    return bring


def test_a_try_shows_what_would_happen_and_saves_nothing(bring):
    curator = StaffFactory(role=CURATOR)
    TopicFactory(slug="falls", name_en="Falling", name_cy="Codymau", group="patient_safety")

    answer = bring(curator, "topics", TOPICS)

    result = answer.context["result"]
    assert [thing for _row, thing in result.added] == ["Sepsis"]
    assert [(row, names) for row, _thing, names in result.changed] == [(2, "Name (English)")]
    assert not Topic.objects.filter(slug="sepsis").exists()
    assert Topic.objects.get(slug="falls").name_en == "Falling"
    assert not AuditEvent.objects.exists()


def test_the_very_same_text_is_then_saved_and_a_second_time_changes_nothing(bring):
    curator = StaffFactory(role=CURATOR)
    shown = bring(curator, "topics", TOPICS).context["text"]

    bring(curator, "topics", shown, step="save")
    bring(curator, "topics", shown, step="save")

    assert set(Topic.objects.values_list("slug", "group")) == {
        ("falls", "patient_safety"),
        ("sepsis", "patient_safety"),
    }
    events = AuditEvent.objects.filter(verb="imported topics")
    assert [(event.actor, event.reason) for event in events] == [(curator, "+2 ~0 =0")]


def test_one_wrong_row_stops_the_whole_file_and_every_error_is_named(bring):
    curator = StaffFactory(role=CURATOR)
    text = "slug,name_en,name_cy,group\nfalls,Falls,Codymau,method\nbad slug,Bad,,nothing\n"

    answer = bring(curator, "topics", text, step="save")

    wrong = {(one.row, one.column, one.value) for one in answer.context["result"].wrong}
    assert wrong == {(3, "Address word", "bad slug"), (3, "Group", "nothing")}
    assert "Nothing was saved" in answer.text
    assert not Topic.objects.exists()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"slug,colour\nfalls,red\n", "No column is called: colour"),
        (b"name_en\nFalls\n", "A column is missing: slug"),
        (b"slug,slug\na,b\n", "A column is there twice: slug"),
        (
            "slug;name_cy\ntŷ;Tŷ\n".encode("cp1252", "replace").replace(b"?", b"\xff"),
            "not in UTF-8",
        ),
        (b'slug\n"falls\n', "quotation mark"),
        (b"slug\n", "no row below it"),
        (b"", "file is empty"),
        (b"slug\n" + b"a\n" * 1001, "Split the file"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(bring, content, words):
    answer = bring(StaffFactory(role=CURATOR), "topics", content, file=True)

    assert words in answer.text
    assert "Traceback" not in answer.text


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("between", [",", ";", "\t"])
def test_marks_separators_order_and_welsh_headings_are_forgiven(bring, mark, between):
    heading = between.join(["Enw (Cymraeg)", "GROUP", "slug", "Name (English)"])
    row = between.join(["Tŷ ŵyn", "Dull gwella", "ty", "House"])
    text = f"{mark}\n{heading}\r\n\r\n{row}\r\n".encode()

    answer = bring(StaffFactory(role=CURATOR), "topics", text, file=True, step="save")

    assert answer.status_code == 302
    topic = Topic.objects.get()
    assert (topic.name_cy, topic.name_en, topic.group) == ("Tŷ ŵyn", "House", "method")


def test_a_row_too_many_cells_long_is_named(bring):
    answer = bring(StaffFactory(role=CURATOR), "topics", "slug\nfalls,Falls\n")

    assert [one.words for one in answer.context["result"].wrong] == [
        "This row has more cells than the heading."
    ]


def test_the_empty_file_offered_is_read_back(sign_in, bring):
    curator = StaffFactory(role=CURATOR)

    heading = sign_in(curator).get(reverse("admin:import_columns", args=["organisations"])).content
    row = '"X1","One","Un","health_board","","","",""'
    answer = bring(curator, "organisations", heading + row.encode(), file=True, step="save")

    assert answer.status_code == 302
    assert Organisation.objects.get(code="X1").name_cy == "Un"


def test_only_the_roles_named_may_bring_a_file(sign_in):
    url = reverse("admin:import", args=["people"])

    assert sign_in(StaffFactory(role=CURATOR)).get(url).status_code == 404
    assert sign_in(StaffFactory(role=COORDINATOR)).get(url).status_code == 404
    assert sign_in(StaffFactory(role=ADMINISTRATOR)).get(url).status_code == 200
    assert sign_in(PersonFactory()).get(url).status_code == 302


def test_people_come_in_without_a_password_and_are_told_how_to_set_one(bring):
    administrator = StaffFactory(role=ADMINISTRATOR)
    boss = PersonFactory(email="boss@example.org")
    here = OrganisationFactory(code="HB1")
    OrganisationFactory(code="OLD1", successor=here, status="former")
    text = (
        "email,name,organisation,team,line_manager_email,language\n"
        "new@example.org,Mair Enghraifft,OLD1,Ward 7,boss@example.org,Cymraeg\n"
    )

    bring(administrator, "people", text, step="save")
    again = bring(administrator, "people", text)

    new = Person.objects.get(email="new@example.org")
    assert (new.name, new.language, new.approved_at is None) == ("Mair Enghraifft", "cy", False)
    assert not new.has_usable_password()
    work = Membership.objects.get(person=new)
    assert (work.organisation, work.team, work.line_manager) == (here, "Ward 7", boss)
    assert Notification.objects.get(person=new).kind == "academy.account_made"
    assert again.context["result"].same == 1


def test_who_has_an_account_keeps_their_own_words(bring):
    known = PersonFactory(email="known@example.org", name="My own name", language="cy")
    OrganisationFactory(code="HB1")
    text = "email,name,organisation,team,language\nKNOWN@example.org,Other,HB1,Ward 1,en\n"

    answer = bring(StaffFactory(role=ADMINISTRATOR), "people", text, step="save")

    assert answer.status_code == 302
    known.refresh_from_db()
    assert (known.name, known.language) == ("My own name", "cy")
    assert known.memberships.get().team == "Ward 1"


def test_no_file_gives_anybody_a_role(bring):
    text = "email,name,groups\nnew@example.org,New,administrator\n"

    answer = bring(StaffFactory(role=ADMINISTRATOR), "people", text, step="save")

    assert "No column is called: groups" in answer.text
    assert not Person.objects.filter(email="new@example.org").exists()


def test_a_person_brought_in_can_ask_for_a_password(bring, visitor):
    text = "email,name\nnew@example.org,New\n"
    bring(StaffFactory(role=ADMINISTRATOR), "people", text, step="save")

    visitor.post(reverse("account_reset_password"), {"email": "new@example.org"})

    assert Notification.objects.filter(
        person__email="new@example.org", kind="academy.reset_password"
    ).exists()


def test_a_file_that_is_too_large_is_dropped_and_said(bring):
    content = b"slug,source\n" + b"a," + b"x" * 1_100_000

    answer = bring(StaffFactory(role=CURATOR), "topics", content, file=True)

    assert "Choose a file of at most 1 MB" in answer.text


def test_both_steps_work_in_a_browser_with_the_tokens_of_their_own_forms(sign_in):
    """Django's test client leaves the tokens out, unless it is told to be as strict as a browser."""
    client = Client(enforce_csrf_checks=True)
    client.cookies = sign_in(StaffFactory(role=CURATOR)).cookies
    url = reverse("admin:import", args=["topics"])

    tried = send(client, url, client.get(url).text, "try", text=TOPICS)
    saved = send(client, url, tried.text, "save")

    assert saved.status_code == 302
    assert Topic.objects.filter(slug="sepsis").exists()


def send(client, url, page, button, **more):
    """What the form with this button sends, and nothing of its neighbours."""
    (form,) = [part for part in page.split("<form")[1:] if f'name="{button}"' in part]
    form = form.partition("</form>")[0]
    sent = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form))
    if hidden := re.search(r'<textarea name="text" hidden>(.*?)</textarea>', form, re.DOTALL):
        sent["text"] = html.unescape(hidden[1])
    return client.post(url, {**sent, **more, button: "1"})
