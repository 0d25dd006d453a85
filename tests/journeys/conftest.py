import os

import pytest

from tests.journeys.reader import Reader
from tests.journeys.running import running_academy

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--font-render-hinting=none",
]


def pytest_collection_modifyitems(items):
    for item in items:
        if "journeys" in item.path.parts:
            item.add_marker(pytest.mark.journey)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    return {**browser_type_launch_args, "executable_path": os.environ["CHROMIUM"], "args": FLAGS}


@pytest.fixture(scope="session")
def academy(tmp_path_factory, worker_id, shared_folder):
    """One running academy for all journeys of a test worker."""
    folder = tmp_path_factory.mktemp("academy")
    number = int(worker_id.removeprefix("gw")) if worker_id.startswith("gw") else 0
    with running_academy(folder, worker_id, shared=shared_folder, number=8 + number) as running:
        yield running


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory, worker_id):
    """A folder all test workers of this run have in common."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if worker_id.startswith("gw") else base


@pytest.fixture(params=["en", "cy"])
def language(request):
    return request.param


@pytest.fixture
def someone(browser, academy):
    """A new person with a browser of their own: `someone("cy", phone=True)`."""
    contexts = []

    def arrives(language="en", *, phone=False, script=True):
        size = {"width": 320, "height": 640} if phone else {"width": 1280, "height": 900}
        context = browser.new_context(
            locale="en-GB", viewport=size, java_script_enabled=script, reduced_motion="reduce"
        )
        context.set_default_timeout(20_000)
        contexts.append(context)
        return Reader(context.new_page(), academy, language, script=script)

    yield arrives
    for context in contexts:
        context.close()
