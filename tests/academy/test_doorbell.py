"""The doorbell: heard or not, no page waits for it more than once."""

import pytest

from academy import doorbell


@pytest.fixture
def knocks(monkeypatch):
    """Knocks at a door nobody opens."""
    heard = []

    def nobody(task, **_more):
        heard.append(task)
        raise OSError

    monkeypatch.setattr(doorbell.Door, "opens", 0.0)
    monkeypatch.setattr("academy.doorbell.app.send_task", nobody)
    return heard


@pytest.mark.django_db
def test_a_page_with_many_messages_waits_for_one_knock(knocks, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        for number in range(20):
            doorbell.ring("academy.tasks.deliver", notification=number)

    assert len(knocks) == 1


@pytest.mark.django_db
def test_after_a_while_it_knocks_again(knocks, monkeypatch, django_capture_on_commit_callbacks):
    for _visit in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            doorbell.ring("academy.tasks.deliver", notification=1)
        monkeypatch.setattr(doorbell.Door, "opens", doorbell.Door.opens - doorbell.DEAF_FOR)

    assert len(knocks) == 2
