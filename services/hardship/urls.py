from django.urls import URLPattern, path

from . import spot_views, views

app_name = "hardship"

urlpatterns: list[URLPattern] = [
    path("services/hardship/", views.files, name="files"),
    path("services/hardship/<uuid:pk>/", views.file, name="file"),
    path("services/hardship/<uuid:pk>/household/", views.household, name="household"),
    path("services/hardship/<uuid:pk>/review/", views.review, name="review"),
    path("services/hardship/<uuid:pk>/leave/", views.leave, name="leave"),
    path("services/hardship/<uuid:pk>/members/<uuid:member>/reveal/", views.member, name="member"),
    path("services/hardship/spot-checks/", spot_views.checks, name="checks"),
    path("services/hardship/spot-checks/draw/", spot_views.draw, name="draw"),
    path("services/hardship/spot-checks/<int:pk>/", spot_views.check, name="check"),
    path("services/relief/", views.campaigns, name="campaigns"),
    path("services/relief/new/", views.campaign_new, name="campaign_new"),
    path("services/relief/<uuid:pk>/", views.campaign, name="campaign"),
    path("services/relief/<uuid:pk>/list/", views.campaign_list, name="campaign_list"),
    path("services/relief/<uuid:pk>/all/<slug:verb>/", views.campaign_step, name="campaign_step"),
]
