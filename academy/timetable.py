"""When timed work is due, as beat reads it. What nobody took in time is dropped: the next one comes."""

from typing import Any

from celery.schedules import crontab

Entry = dict[str, Any]


def every(task: str, seconds: int) -> Entry:
    return {"task": task, "schedule": seconds, "options": {"expires": seconds - seconds // 12}}


def at(task: str, *, expires: int = 3600, **when: str) -> Entry:
    """At a time of day in Wales, or of each hour."""
    return {"task": task, "schedule": crontab(**when), "options": {"expires": expires}}


ACADEMY = {
    "sweep the outbox": every("academy.tasks.sweep_outbox", 30),
    "stamp the heartbeat": every("academy.tasks.heartbeat", 60),
    "erase who asked for it": at("academy.tasks.erase_people", hour="3", minute="40"),
    "send the weekly digests": at(
        "academy.tasks.weekly_digests", hour="7", minute="30", day_of_week="mon"
    ),
}
REQUESTS = {
    "look for people who might help": every("connections.tasks.sweep_suggestions", 30),
    "remind and close mentoring requests": every("connections.tasks.watch_requests", 300),
    "ask the next of a list": every("connections.tasks.ask_next_due", 60),
    "go on with matching rounds": every("connections.tasks.sweep_rounds", 60),
    "end the pauses of mentors": at("connections.tasks.end_pauses", hour="4", minute="10"),
    "ask mentors who do not answer": at(
        "connections.tasks.ask_quiet_mentors", hour="9", minute="45"
    ),
}
PAIRS = {
    "take up relationships whose pause is over": at(
        "connections.tasks.resume_pairs", hour="4", minute="20"
    ),
    "stop hand-overs nobody answers": at(
        "connections.tasks.close_hand_overs", expires=3000, minute="35"
    ),
    "tell pairs that their review date has come": at(
        "connections.tasks.tell_reviews", hour="8", minute="45"
    ),
    "remind people that they meet tomorrow": every("connections.tasks.remind_of_meetings", 900),
    "nudge pairs that have gone quiet": at("connections.tasks.nudge_silent", hour="9", minute="15"),
    "ask pairs how it is going": at("connections.tasks.ask_how_it_is_going", hour="9", minute="30"),
    "forget the words of what ended long ago": at(
        "connections.tasks.forget_ended", hour="3", minute="50"
    ),
}
COACHES = {
    "remind coaches of credentials that expire": at(
        "connections.tasks.remind_of_credentials", hour="8", minute="40"
    ),
    "remind coaches of supervision tomorrow": at(
        "connections.tasks.remind_of_supervision", hour="8", minute="50"
    ),
    "tell coaches that supervision is due": at(
        "connections.tasks.tell_supervision_due", hour="8", minute="55"
    ),
}
TOGETHER = {
    "make the slots of office hours": at("connections.tasks.make_slots", hour="4", minute="25"),
    "remind of office hours and circles": every("connections.tasks.remind_together", 900),
    "forget questions of office hours": at(
        "connections.tasks.forget_together", hour="4", minute="35"
    ),
    "begin coffee rounds and go on with them": every("connections.tasks.sweep_coffee", 60),
    "ask whether people had their coffee": at(
        "connections.tasks.remind_coffee", hour="9", minute="25"
    ),
}
SCHEDULE = {**ACADEMY, **REQUESTS, **PAIRS, **COACHES, **TOGETHER}
