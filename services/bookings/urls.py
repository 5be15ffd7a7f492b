from django.urls import URLPattern, path

from . import views

app_name = "bookings"

urlpatterns: list[URLPattern] = [
    path("places/<uuid:pk>/bookings/", views.bookings, name="bookings"),
    path("places/<uuid:pk>/bookings/new/", views.new, name="new"),
    path("places/bookings/<uuid:pk>/<slug:verb>/", views.take, name="step"),
    # Without an account.
    path("public/place/<slug:code>/book/", views.public, name="public"),
    path("public/place/<slug:code>/book/ask/", views.ask, name="ask"),
]
