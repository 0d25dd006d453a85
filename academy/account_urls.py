from django.urls import include, path
from django.utils.translation import gettext_lazy as _

from academy import views

urlpatterns = [
    path("", views.home, name="account"),
    path("", include("allauth.account.urls")),
    path("2fa/", include("allauth.mfa.urls")),
    path("sessions/", include("allauth.usersessions.urls")),
]
