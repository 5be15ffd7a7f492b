from django.urls import URLPattern, path

from . import views

app_name = "childcare"

urlpatterns: list[URLPattern] = [
    path("services/childcare/", views.classes, name="classes"),
    path("services/childcare/<uuid:pk>/day/", views.day, name="day"),
    path("services/childcare/<uuid:pk>/children/", views.children, name="children"),
    path("services/childcare/<uuid:pk>/children/<uuid:child>/", views.child, name="child"),
    path("services/childcare/<uuid:pk>/children/<uuid:child>/health/", views.health, name="health"),
    path("services/childcare/<uuid:pk>/children/<uuid:child>/phones/", views.phones, name="phones"),
    path("services/childcare/<uuid:pk>/sheet/", views.sheet, name="sheet"),
    path("services/childcare/<uuid:pk>/children/<uuid:child>/papers/", views.papers, name="papers"),
    path("childcare/rule/", views.rule, name="rule"),
]
