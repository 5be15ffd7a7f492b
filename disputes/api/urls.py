from django.urls import path

from ..enums import CONFIRMATION_TRANSITIONS, SHARE_TRANSITIONS, TRANSITIONS
from . import forms, letters, views

urlpatterns = [
    path("disputes/", views.DisputeList.as_view(), name="disputes"),
    path("disputes/<uuid:pk>/", views.DisputeDetail.as_view(), name="dispute"),
    path("disputes/<uuid:pk>/timeline/", views.DisputeTimeline.as_view(), name="dispute_timeline"),
    path("disputes/<uuid:pk>/attachments/", views.FilesOfDispute.as_view(), name="dispute_attachments"),
    path(
        "disputes/<uuid:pk>/attachments/<uuid:file>/remove/", views.FilesOfDispute.removal(), name="dispute_file_remove"
    ),
    *(
        path(
            f"disputes/<uuid:pk>/transitions/{verb}/",
            views.DisputeStep.as_view(verb=str(verb), form=form, label=TRANSITIONS[verb].label),
            name=f"dispute_step_{verb}",
        )
        for verb, form in forms.FORMS.items()
    ),
    *(
        path(
            f"disputes/<uuid:pk>/do/{name}/",
            views.DisputeCare.as_view(verb=name, form=care.form, label=care.label, looks=care.looks),
            name=f"dispute_do_{name}",
        )
        for name, care in views.CARE.items()
    ),
    path("disputes/<uuid:pk>/do/recuse/", views.StandBack.as_view(), name="dispute_do_recuse"),
    path("parties/", views.PartyList.as_view(), name="parties"),
    path("parties/<uuid:pk>/", views.PartyDetail.as_view(), name="party"),
    path("sessions/", views.SessionList.as_view(), name="sessions"),
    path("sessions/<uuid:pk>/", views.SessionDetail.as_view(), name="session"),
    path("agreements/", views.AgreementList.as_view(), name="agreements"),
    path("agreements/<uuid:pk>/", views.AgreementDetail.as_view(), name="agreement"),
    path("obligations/", views.ObligationList.as_view(), name="obligations"),
    path("obligations/<uuid:pk>/", views.ObligationDetail.as_view(), name="obligation"),
    path("confirmations/", views.ConfirmationList.as_view(), name="confirmations"),
    path("confirmations/<uuid:pk>/", views.ConfirmationDetail.as_view(), name="confirmation"),
    *(
        path(
            f"confirmations/<uuid:pk>/transitions/{verb}/",
            views.ConfirmationStep.as_view(verb=str(verb), form=form, label=CONFIRMATION_TRANSITIONS[verb].label),
            name=f"confirmation_step_{verb}",
        )
        for verb, form in forms.CONFIRMATION_FORMS.items()
    ),
    path("letters/", letters.LetterList.as_view(), name="letters"),
    path("letters/<int:pk>/", letters.LetterDetail.as_view(), name="letter"),
    *(
        path(
            f"letters/<int:pk>/transitions/{verb}/",
            letters.LetterStep.as_view(verb=str(verb), form=form, label=SHARE_TRANSITIONS[verb].label),
            name=f"letter_step_{verb}",
        )
        for verb, form in forms.LETTER_FORMS.items()
    ),
    path("appointments/", views.AppointmentList.as_view(), name="appointments"),
    path("appointments/<uuid:pk>/", views.AppointmentDetail.as_view(), name="appointment"),
    *(
        path(
            f"{resource}/<uuid:pk>/do/{name}/",
            view.as_view(verb=name, form=care.form, label=care.label),
            name=f"{resource}_do_{name}",
        )
        for resource, (view, acts) in views.PART_ACTS.items()
        for name, care in acts.items()
    ),
]
