from django.urls import URLPattern, path

from .views import papers, reflections, sections, steps

app_name = "analyses"
urlpatterns: list[URLPattern] = [
    path("meetings/analyses/", papers.analyses, name="analyses"),
    path("meetings/analyses/prepare/", papers.prepare, name="prepare"),
    path("meetings/analyses/<uuid:pk>/", papers.analysis, name="analysis"),
    path("meetings/analyses/<uuid:pk>/print/", papers.analysis_print, name="analysis_print"),
    path("meetings/analyses/<uuid:pk>/refresh/", steps.refresh, name="refresh"),
    path("meetings/analyses/<uuid:pk>/parts/<slug:part>/", sections.section, name="section"),
    path("meetings/analyses/<uuid:pk>/parts/<slug:part>/reset/", sections.reset, name="reset"),
    path("meetings/analyses/<uuid:pk>/parts/<slug:part>/undo/", sections.undo, name="undo"),
    path("meetings/analyses/<uuid:pk>/<slug:verb>/", steps.step, name="step"),
    path("meetings/reflections/", reflections.reflections, name="reflections"),
    path("meetings/reflections/new/", reflections.reflection_new, name="reflection_new"),
    path("meetings/reflections/<uuid:pk>/", reflections.reflection, name="reflection"),
    path("meetings/reflections/<uuid:pk>/edit/", reflections.reflection_edit, name="reflection_edit"),
    path("meetings/reflections/<uuid:pk>/return/", reflections.reflection_return, name="reflection_return"),
]
