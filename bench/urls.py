from django.urls import include, path

from . import peers

urlpatterns = [
    path("bench/one/", peers.one),
    path("bench/rows/", peers.rows),
    path("bench/own-rows/", peers.own_rows),
    path("bench/insert/", peers.insert),
    path("bench/signed-insert/", peers.signed_insert),
    path("api/bench-insert/", peers.InsertView.as_view()),
    path("", include("unionops.urls")),
]
