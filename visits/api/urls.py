from django.urls import path
from django.utils.translation import gettext_lazy as _

from ..enums import TRANSITIONS
from . import forms, views

urlpatterns = [
    path("visits/", views.VisitList.as_view(), name="visits"),
    path("visits/<uuid:pk>/", views.VisitDetail.as_view(), name="visit"),
    path(
        "visits/<uuid:pk>/do/return_back/",
        views.VisitReturn.as_view(verb="return_back", form=forms.VisitReturnForm, label=_("退回补正")),
        name="visit_do_return_back",
    ),
    path("visits/<uuid:pk>/attachments/", views.FilesOfVisit.as_view(), name="visit_attachments"),
    path("visits/<uuid:pk>/attachments/<uuid:file>/remove/", views.FilesOfVisit.removal(), name="visit_file_remove"),
    path("issues/", views.IssueList.as_view(), name="issues"),
    path("issues/<uuid:pk>/", views.IssueDetail.as_view(), name="issue"),
    path("issues/<uuid:pk>/timeline/", views.IssueTimeline.as_view(), name="issue_timeline"),
    path("issues/<uuid:pk>/attachments/", views.FilesOfIssue.as_view(), name="issue_attachments"),
    path("issues/<uuid:pk>/attachments/<uuid:file>/remove/", views.FilesOfIssue.removal(), name="issue_file_remove"),
    *(
        path(
            f"issues/<uuid:pk>/transitions/{verb}/",
            views.IssueStep.as_view(verb=str(verb), form=form, label=TRANSITIONS[verb].label),
            name=f"issue_step_{verb}",
        )
        for verb, form in forms.FORMS.items()
    ),
    *(
        path(
            f"issues/<uuid:pk>/do/{name}/",
            views.IssueCare.as_view(verb=name, form=care.form, label=care.label, looks=care.looks),
            name=f"issue_do_{name}",
        )
        for name, care in views.CARE.items()
    ),
    path("categories/", views.CategoryList.as_view(), name="categories"),
]
