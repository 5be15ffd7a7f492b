from django.urls import path

from . import views

urlpatterns = [
    path("token/", views.TokenView.as_view(), name="token"),
    path("token/all/", views.AllTokens.as_view(), name="all_tokens"),
    path("me/", views.MeView.as_view(), name="me"),
    path("organisations/", views.OrganisationList.as_view(), name="organisations"),
    path("organisations/<int:pk>/", views.OrganisationDetail.as_view(), name="organisation"),
    path("organisations/<int:pk>/close/", views.OrganisationClosing.as_view(), name="organisation_close"),
    path("enterprises/", views.EnterpriseList.as_view(), name="enterprises"),
    path("enterprises/<uuid:pk>/", views.EnterpriseDetail.as_view(), name="enterprise"),
    *(
        path(
            f"enterprises/<uuid:pk>/do/{name}/",
            views.EnterpriseAct.as_view(verb=name, form=deed.form, label=deed.label, looks=deed.looks),
            name=f"enterprise_do_{name}",
        )
        for name, deed in views.ENTERPRISE_DEEDS.items()
    ),
    path("enterprises/<uuid:pk>/contacts/<uuid:contact>/", views.ContactDetail.as_view(), name="contact"),
    path("people/", views.PersonList.as_view(), name="people"),
    path("people/<uuid:pk>/", views.PersonDetail.as_view(), name="person"),
    path("postings/", views.PostingList.as_view(), name="postings"),
    path("postings/<int:pk>/", views.PostingDetail.as_view(), name="posting"),
    path("postings/<int:pk>/end/", views.PostingEnd.as_view(), name="posting_end"),
]
