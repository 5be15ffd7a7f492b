from django.urls import URLPattern, path

from .views import boards, rows

app_name = "insight"
urlpatterns: list[URLPattern] = [
    path("insight/", boards.board, name="board"),
    path("insight/rows/", rows.rows, name="rows"),
]
