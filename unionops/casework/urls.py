from django.urls import URLPattern, path

from .views import files, finding, home, notices, offline, rules

app_name = "casework"
urlpatterns: list[URLPattern] = [
    path("", home.home, name="home"),
    path("todo/", home.todo, name="inbox"),
    path("notices/", notices.notices, name="notices"),
    path("notices/read/", notices.read_all, name="read_all"),
    path("notices/<int:pk>/", notices.notice, name="notice"),
    path("search/", finding.search, name="search"),
    path("files/<uuid:pk>/", files.file, name="file"),
    path("files/<uuid:pk>/small/", files.thumbnail, name="thumbnail"),
    path("settings/terms/", rules.terms, name="terms"),
    path("settings/terms/<int:pk>/", rules.term, name="term"),
    path("settings/calendar/", rules.calendar, name="calendar"),
    path("settings/calendar/day/", rules.calendar_day, name="calendar_day"),
    path("settings/calendar/<int:year>/", rules.calendar, name="calendar_year"),
    path("settings/calendar/<int:year>/announce/", rules.calendar_announce, name="calendar_announce"),
    path("sw.js", offline.service_worker, name="service_worker"),
]
