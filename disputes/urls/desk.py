from django.urls import URLPattern, path

from ..views import desk

# Under a word of their own: the steps of a case take every name behind its number.
urlpatterns: list[URLPattern] = [
    path("disputes/desk/", desk.day, name="day"),
    path("disputes/desk/rooms/", desk.rooms, name="rooms"),
    path("disputes/desk/book/", desk.book, name="book"),
    path("disputes/desk/book/<uuid:pk>/cancel/", desk.cancel, name="cancel"),
    path("disputes/desk/centre/", desk.centre, name="centre"),
    path("disputes/desk/feed/", desk.feed_make, name="feed_make"),
    path("disputes/desk/feed/revoke/", desk.feed_revoke, name="feed_revoke"),
    path("disputes/desk/calendar/<str:key>.ics", desk.calendar_feed, name="calendar_feed"),
]
