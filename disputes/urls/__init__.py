from . import cases, desk, law, outside, steps

app_name = "disputes"

urlpatterns = [*cases.urlpatterns, *steps.urlpatterns, *desk.urlpatterns, *law.urlpatterns, *outside.urlpatterns]
