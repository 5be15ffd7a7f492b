from django.urls import path

from . import views

urlpatterns = [
    path("deadlines/", views.DeadlineList.as_view(), name="deadlines"),
    path("deadlines/<int:pk>/", views.DeadlineDetail.as_view(), name="deadline"),
    path("inbox/", views.InboxView.as_view(), name="inbox"),
    path("attachments/<uuid:pk>/", views.AttachmentDetail.as_view(), name="attachment"),
    path("attachments/<uuid:pk>/content/", views.AttachmentContent.as_view(), name="attachment_content"),
    path("attachments/<uuid:pk>/small/", views.AttachmentContent.as_view(small=True), name="attachment_small"),
]
