from django.urls import URLPattern, path

from . import views

app_name = "claims"

urlpatterns: list[URLPattern] = [
    path("public/notices/", views.notices, name="notices"),
    path("public/notices/<int:programme>/", views.notice, name="notice"),
    path("services/payments/", views.batches, name="batches"),
    path("services/payments/new/<slug:code>/", views.make_batch, name="batch_new"),
    path("services/payments/<uuid:pk>/", views.batch, name="batch"),
    path("services/payments/<uuid:pk>/bank-list/", views.bank_list, name="bank_list"),
    path("services/payments/<uuid:pk>/roster.xlsx", views.roster, name="roster"),
    path("services/payments/<uuid:pk>/confirm/", views.confirm, name="confirm"),
    path("services/claim/<uuid:pk>/entries/<int:entry>/correct/", views.correct, name="correct"),
    path("services/claim/<uuid:pk>/objections/<uuid:objection>/contact/", views.contact, name="contact"),
]
