"""Sign-in through the employer's directory: one callback outside the languages, which keeps the language."""

from __future__ import annotations

import logging
from http import HTTPStatus

from allauth.socialaccount.providers.openid_connect import views
from django.http import HttpRequest, HttpResponseBase
from django.utils import translation
from django.views.decorators.http import require_http_methods, require_safe
from requests import RequestException

from academy.bilingual import LANGUAGES, language
from academy.pages import page
from academy.permissions import View, policy

log = logging.getLogger(__name__)
SPOKEN = "sign_in_language"


@require_http_methods(["GET", "POST"])
@policy("visitor")
def sign_in(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    request.session[SPOKEN] = language()
    return _or_say_so(views.login, request, provider_id)


@require_safe
@policy("visitor")
def come_back(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """Entra knows one address to come back to; the page that follows speaks as the one before."""
    spoken = request.session.get(SPOKEN)
    if spoken in LANGUAGES:
        translation.activate(spoken)
        request.LANGUAGE_CODE = spoken
    return _or_say_so(views.callback, request, provider_id)


def _or_say_so(view: View[[str]], request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """A directory that is away is said in words, with the other ways in."""
    try:
        return view(request, provider_id)
    except RequestException:
        log.exception("directory away")
        unavailable = HTTPStatus.SERVICE_UNAVAILABLE
        return page(request, "socialaccount/authentication_error.html", status=unavailable)
