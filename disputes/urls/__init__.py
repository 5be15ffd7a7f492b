from . import cases, desk, law, papers, steps

app_name = "disputes"

urlpatterns = [*cases.urlpatterns, *steps.urlpatterns, *desk.urlpatterns, *law.urlpatterns, *papers.urlpatterns]
