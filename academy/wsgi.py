"""What the web server runs. It does not start with a view without a policy or a misused hook."""

import os
from io import StringIO

from django.core.management import call_command
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "academy.settings")
application = get_wsgi_application()
call_command("check", fail_level="ERROR", stdout=StringIO())
