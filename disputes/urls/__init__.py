from . import cases, desk, law, steps

app_name = "disputes"

urlpatterns = [*cases.urlpatterns, *steps.urlpatterns, *desk.urlpatterns, *law.urlpatterns]
