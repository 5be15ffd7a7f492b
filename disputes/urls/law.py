from django.urls import URLPattern, path

from ..views import law

# Under a word of their own: the steps of a case take every name behind its number.
urlpatterns: list[URLPattern] = [
    path("disputes/law/calculator/", law.calculator, name="calculator"),
    path("disputes/law/<uuid:pk>/clock/", law.clock, name="clock"),
    path("disputes/law/<uuid:pk>/clock/dates/", law.clock_dates, name="clock_dates"),
    path("disputes/law/<uuid:pk>/clock/<int:event>/prove/", law.prove, name="prove"),
    path("disputes/law/<uuid:pk>/elements/", law.elements_page, name="elements"),
    path("disputes/law/<uuid:pk>/elements/take-over/", law.take_over, name="take_over"),
    path("disputes/law/<uuid:pk>/elements/<int:position>/drop/", law.claim_drop, name="claim_drop"),
    path("disputes/law/<uuid:pk>/elements/<slug:kind>/", law.claim, name="claim"),
]
