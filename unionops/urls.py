from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("unionops.casework.urls")),
    path("", include("unionops.org.urls")),
    path("", include("visits.urls")),
]
