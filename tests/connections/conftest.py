from datetime import timedelta

import pytest
from django.utils.timezone import now

from connections.actions import choosing
from tests.factories import TopicFactory
from tests.factories.choices import AT, DAY, mentors
from tests.factories.connections import MentoringRequestFactory
from tests.factories.relationships import current


@pytest.fixture
def ann_bea_cai():
    return mentors("Ann", "Bea", "Cai")


@pytest.fixture
def request_(person, ann_bea_cai):
    """Ann is being asked, then Bea, then Cai."""
    request = MentoringRequestFactory(mentee=person, asked_at=AT, closes_at=AT + 14 * DAY)
    return choosing.choose(request, ann_bea_cai, at=AT)


@pytest.fixture
def pair():
    """Two who have agreed to meet, ten days ago."""
    return current(at=now() - timedelta(days=10))


@pytest.fixture
def mentor(pair, sign_in):
    """The browser of the pair's mentor."""
    return sign_in(pair.mentor)


@pytest.fixture
def mentee(pair, sign_in):
    """The browser of the pair's mentee."""
    return sign_in(pair.mentee)


@pytest.fixture
def coordinator(staff):
    return staff("coordinator")


@pytest.fixture
def desk(coordinator, sign_in):
    """The browser of a coordinator."""
    return sign_in(coordinator)


@pytest.fixture
def topic():
    return TopicFactory(name_en="Run charts")
