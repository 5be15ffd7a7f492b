from . import cases, desk, law, outside, papers, steps

app_name = "disputes"

urlpatterns = [
    *cases.urlpatterns,
    *steps.urlpatterns,
    *desk.urlpatterns,
    *law.urlpatterns,
    *papers.urlpatterns,
    *outside.urlpatterns,
]
