from django.urls import URLPattern, path

from . import views

app_name = "activities"

urlpatterns: list[URLPattern] = [
    path("services/activity/<uuid:pk>/enrolments/", views.enrolments, name="enrolments"),
    path("services/activity/<uuid:pk>/sessions/<int:number>/", views.session, name="session"),
    path("services/activity/<uuid:pk>/sessions/<int:number>/code.svg", views.code, name="code"),
    path("services/activity/<uuid:pk>/do/<slug:what>/", views.do, name="do"),
    path("services/activity/<uuid:pk>/do/<slug:what>/<slug:item>/", views.do, name="do_one"),
    path("services/teams/", views.teams, name="teams"),
    path("services/teams/new/", views.team_new, name="team_new"),
    path("services/teams/<int:pk>/edit/", views.team_edit, name="team_edit"),
    path("services/teams/speakers/new/", views.speaker_new, name="speaker_new"),
    path("check-in/<slug:key>/", views.check_in, name="check_in"),
    path("vote/<slug:key>/", views.vote, name="vote"),
]
