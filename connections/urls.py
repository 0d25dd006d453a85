"""Addresses of people who help people."""

from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _

from connections.views import (
    again,
    agreements,
    caseload,
    check_ins,
    choices,
    coffee,
    coffee_rounds,
    concerns,
    credentials,
    extensions,
    fairness,
    handovers,
    log,
    manager_consents,
    meetings,
    mentors,
    mistakes,
    notes,
    offers,
    pauses,
    practice,
    register,
    relationships,
    rematch_offers,
    requests,
    rounds,
    still_there,
    supervision,
    supervision_groups,
    supply,
    weather,
    what_if,
)

app_name = "connections"

pair: list[URLPattern] = [
    path(_("mentoring/"), relationships.mine, name="mentoring"),
    path(_("mentoring/<int:pk>/"), relationships.relationship, name="relationship"),
    path(_("mentoring/<int:pk>/agreement/"), agreements.agreement, name="agreement"),
    path(_("mentoring/<int:pk>/agreement/change/"), agreements.change, name="change_agreement"),
    path(_("mentoring/<int:pk>/agreement/keep/"), agreements.keep, name="keep_agreement"),
    path(_("mentoring/<int:pk>/pause/"), pauses.pause, name="pause"),
    path(_("mentoring/<int:pk>/resume/"), pauses.resume, name="resume"),
    path(_("mentoring/<int:pk>/extend/"), extensions.extend, name="extend"),
    path(_("mentoring/<int:pk>/extend/agree/"), extensions.agree, name="agree_extension"),
    path(_("mentoring/<int:pk>/extend/keep/"), extensions.keep, name="keep_end"),
    path(_("mentoring/<int:pk>/hand-over/"), handovers.hand_over, name="hand_over"),
    path(_("mentoring/<int:pk>/hand-over/agree/"), handovers.agree, name="agree_hand_over"),
    path(_("mentoring/<int:pk>/hand-over/stop/"), handovers.stop, name="stop_hand_over"),
    path(_("mentoring/hand-overs/<int:pk>/"), handovers.answer, name="hand_over_answer"),
    path(_("mentoring/<int:pk>/someone-else/"), again.someone_else, name="someone_else"),
    path(_("mentoring/<int:pk>/end/"), relationships.end, name="end"),
    path(_("mentoring/<int:pk>/meetings/add/"), meetings.record, name="record"),
    path(_("mentoring/<int:pk>/meetings/plan/"), meetings.plan, name="plan"),
    path(_("mentoring/<int:pk>/meetings/next/"), meetings.next_meeting, name="next_meeting"),
    path(_("mentoring/<int:pk>/meetings/<int:number>/"), meetings.meeting, name="meeting"),
    path(
        _("mentoring/<int:pk>/meetings/<int:number>/cancel/"),
        meetings.cancel,
        name="cancel_meeting",
    ),
    path(_("mentoring/<int:pk>/notes/add/"), notes.write_shared, name="write_shared"),
    path(_("mentoring/<int:pk>/notes/private/"), notes.write_private, name="write_private"),
    path(_("mentoring/<int:pk>/goals/add/"), notes.set_goal, name="set_goal"),
    path(_("mentoring/<int:pk>/goals/<int:number>/done/"), notes.reach_goal, name="reach_goal"),
    path(_("mentoring/<int:pk>/mistakes/"), mistakes.mistakes, name="mistakes"),
    path(_("mentoring/<int:pk>/concern/"), concerns.report, name="report_concern"),
    path(_("mentoring/<int:pk>/check-in/"), check_ins.check_in, name="check_in"),
    path(_("mentoring/<int:pk>/rematch/"), rematch_offers.rematch, name="rematch"),
    path(
        _("mentoring/<int:pk>/rematch/ask/"),
        rematch_offers.look_for_somebody_else,
        name="look_for_somebody_else",
    ),
    path(
        _("mentoring/<int:pk>/manager/"), manager_consents.manager_consent, name="manager_consent"
    ),
    path(_("mentoring/team/"), manager_consents.team, name="team"),
]
desks: list[URLPattern] = [
    path(_("mentoring/caseload/"), caseload.caseload, name="caseload"),
    path(_("mentoring/caseload/export/"), caseload.export, name="caseload_export"),
    path(_("mentoring/caseload/people/"), caseload.people, name="caseload_people"),
    path(_("mentoring/caseload/<int:pk>/notes/"), caseload.notes, name="caseload_notes"),
    path(_("mentoring/supply/"), supply.supply, name="supply"),
    path(_("mentoring/supply/export/"), supply.export, name="supply_export"),
    path(_("mentoring/concerns/"), concerns.concerns, name="concerns"),
    path(_("mentoring/concerns/<int:pk>/"), concerns.concern, name="concern"),
    path(_("mentoring/concerns/<int:pk>/take/"), concerns.take, name="take_concern"),
    path(_("mentoring/concerns/<int:pk>/close/"), concerns.close, name="close_concern"),
]
weather_pages: list[URLPattern] = [
    path(_("mentoring/weather/"), weather.weather, name="weather"),
    path(_("mentoring/weather/nudge/"), weather.nudge_many, name="nudge_many"),
    path(_("mentoring/weather/<int:pk>/"), weather.pair_weather, name="pair_weather"),
    path(_("mentoring/weather/<int:pk>/nudge/"), weather.nudge, name="nudge"),
    path(_("mentoring/weather/<int:pk>/look-after/"), weather.look_after, name="look_after"),
    path(
        _("mentoring/weather/<int:pk>/rematch/"),
        rematch_offers.offer_rematch,
        name="offer_rematch",
    ),
    path(_("mentoring/weather/mentors/"), still_there.quiet_mentors, name="quiet_mentors"),
]
directory: list[URLPattern] = [
    path(_("mentors/"), mentors.mentors, name="mentors"),
    path(_("mentors/<int:pk>/"), mentors.mentor, name="mentor"),
    path(_("mentors/mine/"), offers.my_profile, name="my_profile"),
    path(_("mentors/mine/edit/"), offers.edit_profile, name="edit_profile"),
    path(_("mentors/mine/approve/"), offers.ask_for_approval, name="ask_for_approval"),
    path(_("mentors/mine/pause/"), offers.pause, name="pause_profile"),
    path(_("mentors/mine/resume/"), offers.resume, name="resume_profile"),
    path(_("mentors/mine/list/"), offers.list_me, name="list_me"),
    path(_("mentors/mine/still-there/"), still_there.still_there, name="still_there"),
]
asking: list[URLPattern] = [
    path(_("mentoring/ask/"), requests.ask, name="ask"),
    path(_("mentoring/requests/<int:pk>/"), requests.mentoring_request, name="request"),
    path(
        _("mentoring/requests/<int:pk>/ask/<int:profile>/"),
        requests.ask_suggested,
        name="ask_suggested",
    ),
    path(_("mentoring/requests/<int:pk>/suggestions/"), requests.look_again, name="look_again"),
    path(_("mentoring/requests/<int:pk>/choices/"), choices.choices, name="choices"),
    path(_("mentoring/requests/<int:pk>/pass/<int:profile>/"), choices.pass_over, name="pass_over"),
    path(
        _("mentoring/requests/<int:pk>/show-again/<int:profile>/"),
        choices.show_again,
        name="show_again",
    ),
    path(_("mentoring/requests/<int:pk>/change/"), choices.change, name="change_request"),
    path(_("mentoring/requests/<int:pk>/withdraw/"), requests.withdraw, name="withdraw"),
    path(_("mentoring/requests/<int:pk>/answer/"), requests.answer, name="answer"),
]
matching: list[URLPattern] = [
    path(_("mentoring/rounds/"), rounds.index, name="rounds"),
    path(_("mentoring/rounds/<int:pk>/"), rounds.round, name="round"),
    path(_("mentoring/rounds/<int:pk>/assign/"), rounds.assign, name="assign_round"),
    path(_("mentoring/rounds/<int:pk>/lock/"), rounds.lock, name="lock_pairs"),
    path(_("mentoring/rounds/<int:pk>/publish/"), rounds.publish, name="publish_round"),
    path(_("mentoring/rounds/<int:pk>/abandon/"), rounds.abandon, name="abandon_round"),
    path(_("mentoring/rounds/<int:pk>/left-out/"), rounds.left_out, name="left_out"),
    path(_("mentoring/rounds/<int:pk>/what-if/"), what_if.what_if, name="what_if"),
    path(_("mentoring/rounds/<int:pk>/what-if/use/"), what_if.use, name="use_alternative"),
    path(_("mentoring/rounds/<int:pk>/what-if/keep/"), what_if.keep, name="keep_drafts"),
    path(_("mentoring/rounds/<int:pk>/fairness/"), fairness.report, name="fairness"),
    path(_("mentoring/rounds/<int:pk>/fairness/export/"), fairness.export, name="fairness_export"),
]
care: list[URLPattern] = [
    path(_("mentoring/practice/"), practice.practice, name="practice"),
    path(_("mentoring/practice/ladder/"), practice.ladder, name="ladder"),
    path(_("mentoring/practice/ladder/list/"), practice.show_step, name="show_step"),
    path(_("mentoring/practice/credentials/add/"), credentials.add, name="add_credential"),
    path(
        _("mentoring/practice/credentials/<int:pk>/"), credentials.change, name="change_credential"
    ),
    path(
        _("mentoring/practice/credentials/<int:pk>/remove/"),
        credentials.remove,
        name="remove_credential",
    ),
    path(_("mentoring/practice/log/"), log.log, name="log"),
    path(_("mentoring/practice/log/add/"), log.write, name="write_log"),
    path(_("mentoring/practice/log/export/"), log.export, name="log_export"),
    path(_("mentoring/practice/log/<int:pk>/"), log.change, name="change_log"),
    path(_("mentoring/practice/log/<int:pk>/remove/"), log.remove, name="remove_log"),
    path(_("mentoring/register/"), register.register, name="register"),
    path(_("mentoring/register/export/"), register.export, name="register_export"),
    path(_("mentoring/register/<int:pk>/"), register.coach, name="coach"),
    path(_("mentoring/register/<int:pk>/step/"), register.give_step, name="give_step"),
    path(
        _("mentoring/register/credentials/<int:pk>/confirm/"),
        credentials.confirm,
        name="confirm_credential",
    ),
    path(
        _("mentoring/register/credentials/<int:pk>/return/"),
        credentials.send_back,
        name="return_credential",
    ),
]
supervising: list[URLPattern] = [
    path(_("mentoring/supervision/"), supervision.supervision, name="supervision"),
    path(_("mentoring/supervision/<int:pk>/"), supervision.session, name="supervision_session"),
    path(_("mentoring/supervision/<int:pk>/book/"), supervision.book, name="book_supervision"),
    path(_("mentoring/supervision/<int:pk>/leave/"), supervision.leave, name="leave_supervision"),
    path(
        _("mentoring/supervision/<int:pk>/calendar/"),
        supervision.calendar,
        name="supervision_calendar",
    ),
    path(
        _("mentoring/supervision/<int:pk>/edit/"), supervision_groups.move, name="move_supervision"
    ),
    path(
        _("mentoring/supervision/<int:pk>/cancel/"),
        supervision_groups.cancel,
        name="cancel_supervision",
    ),
    path(
        _("mentoring/supervision/<int:pk>/attendance/"),
        supervision_groups.attendance,
        name="supervision_attendance",
    ),
    path(
        _("mentoring/supervision/groups/add/"),
        supervision_groups.add,
        name="add_supervision_group",
    ),
    path(
        _("mentoring/supervision/groups/<int:pk>/"),
        supervision_groups.group,
        name="supervision_group",
    ),
    path(
        _("mentoring/supervision/groups/<int:pk>/edit/"),
        supervision_groups.edit,
        name="edit_supervision_group",
    ),
    path(
        _("mentoring/supervision/groups/<int:pk>/close/"),
        supervision_groups.close,
        name="close_supervision_group",
    ),
    path(
        _("mentoring/supervision/groups/<int:pk>/plan/"),
        supervision_groups.plan,
        name="plan_supervision",
    ),
]
coffees: list[URLPattern] = [
    path(_("coffee/"), coffee.coffee, name="coffee"),
    path(_("coffee/choices/"), coffee.choices, name="coffee_choices"),
    path(_("coffee/skip/"), coffee.skip, name="skip_coffee"),
    path(_("coffee/pause/"), coffee.pause, name="pause_coffee"),
    path(_("coffee/resume/"), coffee.resume, name="resume_coffee"),
    path(_("coffee/leave/"), coffee.leave, name="leave_coffee"),
    path(_("coffee/cannot/"), coffee.cannot_come, name="cannot_come"),
    path(_("coffee/another/"), coffee.join_another, name="another_coffee"),
    path(_("coffee/answer/"), coffee.answer, name="answer_coffee"),
    path(_("coffee/<int:pk>/not-again/"), coffee.not_again, name="not_again"),
    path(_("coffee/rounds/"), coffee_rounds.rounds, name="coffee_rounds"),
    path(_("coffee/rounds/draw/"), coffee_rounds.draw_round, name="draw_coffee"),
]
urlpatterns: list[URLPattern] = [
    *pair,
    *desks,
    *weather_pages,
    *directory,
    *asking,
    *matching,
    *care,
    *supervising,
    *coffees,
]
