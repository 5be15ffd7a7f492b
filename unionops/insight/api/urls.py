from django.urls import path

from . import views

urlpatterns = [path("rollups/", views.Rollups.as_view(), name="rollups")]
