from django.urls import URLPattern, path

from ..views import desk, imports, rota

# Under a word of their own: the steps of a case take every name behind its number.
urlpatterns: list[URLPattern] = [
    path("disputes/desk/", desk.day, name="day"),
    path("disputes/desk/rooms/", desk.rooms, name="rooms"),
    path("disputes/desk/rooms/<int:pk>/", desk.room, name="room"),
    path("disputes/desk/rooms/<int:pk>/close/", desk.room_close, name="room_close"),
    path("disputes/desk/rooms/<int:pk>/reopen/", desk.room_reopen, name="room_reopen"),
    path("disputes/desk/book/", desk.book, name="book"),
    path("disputes/desk/book/<uuid:pk>/cancel/", desk.cancel, name="cancel"),
    path("disputes/desk/rota/", rota.rota, name="rota"),
    path("disputes/desk/rota/new/", rota.put_on, name="rota_new"),
    path("disputes/desk/rota/<int:pk>/off/", rota.take_off, name="rota_off"),
    path("disputes/desk/imports/", imports.imports, name="imports"),
    path("disputes/desk/imports/<uuid:pk>/", imports.import_page, name="import"),
    path("disputes/desk/imports/<uuid:pk>/confirm/", imports.import_confirm, name="import_confirm"),
    path("disputes/desk/imports/<uuid:pk>/undo/", imports.import_undo, name="import_undo"),
    path("disputes/desk/imports/<uuid:pk>/discard/", imports.import_discard, name="import_discard"),
    path("disputes/desk/centre/", desk.centre, name="centre"),
    path("disputes/desk/feed/", desk.feed_make, name="feed_make"),
    path("disputes/desk/feed/revoke/", desk.feed_revoke, name="feed_revoke"),
    path("disputes/desk/calendar/<str:key>.ics", desk.calendar_feed, name="calendar_feed"),
]
