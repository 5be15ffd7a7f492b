from django.urls import URLPattern, path

from ..views import care, case_page, cases, intake

urlpatterns: list[URLPattern] = [
    path("disputes/", cases.disputes, name="disputes"),
    path("disputes/board/", cases.dispute_board, name="board"),
    path("disputes/export.xlsx", cases.export_disputes, name="export"),
    path("disputes/views/", cases.save_view, name="save_view"),
    path("disputes/views/<int:pk>/drop/", cases.drop_view, name="drop_view"),
    path("disputes/new/", intake.register, name="register"),
    path("disputes/from-issue/<uuid:pk>/", intake.from_issue, name="from_issue"),
    path("disputes/session/<uuid:pk>/", case_page.session_place, name="session"),
    path("disputes/confirmation/<uuid:pk>/", case_page.confirmation_place, name="confirmation"),
    path("disputes/party/<uuid:pk>/reveal/<slug:name>/", care.reveal_party, name="reveal"),
    path("disputes/agent/<uuid:pk>/reveal/<slug:name>/", care.reveal_agent, name="reveal_agent"),
    path("disputes/<uuid:pk>/", case_page.dispute, name="dispute"),
    path("disputes/<uuid:pk>/parties/", case_page.parties, name="parties"),
    path("disputes/<uuid:pk>/owed/", case_page.owed, name="owed"),
    path("disputes/<uuid:pk>/watch/", care.watch, name="watch"),
    path("disputes/<uuid:pk>/files/", care.upload, name="upload"),
    path("disputes/<uuid:pk>/files/<uuid:file>/remove/", care.remove_file, name="remove_file"),
]
