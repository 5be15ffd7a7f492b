from django.urls import URLPattern, path

from .views import boards, closed, rows, summary

app_name = "insight"
urlpatterns: list[URLPattern] = [
    path("insight/", boards.board, name="board"),
    path("insight/rows/", rows.rows, name="rows"),
    path("insight/summary/", summary.summary, name="summary"),
    path("insight/closed/", closed.closed, name="closed"),
    path("insight/closed/<str:code>/", closed.closed_period, name="closed_period"),
]
