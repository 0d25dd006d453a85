"""Addresses of office hours and circles."""

from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _

from connections.views import circles, keeping_circles, office_hours, slots

hours: list[URLPattern] = [
    path(_("office-hours/"), office_hours.office_hours, name="office_hours"),
    path(_("office-hours/mine/"), office_hours.my_office_hours, name="my_office_hours"),
    path(_("office-hours/mine/new/"), office_hours.open_office_hour, name="open_office_hour"),
    path(_("office-hours/<int:pk>/"), office_hours.office_hour, name="office_hour"),
    path(_("office-hours/<int:pk>/edit/"), office_hours.change_office_hour, name="change_hours"),
    path(_("office-hours/<int:pk>/skip/"), office_hours.skip_day, name="skip_day"),
    path(_("office-hours/<int:pk>/offer-again/"), office_hours.offer_again, name="offer_again"),
    path(_("office-hours/<int:pk>/stop/"), office_hours.stop_office_hour, name="stop_office_hour"),
    path(
        _("office-hours/<int:pk>/concern/"),
        office_hours.report_from_office_hour,
        name="report_from_office_hour",
    ),
    path(_("office-hours/slots/<int:pk>/book/"), slots.book_slot, name="book_slot"),
    path(_("office-hours/slots/<int:pk>/cancel/"), slots.cancel_slot, name="cancel_slot"),
    path(_("office-hours/bookings/<int:pk>/"), slots.slot_booking, name="slot_booking"),
    path(
        _("office-hours/bookings/<int:pk>/question/"), slots.change_question, name="change_question"
    ),
    path(_("office-hours/bookings/<int:pk>/cancel/"), slots.give_back, name="give_back"),
    path(_("office-hours/bookings/<int:pk>/calendar/"), slots.slot_calendar, name="slot_calendar"),
    path(_("office-hours/bookings/<int:pk>/came/"), slots.mark_came, name="mark_came"),
    path(
        _("office-hours/bookings/<int:pk>/concern/"),
        slots.report_from_slot,
        name="report_from_slot",
    ),
]
groups: list[URLPattern] = [
    path(_("mentoring/ways/"), circles.ways, name="ways"),
    path(_("circles/"), circles.circles, name="circles"),
    path(_("circles/new/"), keeping_circles.new_circle, name="new_circle"),
    path(_("circles/<int:pk>/"), circles.circle, name="circle"),
    path(_("circles/<int:pk>/join/"), circles.join_circle, name="join_circle"),
    path(_("circles/<int:pk>/leave/"), circles.leave_circle, name="leave_circle"),
    path(_("circles/<int:pk>/wait/"), circles.wish_for_place, name="wish_for_place"),
    path(_("circles/<int:pk>/calendar/"), circles.circle_calendar, name="circle_calendar"),
    path(_("circles/<int:pk>/concern/"), circles.report_from_circle, name="report_from_circle"),
    path(_("circles/<int:pk>/edit/"), keeping_circles.change_circle, name="change_circle"),
    path(_("circles/<int:pk>/message/"), keeping_circles.write_to_circle, name="write_to_circle"),
    path(_("circles/<int:pk>/close/"), keeping_circles.close_circle, name="close_circle"),
    path(
        _("circles/<int:pk>/meetings/add/"),
        keeping_circles.plan_circle_meeting,
        name="plan_circle_meeting",
    ),
    path(
        _("circles/<int:pk>/meetings/<int:number>/edit/"),
        keeping_circles.move_circle_meeting,
        name="move_circle_meeting",
    ),
    path(
        _("circles/<int:pk>/meetings/<int:number>/cancel/"),
        keeping_circles.cancel_circle_meeting,
        name="cancel_circle_meeting",
    ),
    path(
        _("circles/<int:pk>/members/<int:number>/remove/"),
        keeping_circles.remove_from_circle,
        name="remove_from_circle",
    ),
]
