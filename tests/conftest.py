import os

import pytest
from django.core.cache import cache
from django.db.models.sql.compiler import SQLCompiler
from django.db.transaction import TransactionManagementError
from django.test import Client
from django.utils import translation

from tests.factories import PersonFactory, StaffFactory

# Playwright's sync API keeps an event loop running in this thread; Django would refuse the ORM.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


@pytest.fixture(scope="session", autouse=True)
def _own_broker(worker_id):
    """A broker and a cache number of their own for each test worker."""
    number = int(worker_id.removeprefix("gw")) if worker_id.startswith("gw") else 0
    from django.conf import settings  # noqa: PLC0415 -- after pytest-django has set them up

    for url, start in (("CELERY_BROKER_URL", 0), ("CACHE", 0)):
        if url == "CACHE":
            location = settings.CACHES["default"]["LOCATION"]
            settings.CACHES["default"]["LOCATION"] = (
                f"{location.rsplit('/', 1)[0]}/{start + number}"
            )
        else:
            broker = getattr(settings, url)
            setattr(settings, url, f"{broker.rsplit('/', 1)[0]}/{start + number}")


@pytest.fixture(scope="session")
def worker_id(request):
    return getattr(request.config, "workerinput", {}).get("workerid", "master")


@pytest.fixture(autouse=True)
def _no_limits_left_over(request):
    """Rate limits live in the cache: each test that touches the database starts without any."""
    if "db" in request.fixturenames or "transactional_db" in request.fixturenames:
        cache.clear()


@pytest.fixture(autouse=True)
def _speaks_english():
    """A Welsh page of the test before leaves its language behind in this thread."""
    translation.activate("en")


@pytest.fixture(scope="session", autouse=True)
def _no_lock_without_a_transaction_of_ours():
    """A test runs in a transaction, and would hide that a verb locks rows outside one of its own."""
    as_sql = SQLCompiler.as_sql

    def checked(compiler, *args, **kwargs):
        blocks = compiler.connection.atomic_blocks
        if compiler.query.select_for_update and all(one._from_testcase for one in blocks):
            raise TransactionManagementError("rows are locked outside a transaction")
        return as_sql(compiler, *args, **kwargs)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(SQLCompiler, "as_sql", checked)
        yield


@pytest.fixture
def person(db):
    return PersonFactory()


@pytest.fixture
def visitor(db):
    return Client()


@pytest.fixture
def sign_in():
    """A client in which this person has signed in."""

    def signed_in(person):
        client = Client()
        client.force_login(person)
        return client

    return signed_in


@pytest.fixture
def staff(db):
    """A member of staff with this role and a second factor."""
    return lambda role: StaffFactory(role=role)
