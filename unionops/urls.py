from django.urls import URLPattern, URLResolver, include, path

from .health import healthz

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", healthz, name="healthz"),
    # Before the pages: whoever asks for data would wait until each of their addresses had been compared.
    path("api/", include("unionops.api")),
    path("", include("unionops.casework.urls")),
    path("", include("unionops.org.urls")),
    path("public/", include("unionops.counter.urls")),
    path("", include("unionops.insight.urls")),
    path("", include("unionops.packs.urls")),
    path("", include("visits.urls")),
    path("", include("visits.reviews.urls")),
    path("", include("visits.analyses.urls")),
    path("", include("visits.exchanges.urls")),
    path("", include("disputes.urls")),
    path("", include("services.urls")),
    path("", include("services.claims.urls")),
    path("", include("services.hardship.urls")),
    path("", include("services.activities.urls")),
    path("", include("services.childcare.urls")),
    path("", include("services.places.urls")),
    path("", include("services.orders.urls")),
    path("", include("services.outside.urls")),
    path("", include("services.retention.urls")),
    path("", include("services.mutual.urls")),
    path("", include("services.bookings.urls")),
]

handler400 = "unionops.casework.refusals.bad_request"
handler403 = "unionops.casework.refusals.forbidden"
handler404 = "unionops.casework.refusals.not_found"
handler500 = "unionops.casework.refusals.server_error"
