from django.urls import URLPattern, path

from . import views

app_name = "outside"

# The public addresses stand beside those of the counter.
urlpatterns: list[URLPattern] = [
    path("public/services/", views.services, name="services"),
    path("public/services/mine/", views.mine, name="mine"),
    path("public/services/mine/rate/", views.rate, name="rate"),
    path("public/services/mine/withdraw/", views.take_back, name="take_back"),
    path("public/services/hazards/", views.hazards, name="hazards"),
    path("public/services/receipts/<str:note>/", views.receipt, name="receipt"),
    path("public/services/<int:pk>/", views.programme, name="programme"),
    path("public/services/<int:pk>/apply/", views.apply, name="apply"),
    path("public/services/<int:pk>/anonymous/", views.anonymous, name="anonymous"),
    path("services/<shape:shape>/<uuid:pk>/reporter/", views.reporter, name="reporter"),
    path("services/<shape:shape>/<uuid:pk>/bearer/", views.bearer, name="bearer"),
]
