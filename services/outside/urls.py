from django.urls import URLPattern, path

from . import enrol_views, views

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
    path("public/services/<int:pk>/sign/", views.sign, name="sign"),
    path("public/services/<int:pk>/apply/", views.apply, name="apply"),
    path("public/services/<int:pk>/anonymous/", views.anonymous, name="anonymous"),
    path("public/boards/", views.boards, name="boards"),
    path("public/activities/", enrol_views.activities, name="activities"),
    path("public/activities/<uuid:pk>/", enrol_views.activity, name="activity"),
    path("public/activities/<uuid:pk>/enrol/", enrol_views.enrol, name="enrol"),
    path("public/childcare/", enrol_views.classes, name="classes"),
    path("public/wishes/", enrol_views.wishes, name="wishes"),
    path("public/wishes/<int:programme>/", enrol_views.wish, name="wish"),
    path("services/<shape:shape>/<uuid:pk>/reporter/", views.reporter, name="reporter"),
    path("services/<shape:shape>/<uuid:pk>/bearer/", views.bearer, name="bearer"),
]
