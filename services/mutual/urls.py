from django.urls import URLPattern, path

from . import views

app_name = "mutual"

urlpatterns: list[URLPattern] = [
    path("services/mutual/", views.plans, name="plans"),
    path("services/mutual/new/", views.plan_new, name="plan_new"),
    path("services/mutual/<int:pk>/", views.plan, name="plan"),
    path("services/mutual/<int:pk>/edit/", views.plan_edit, name="plan_edit"),
    path("services/mutual/<int:pk>/steps/<slug:verb>/", views.plan_step, name="plan_step"),
    path("services/mutual/<int:pk>/units/new/", views.unit_new, name="unit_new"),
    path("services/mutual/units/<uuid:pk>/", views.unit, name="unit"),
    path("services/mutual/units/<uuid:pk>/paid/", views.unit_paid, name="unit_paid"),
]
