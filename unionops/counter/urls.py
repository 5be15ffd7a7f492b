from django.urls import path

from .views import checking, home, links, telephone

app_name = "counter"

urlpatterns = [
    path("", home.home, name="home"),
    path("phone/", telephone.phone, name="phone"),
    path("code/", telephone.code, name="code"),
    path("stay/", telephone.stay, name="stay"),
    path("leave/", telephone.leave, name="leave"),
    path("check/", checking.check, name="check"),
    path("receipts/<slug:number>/", checking.receipt, name="receipt"),
    path("links/<slug:secret>/", links.link, name="link"),
    path("links/<slug:secret>/open/", links.opening, name="open"),
    path("links/<slug:secret>/answer/", links.answering, name="answer"),
]
