"""Every address, every reader: one table says who gets in, and a new address cannot escape it."""

import pytest
from django.contrib import admin
from django.db import transaction
from django.test import Client
from django.urls import reverse

from academy import groups, roles
from academy.checks import routes
from tests.everywhere import READERS, VISITOR, build

EVERYONE = set(READERS)
PEOPLE = EVERYONE - {VISITOR}
WORKING = PEOPLE - {"staff_without_second_factor"}  # everyone else is sent to get a second factor
IMPROVERS = WORKING - {"not_approved_yet"}
PAIR = {"owner", "mentor"}
STAFF = set(roles.ROLES) & EVERYONE  # with a second factor; a sponsor of the world has one too
OWNER, MENTOR = {"owner"}, {"mentor"}
NOBODY: set[str] = set()

# route: who gets in. The others are sent to sign in, to enrol, away with 403, or see nothing (404).
SMALL_PRINT = "accessibility cookies privacy contact"
PUBLIC = """
    landing live ready home search stop
    capability:courses capability:course capability:cohort conditions:approaches conditions:approach
    openid_connect_callback openid_connect_login
"""
DOORS = "account_login account_signup mfa_authenticate mfa_login_webauthn"  # send on who is in
SIGN_IN = """
    account_inactive account_email_verification_sent account_confirm_email account_reset_password
    account_reset_password_done account_reset_password_from_key account_reset_password_from_key_done
    socialaccount_signup socialaccount_login_cancelled socialaccount_login_error
"""
OWN_ACCOUNT = """
    account my_details waiting account_privacy export deactivate ask_for_deletion
    account_email account_change_password account_set_password usersessions_list
    socialaccount_connections mfa_view_recovery_codes
    mfa_generate_recovery_codes mfa_download_recovery_codes mfa_list_webauthn
    mfa_remove_webauthn mfa_edit_webauthn
"""
ENROLMENT = """
    choose_language account_reauthenticate mfa_index mfa_activate_totp mfa_reauthenticate
    mfa_add_webauthn mfa_reauthenticate_webauthn
"""
EVERY_IMPROVER = """
    ask conflicts notifications notifications_read notification_choices
    capability:interest capability:book capability:learning
    connections:mentoring connections:mentors connections:mentor connections:ask
    connections:my_profile connections:edit_profile
    connections:caseload connections:caseload_export connections:caseload_people connections:team
    connections:availability connections:my_concerns
    connections:ways connections:circles connections:new_circle connections:circle
    connections:join_circle connections:leave_circle connections:wish_for_place
    connections:report_from_circle connections:office_hours connections:my_office_hours
    connections:open_office_hour connections:office_hour connections:book_slot
    connections:report_from_office_hour
"""
COFFEE = """
    connections:coffee connections:coffee_choices connections:skip_coffee connections:pause_coffee
    connections:resume_coffee connections:leave_coffee connections:cannot_come
    connections:another_coffee connections:answer_coffee connections:report_from_coffee
"""
OWN_OFFER = """
    connections:ask_for_approval connections:pause_profile connections:resume_profile
    connections:list_me connections:still_there
"""
THE_PAIR = """
    connections:relationship connections:agreement connections:end connections:record
    connections:plan connections:next_meeting connections:meeting connections:cancel_meeting
    connections:write_shared connections:write_private connections:set_goal connections:reach_goal
    connections:report_concern connections:mistakes connections:pause connections:resume
    connections:change_agreement connections:keep_agreement connections:extend
    connections:agree_extension connections:keep_end connections:hand_over
    connections:agree_hand_over connections:stop_hand_over
    connections:check_in connections:rematch
    connections:propose connections:proposal connections:withdraw_proposal
    connections:move_meeting connections:meeting_calendar connections:agenda
    connections:set_task connections:tick_task connections:let_goal_go
"""
WEATHER = """
    connections:weather connections:nudge_many connections:pair_weather connections:nudge
    connections:look_after connections:stop_looking_after connections:offer_rematch
    connections:quiet_mentors
"""
ROUNDS = """
    connections:rounds connections:round connections:assign_round connections:lock_pairs
    connections:publish_round connections:abandon_round connections:left_out connections:what_if
    connections:use_alternative connections:keep_drafts connections:fairness
    connections:fairness_export connections:round_pair
"""
COACH_CARE = """
    connections:practice connections:ladder connections:show_step connections:add_credential
    connections:log connections:write_log connections:log_export connections:supervision
"""
OWN_PRACTICE = """
    connections:change_credential connections:remove_credential
    connections:change_log connections:remove_log
    connections:leave_supervision connections:supervision_calendar
"""
CARERS = {"supervisor", "coordinator"}
CARE_FOR_COACHES = """
    connections:register connections:register_export connections:coach
    connections:add_supervision_group connections:supervision_group
    connections:edit_supervision_group connections:close_supervision_group
    connections:plan_supervision connections:move_supervision connections:cancel_supervision
    connections:supervision_attendance
"""
DECIDING = "connections:give_step connections:confirm_credential connections:return_credential"
THE_TWO = "connections:slot_booking connections:slot_calendar connections:report_from_slot"
WHO_BOOKED = "connections:change_question connections:give_back"
WHO_HOSTS = """
    connections:change_hours connections:skip_day connections:stop_office_hour
    connections:offer_again
    connections:cancel_slot connections:mark_came connections:write_to_circle
    connections:change_circle
"""
WHO_KEEPS_CIRCLES = """
    connections:close_circle connections:plan_circle_meeting
    connections:move_circle_meeting connections:cancel_circle_meeting
    connections:remove_from_circle
"""
TABLE: dict[str, set[str]] = {
    **dict.fromkeys(SMALL_PRINT.split(), EVERYONE),
    **{name: WORKING | {VISITOR} for name in PUBLIC.split()},
    **{name: WORKING | {VISITOR} for name in SIGN_IN.split()},
    **{name: IMPROVERS | {VISITOR} for name in DOORS.split()},
    "account_logout": EVERYONE,
    "account_confirm_email": EVERYONE,
    "mfa_deactivate_totp": STAFF,
    **{name: {"mentor", "coach"} for name in OWN_OFFER.split()},
    **dict.fromkeys(OWN_ACCOUNT.split(), WORKING),
    **dict.fromkeys(ENROLMENT.split(), PEOPLE),
    **dict.fromkeys(EVERY_IMPROVER.split(), IMPROVERS),
    **dict.fromkeys(COFFEE.split(), IMPROVERS),
    **dict.fromkeys(THE_PAIR.split(), PAIR),
    **{name: {"coordinator"} for name in WEATHER.split()},
    **dict.fromkeys(COACH_CARE.split(), IMPROVERS),
    **{name: {"coach"} for name in OWN_PRACTICE.split()},
    **dict.fromkeys(CARE_FOR_COACHES.split(), CARERS),
    **{name: {"coordinator"} for name in DECIDING.split()},
    "connections:supervision_session": CARERS | {"coach"},
    "connections:book_supervision": CARERS | {"coach"},
    **dict.fromkeys(THE_TWO.split(), PAIR),
    **dict.fromkeys(WHO_BOOKED.split(), OWNER),
    **dict.fromkeys(WHO_HOSTS.split(), MENTOR),
    **dict.fromkeys(WHO_KEEPS_CIRCLES.split(), MENTOR | {"coordinator"}),
    "connections:circle_calendar": PAIR,
    "question": OWNER | {"coordinator"},
    "withdraw_question": OWNER,
    "take_question": {"coordinator"},
    "answer_question": {"coordinator"},
    "questions": {"coordinator"},
    "approvals": {"administrator"},
    "approve": {"administrator"},
    "turn_away": {"administrator"},
    "capability:roster": {"curator", "organisation_lead"},
    "capability:roster_csv": {"curator", "organisation_lead"},
    "capability:write_to_all": {"curator"},
    "capability:leave": OWNER,
    "capability:calendar": OWNER,
    "connections:not_again": OWNER,  # of whom they had coffee with
    "connections:coffee_rounds": {"coordinator"},
    "connections:draw_coffee": {"coordinator"},
    "connections:request": OWNER,
    "connections:manager_consent": OWNER,
    "connections:ask_suggested": OWNER,
    "connections:look_again": OWNER,
    "connections:choices": OWNER,
    "connections:pass_over": OWNER,
    "connections:show_again": OWNER,
    "connections:change_request": OWNER,
    "connections:withdraw": OWNER,
    "connections:answer": MENTOR,
    **{name: {"coordinator"} for name in ROUNDS.split()},
    "connections:caseload_notes": MENTOR,
    "connections:supply": {"coordinator"},
    "connections:supply_export": {"coordinator"},
    "connections:concerns": {"safeguarding_lead"},
    "connections:someone_else": OWNER,
    "connections:hand_over_answer": {"coach"},
    "connections:concern": {"safeguarding_lead"},
    "connections:take_concern": {"safeguarding_lead"},
    "connections:close_concern": {"safeguarding_lead"},
}
# A link that is dead for everyone alike says so with 404: that is its page.
DEAD_LINKS = {
    "mfa_view_recovery_codes",
    "mfa_download_recovery_codes",
    "mfa_remove_webauthn",
    "mfa_edit_webauthn",
    "openid_connect_login",
    "openid_connect_callback",
}


def own_routes():
    return [name for name, _pattern in routes() if not name.startswith("admin:")]


@pytest.fixture
def world(db):
    return build()


def outcome(response):
    """How a reader fares at an address."""
    if response.status_code in (301, 302):
        if response.url.startswith(reverse("account_login")) and "next=" in response.url:
            return "sent to sign in"
        if response.url == reverse("mfa_index"):
            return "sent to enrol"
        if response.url == reverse("waiting"):
            return "sent to wait"
        return "in"
    return {403: "no", 404: "unseen"}.get(response.status_code, "in")


def browser_of(world, reader):
    client = Client()
    if reader != VISITOR:
        client.force_login(world.people[reader])
    return client


def fares(world, name, reader, client):
    """By GET, or by POST where an address only takes that; nothing stays done."""
    address = world.address(name)
    cookies = dict(client.cookies)
    with transaction.atomic():
        response = client.get(address)
        if response.status_code == 405:
            response = client.post(address)
        transaction.set_rollback(True)
    client.cookies.clear()
    client.cookies.update(cookies)
    assert response.status_code < 500, f"{name} as {reader}: {response.status_code}"
    return outcome(response)


def test_every_address_stands_in_the_table_and_no_other():
    assert set(own_routes()) == set(TABLE)


@pytest.mark.parametrize("reader", READERS)
def test_each_reader_gets_in_where_the_table_says_and_nowhere_else(world, reader):
    wrong, client = {}, browser_of(world, reader)
    for name, welcome in TABLE.items():
        fared = fares(world, name, reader, client)
        if name in DEAD_LINKS and fared == "unseen":
            continue
        if (fared == "in") != (reader in welcome):
            wrong[name] = fared
    assert not wrong


def test_a_stranger_cannot_tell_a_private_thing_from_none(world):
    """404, not 403: what is not mine does not exist."""
    private = [
        *THE_PAIR.split(),
        *OWN_PRACTICE.split(),
        *THE_TWO.split(),
        *WHO_HOSTS.split(),
        "question",
        "capability:leave",
        "connections:answer",
    ]
    private.append("connections:not_again")
    client = browser_of(world, "improver")
    for name in private:
        assert fares(world, name, "improver", client) == "unseen", name


def test_an_old_cookie_of_a_closed_account_opens_nothing(world):
    client = Client()
    client.force_login(world.people["owner"])
    world.people["owner"].is_active = False
    world.people["owner"].save(update_fields=["is_active"])

    for name in (*EVERY_IMPROVER.split(), *THE_PAIR.split()):
        response = client.post(world.address(name))
        assert outcome(response) == "sent to sign in", name


def admin_address(model, page):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}")


def may(role, model, action):
    return action in groups.TABLE.get(role, {}).get(model._meta.label_lower, ())


@pytest.mark.parametrize("reader", READERS)
def test_staff_see_in_the_admin_what_their_role_needs_and_others_nothing(world, reader):
    wrong, client = {}, browser_of(world, reader)
    for model in admin.site._registry:
        for page, action in (("changelist", "view"), ("add", "add")):
            response = client.get(admin_address(model, page))
            seen = response.status_code == 200
            if seen and not (reader in roles.STAFF_ROLES and may(reader, model, action)):
                wrong[model.__name__, page] = "seen"
            if page == "changelist" and not seen and may(reader, model, action):
                wrong[model.__name__, page] = response.status_code
    assert not wrong


def test_the_rights_table_names_models_that_exist():
    registered = {model._meta.label_lower for model in admin.site._registry}
    named = {label for rights in groups.TABLE.values() for label in rights}

    assert named <= registered | {
        "capability.session",
        "academy.membership",
        "connections.roundpair",
    }
