from django.urls import URLPattern, path

from .views import downloads, templates

app_name = "packs"
urlpatterns: list[URLPattern] = [
    path("meetings/downloads/", downloads.downloads, name="downloads"),
    path("meetings/downloads/<uuid:pk>/", downloads.download, name="download"),
    path("meetings/downloads/<uuid:pk>/progress/", downloads.progress, name="progress"),
    path("meetings/downloads/<uuid:pk>/file/", downloads.file, name="file"),
    path("meetings/downloads/<uuid:pk>/cancel/", downloads.cancel, name="cancel"),
    path("meetings/downloads/<uuid:pk>/again/", downloads.again, name="again"),
    path("meetings/downloads/<uuid:pk>/also/", downloads.also, name="also"),
    path("meetings/downloads/<uuid:pk>/discard/", downloads.discard, name="discard"),
    path("meetings/packs/<slug:code>/new/", downloads.new, name="new"),
    path("settings/office-templates/", templates.templates, name="templates"),
    path("settings/office-templates/<slug:code>/", templates.template, name="template"),
    path("settings/office-templates/<slug:code>/standard.docx", templates.standard_file, name="standard_file"),
    path("settings/office-templates/<slug:code>/<int:version>.docx", templates.version_file, name="version_file"),
    path("settings/office-templates/<slug:code>/<int:version>/use/", templates.use, name="use"),
    path("settings/office-templates/<slug:code>/standard/", templates.use_standard, name="use_standard"),
]
