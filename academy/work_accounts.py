"""Sign-in through the employer's directory: one callback outside the languages, which keeps the language."""

from __future__ import annotations

from allauth.socialaccount.providers.openid_connect import views
from django.http import HttpRequest, HttpResponseBase
from django.utils import translation
from django.views.decorators.http import require_http_methods, require_safe

from academy.bilingual import LANGUAGES, language
from academy.permissions import policy

SPOKEN = "sign_in_language"


@require_http_methods(["GET", "POST"])
@policy("visitor")
def sign_in(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    request.session[SPOKEN] = language()
    answer: HttpResponseBase = views.login(request, provider_id)
    return answer


@require_safe
@policy("visitor")
def come_back(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """Entra knows one address to come back to; the page that follows speaks as the one before."""
    spoken = request.session.get(SPOKEN)
    if spoken in LANGUAGES:
        translation.activate(spoken)
        request.LANGUAGE_CODE = spoken
    answer: HttpResponseBase = views.callback(request, provider_id)
    return answer
