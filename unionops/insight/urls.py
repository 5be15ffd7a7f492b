from django.urls import URLPattern, path

from .views import boards, closed, rows, summary, wall

app_name = "insight"
urlpatterns: list[URLPattern] = [
    path("insight/", boards.board, name="board"),
    path("insight/of/<slug:board>/", boards.whole, name="whole"),
    path("insight/town/<int:pk>/", boards.subject, {"of": "town"}, name="town"),
    path("insight/department/<int:pk>/", boards.subject, {"of": "department"}, name="department"),
    path("insight/cadre/<int:pk>/", boards.subject, {"of": "cadre"}, name="cadre"),
    path("insight/wall/", wall.wall, name="wall"),
    path("insight/views/", boards.save_view, name="save_view"),
    path("insight/views/<int:pk>/drop/", boards.drop_view, name="drop_view"),
    path("insight/rows/", rows.rows, name="rows"),
    path("insight/summary/", summary.summary, name="summary"),
    path("insight/closed/", closed.closed, name="closed"),
    path("insight/closed/<str:code>/", closed.closed_period, name="closed_period"),
]
