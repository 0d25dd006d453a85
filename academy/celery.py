"""Celery is a doorbell and a clock: state, retries and schedules live in PostgreSQL."""

import os
from typing import Any

from celery import Celery
from celery.signals import celeryd_init, task_prerun

from academy.logs import remember_request_id

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "academy.settings")
app = Celery("academy")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@celeryd_init.connect
def wait_longer_than_a_page(conf: Any = None, **_signal: Any) -> None:
    """A worker's blocking read outlasts the second a web process allows the broker."""
    conf.broker_transport_options = {**conf.broker_transport_options, "socket_timeout": 30}


@task_prerun.connect
def carry_request_id(kwargs: Any = None, **_signal: Any) -> None:
    remember_request_id((kwargs or {}).get("request_id", ""))
