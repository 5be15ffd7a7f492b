from django.urls import URLPattern, path

from .views import agenda, decisions, groups, meetings, steps

app_name = "exchanges"
urlpatterns: list[URLPattern] = [
    path("meetings/", meetings.exchanges, name="exchanges"),
    path("meetings/call/", meetings.call, name="call"),
    path("meetings/groups/", groups.groups, name="groups"),
    path("meetings/groups/new/", groups.group_new, name="group_new"),
    path("meetings/groups/<int:pk>/", groups.group, name="group"),
    path("meetings/groups/<int:pk>/edit/", groups.group_edit, name="group_edit"),
    path("meetings/groups/<int:pk>/add/", groups.member_add, name="member_add"),
    path("meetings/groups/<int:pk>/members/<int:member>/end/", groups.member_end, name="member_end"),
    path("meetings/decisions/<uuid:pk>/", decisions.decision, name="decision"),
    path("meetings/decisions/<uuid:pk>/<slug:verb>/", steps.decision_step, name="decision_step"),
    path("meetings/<uuid:pk>/", meetings.exchange, name="exchange"),
    path("meetings/<uuid:pk>/print/", meetings.exchange_print, name="exchange_print"),
    path("meetings/<uuid:pk>/refresh/", agenda.refresh, name="refresh"),
    path("meetings/<uuid:pk>/arrange/", agenda.arrange, name="arrange"),
    path("meetings/<uuid:pk>/agenda/", agenda.agenda, name="agenda"),
    path("meetings/<uuid:pk>/items/new/", agenda.item_new, name="item_new"),
    path("meetings/<uuid:pk>/items/<int:item>/", agenda.item, name="item"),
    path("meetings/<uuid:pk>/minutes/", agenda.minutes, name="minutes"),
    path("meetings/<uuid:pk>/decide/", steps.decide, name="decide"),
    path("meetings/<uuid:pk>/<slug:verb>/", steps.step, name="step"),
]
