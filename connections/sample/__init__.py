"""Sample mentoring: offers, requests and relationships in every state, with notes in both languages."""

from __future__ import annotations

from academy import hooks
from academy.sample import World, keep
from connections.models import MentorProfile, Suggestion, Weights
from connections.sample import choices, concerns, meetings, origins, rounds, still_there, tour
from connections.sample.check_ins import fill_check_ins
from connections.sample.coaches import fill_coaches
from connections.sample.coffee import fill_coffee
from connections.sample.manager_consents import fill_consents
from connections.sample.pairs import fill_pairs, pairs, relationship
from connections.sample.people import Pool, give_topics, offers
from connections.sample.requests import requests
from connections.sample.together import fill as fill_groups

FEW = 1000  # people: among more, a round takes a worker's minutes


@hooks.sample(order=30)
def mentoring(world: World) -> str:
    pool = Pool(world)
    profiles = offers(world)
    made = list(tour.pairs(world, profiles))
    made += [relationship(world, *one) for one in pairs(world, profiles)]
    of = {profile.person_id: profile for profile in profiles}
    for pair in made:
        of[pair.mentor_id].places_taken += pair.ended_at is None
    keep(profiles)
    give_topics(world, pool, profiles, ("methods", "services"))
    MentorProfile.objects.reindex()
    made = keep(meetings.apart(made))
    fill_pairs(world, made)
    meetings.fill(world, made)
    fill_check_ins(world, made)
    fill_consents(world, made)
    concerns.fill(world, made)
    still_there.fill(world, profiles)
    able = [one for one in profiles if one.state == "approved"]
    asked = keep(requests(world, able))
    fill_coaches(world)
    give_topics(world, pool, asked, ("methods", "services"))
    tour.seldom(world, pool, asked)
    matched = rounds.fill(world, asked) if world.size <= FEW else set()
    keep(
        Suggestion(
            request=one,
            profile=one.mentor,
            source="round" if one.pk in matched else "mentee",
            made_at=one.asked_at,
            asked_at=one.asked_at,
        )
        for one in asked
        if one.mentor is not None
    )
    choices.fill(world, asked, able)
    Weights.objects.current(at=world.at)
    if world.size <= FEW:
        rounds.drafts(world)
        fill_coffee(world)
    groups = fill_groups(world, pool, profiles)
    origins.fill(world, made, profiles, why=world.size <= FEW)
    said = f"{len(profiles)} mentors and coaches, {len(made)} relationships, {len(asked)} requests"
    return f"{said}, {groups}"
