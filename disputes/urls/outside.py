from django.urls import URLPattern, path

from ..outside import views

# The public address stands beside those of the counter.
urlpatterns: list[URLPattern] = [
    path("public/mediation/", views.apply, name="apply"),
    path("disputes/outside/<uuid:pk>/link/", views.invite, name="invite"),
    path("disputes/outside/<uuid:pk>/link/<int:share>/", views.invite_letter, name="invite_letter"),
    path("disputes/outside/<uuid:pk>/links/<uuid:link>/revoke/", views.revoke_link, name="revoke_link"),
    path("disputes/outside/letters/<int:pk>/<slug:verb>/", views.answer_letter, name="answer_letter"),
]
