import pytest

from connections.actions import choosing
from tests.factories.choices import AT, DAY, mentors
from tests.factories.connections import MentoringRequestFactory


@pytest.fixture
def ann_bea_cai():
    return mentors("Ann", "Bea", "Cai")


@pytest.fixture
def request_(person, ann_bea_cai):
    """Ann is being asked, then Bea, then Cai."""
    request = MentoringRequestFactory(mentee=person, asked_at=AT, closes_at=AT + 14 * DAY)
    return choosing.choose(request, ann_bea_cai, at=AT)
