from django.urls import path

from . import views

urlpatterns = [
    path("token/", views.TokenView.as_view(), name="token"),
    path("token/all/", views.AllTokens.as_view(), name="all_tokens"),
    path("me/", views.MeView.as_view(), name="me"),
    path("organisations/", views.OrganisationList.as_view(), name="organisations"),
    path("organisations/<int:pk>/", views.OrganisationDetail.as_view(), name="organisation"),
    path("enterprises/", views.EnterpriseList.as_view(), name="enterprises"),
    path("enterprises/<uuid:pk>/", views.EnterpriseDetail.as_view(), name="enterprise"),
    path("people/", views.PersonList.as_view(), name="people"),
    path("people/<uuid:pk>/", views.PersonDetail.as_view(), name="person"),
    path("postings/", views.PostingList.as_view(), name="postings"),
    path("postings/<int:pk>/", views.PostingDetail.as_view(), name="posting"),
]
