from django.urls import URLPattern, path

from .views import care, exports, issue_page, issues, routing, steps

app_name = "visits"
urlpatterns: list[URLPattern] = [
    path("issues/", issues.issues, name="issues"),
    path("issues/export.xlsx", exports.export_issues, name="export_issues"),
    path("issues/new/", issues.register, name="register"),
    path("issues/bulk/", issues.bulk, name="bulk"),
    path("issues/views/", issues.save_view, name="save_view"),
    path("issues/views/<int:pk>/drop/", issues.drop_view, name="drop_view"),
    path("issues/<uuid:pk>/", issue_page.issue, name="issue"),
    path("issues/<uuid:pk>/print/", issue_page.issue_print, name="issue_print"),
    path("issues/<uuid:pk>/correct/", care.correct, name="correct"),
    path("issues/<uuid:pk>/watch/", care.watch, name="watch"),
    path("issues/<uuid:pk>/files/", care.upload, name="upload"),
    path("issues/<uuid:pk>/files/<uuid:file>/remove/", care.remove_file, name="remove_file"),
    path("issues/<uuid:pk>/reveal/<slug:name>/", care.reveal, name="reveal"),
    path("issues/<uuid:pk>/do/<slug:name>/", care.do, name="do"),
    path("issues/<uuid:pk>/settle/<slug:name>/<int:part>/", care.settle, name="settle"),
    path("issues/<uuid:pk>/<slug:verb>/", steps.step, name="step"),
    path("settings/categories/", routing.categories, name="categories"),
    path("settings/categories/new/", routing.category_edit, name="category_new"),
    path("settings/categories/<int:pk>/", routing.category_edit, name="category"),
    path("settings/routes/", routing.routes, name="routes"),
    path("settings/routes/<int:pk>/remove/", routing.route_remove, name="route_remove"),
]
