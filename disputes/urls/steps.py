from django.urls import URLPattern, path

from ..views import parts, steps

urlpatterns: list[URLPattern] = [
    path("disputes/<uuid:pk>/do/<slug:name>/", parts.do, name="do"),
    path("disputes/<uuid:pk>/settle/<slug:name>/<slug:part>/", parts.settle, name="settle"),
    path("disputes/<uuid:pk>/steps/<slug:verb>/", steps.step, name="step"),
]
