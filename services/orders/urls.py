from django.urls import URLPattern, path

from . import views

app_name = "orders"

urlpatterns: list[URLPattern] = [
    path("services/orders/board/", views.board, name="board"),
    path("services/orders/craftsmen/", views.craftsmen, name="craftsmen"),
    path("services/orders/craftsmen/new/", views.craftsman_new, name="craftsman_new"),
    path("services/orders/craftsmen/<int:pk>/", views.craftsman, name="craftsman"),
    path("services/orders/craftsmen/<int:pk>/edit/", views.craftsman_edit, name="craftsman_edit"),
    path("services/orders/craftsmen/<int:pk>/retire/", views.craftsman_retire, name="craftsman_retire"),
    path("services/orders/teams/", views.teams, name="teams"),
    path("services/orders/teams/new/", views.team_new, name="team_new"),
    path("services/orders/teams/<int:pk>/edit/", views.team_edit, name="team_edit"),
    path("services/orders/<uuid:pk>/messages/", views.message, name="message"),
    path("services/orders/<uuid:pk>/secret/", views.secret_text, name="secret"),
]
