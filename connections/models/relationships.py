"""Two people who agreed to learn together: from the first yes to a good ending."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Self

from dateutil.relativedelta import relativedelta
from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from academy.models import Notification
from academy.models.base import HouseRules, Refusal
from connections.models.profiles import MentorProfile
