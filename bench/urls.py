"""The product's addresses, and two bare pages to measure them against."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import path

from academy import urls as product
from academy.urls import handler400, handler403, handler404, handler429, handler500
from bench import views

__all__ = ["handler400", "handler403", "handler404", "handler429", "handler500", "urlpatterns"]

urlpatterns = [
    *i18n_patterns(
        path("bench/bare/", views.bare, name="bench_bare"),
        path("bench/mentors/", views.mentors, name="bench_mentors"),
        path("bench/plain/", views.plain, name="bench_plain"),
        prefix_default_language=True,
    ),
    *product.urlpatterns,
]
