from django.urls import URLPattern, path

from .views import doing, maps, planning, public

app_name = "places"

urlpatterns: list[URLPattern] = [
    path("places/<uuid:pk>/inspect/", doing.inspect, name="inspect"),
    path("places/<uuid:pk>/do/<slug:what>/", doing.do, name="do"),
    path("places/inspections/<uuid:pk>/", doing.inspection, name="inspection"),
    path("places/repairs/<uuid:pk>/", doing.repair, name="repair"),
    path("places/repairs/<uuid:pk>/<slug:verb>/", doing.repair_step, name="repair_step"),
    path("places/suggestions/<uuid:pk>/<slug:verb>/", planning.suggestion_step, name="suggestion_step"),
    path("places/p/<slug:code>/map/", maps.place_map, name="map"),
    path("places/p/<slug:code>/map/data/", maps.map_data, name="map_data"),
    path("places/p/<slug:code>/upkeep/", maps.upkeep, name="upkeep"),
    path("places/p/<slug:code>/checklist/", planning.checklist, name="checklist"),
    path("places/p/<slug:code>/plans/", planning.plans, name="plans"),
    path("places/p/<slug:code>/plans/new/", planning.plan_edit, name="plan_new"),
    path("places/p/<slug:code>/plans/<int:pk>/", planning.plan_edit, name="plan_edit"),
    path("places/p/<slug:code>/suggestions/", planning.suggestions, name="suggestions"),
    path("places/p/<slug:code>/suggestions/new/", planning.suggest, name="suggest"),
    # Without an account.
    path("public/stations/", public.stations, name="public_stations"),
    path("public/places/<int:programme>/", public.programme_map, name="public_programme"),
    path("public/places/<int:programme>/data/", public.public_data, name="public_data"),
    path("public/place/<slug:code>/", public.public_place, name="public_place"),
    path("public/place/<slug:code>/fault/", public.fault, name="public_fault"),
    path("public/place/<slug:code>/stars/", public.stars, name="public_stars"),
    path("public/place/<slug:code>/sign/", public.sign, name="public_sign"),
    path("public/place/<slug:code>/qr.svg", public.qr, name="public_qr"),
]
