from django.urls import include, path

from . import peers

urlpatterns = [
    path("bench/rows/", peers.rows),
    path("bench/own-rows/", peers.own_rows),
    path("bench/insert/", peers.insert),
    path("", include("unionops.urls")),
]
