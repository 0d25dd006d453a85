from django.urls import path
from django.utils.translation import gettext_lazy as _

from capability.views import bookings, cohorts, courses, rosters

app_name = "capability"
urlpatterns = [
    path(_("courses/"), courses.courses, name="courses"),
    path(_("courses/<slug:slug>/"), courses.course, name="course"),
    path(_("courses/<slug:slug>/interest/"), courses.interest, name="interest"),
    path(_("cohorts/<int:pk>/"), cohorts.cohort, name="cohort"),
    path(_("cohorts/<int:pk>/book/"), cohorts.book, name="book"),
    path(_("cohorts/<int:pk>/roster/"), rosters.roster, name="roster"),
    path(_("cohorts/<int:pk>/roster/csv/"), rosters.roster_csv, name="roster_csv"),
    path(_("cohorts/<int:pk>/message/"), rosters.write_to_all, name="write_to_all"),
    path(_("learning/"), bookings.learning, name="learning"),
    path(_("bookings/<int:pk>/cancel/"), bookings.leave, name="leave"),
    path(_("bookings/<int:pk>/calendar/"), bookings.calendar, name="calendar"),
]
