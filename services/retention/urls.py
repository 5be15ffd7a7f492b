from django.urls import URLPattern, path

from . import views

app_name = "retention"

urlpatterns: list[URLPattern] = [
    path("services/settings/retention/", views.coming, name="coming"),
    path("services/settings/retention/done/", views.done, name="done"),
]
