from django.urls import URLPattern, path

from ..views import papers

# Under a word of their own: the steps of a case take every name behind its number.
urlpatterns: list[URLPattern] = [path("disputes/papers/<uuid:pk>/", papers.papers, name="papers")]
