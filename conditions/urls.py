from django.urls import path
from django.utils.translation import gettext_lazy as _

from conditions import views

app_name = "conditions"
urlpatterns = [
    path(_("approaches/"), views.approaches, name="approaches"),
    path(_("approaches/<slug:slug>/"), views.approach, name="approach"),
]
