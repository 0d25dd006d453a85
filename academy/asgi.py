"""The same for an asynchronous server."""

import os
from io import StringIO

from django.core.asgi import get_asgi_application
from django.core.management import call_command

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "academy.settings")
application = get_asgi_application()
call_command("check", fail_level="ERROR", stdout=StringIO())
