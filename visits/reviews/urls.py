from django.urls import URLPattern, path

from .views import appraisal, publication, reviews, scoring, submissions

app_name = "reviews"
BASE = "meetings/reviews/"
urlpatterns: list[URLPattern] = [
    path(BASE, reviews.reviews, name="reviews"),
    path(f"{BASE}new/", reviews.make, name="make"),
    path(f"{BASE}submissions/", submissions.mine, name="mine"),
    path(f"{BASE}submissions/<uuid:pk>/", submissions.submission, name="submission"),
    path(f"{BASE}submissions/<uuid:pk>/edit/", submissions.edit, name="submission_edit"),
    path(f"{BASE}submissions/<uuid:pk>/do/<slug:verb>/", submissions.step, name="submission_step"),
    path(f"{BASE}submissions/<uuid:pk>/pictures/", submissions.add_pictures, name="picture_add"),
    path(f"{BASE}submissions/<uuid:pk>/pictures/<uuid:file>/remove/", submissions.remove_one, name="picture_remove"),
    path(f"{BASE}submissions/<uuid:pk>/reviewers/", scoring.reviewers, name="reviewers"),
    path(f"{BASE}scoring/", scoring.scoring, name="scoring"),
    path(f"{BASE}scoring/<uuid:pk>/", scoring.score, name="score"),
    path(f"{BASE}scoring/<uuid:pk>/decline/", scoring.decline_one, name="decline"),
    path(f"{BASE}scoring/<uuid:pk>/replace/", scoring.replace, name="replace"),
    path(f"{BASE}scoring/<uuid:pk>/pictures/<int:number>/", scoring.picture, name="blind_picture"),
    path(f"{BASE}objections/<int:pk>/", publication.answer, name="answer"),
    path(f"{BASE}<uuid:pk>/", reviews.review, name="review"),
    path(f"{BASE}<uuid:pk>/do/<slug:verb>/", reviews.step, name="step"),
    path(f"{BASE}<uuid:pk>/scheme/<slug:kind>/", appraisal.scheme, name="scheme"),
    path(f"{BASE}<uuid:pk>/scheme/<slug:kind>/edit/", appraisal.scheme_edit, name="scheme_edit"),
    path(f"{BASE}<uuid:pk>/appraisal/<slug:kind>/", appraisal.appraisal, name="appraisal"),
    path(f"{BASE}<uuid:pk>/subjects/<int:subject>/", appraisal.subject, name="subject"),
    path(f"{BASE}<uuid:pk>/subjects/<int:subject>/<int:criterion>/", appraisal.score, name="score_subject"),
    path(f"{BASE}<uuid:pk>/submissions/", scoring.papers, name="papers"),
    path(f"{BASE}<uuid:pk>/submissions/new/", submissions.new, name="submission_new"),
    path(f"{BASE}<uuid:pk>/panel/", scoring.panel, name="panel"),
    path(f"{BASE}<uuid:pk>/draw/", scoring.draw_all, name="draw"),
    path(f"{BASE}<uuid:pk>/publication/", publication.publication, name="publication"),
    path(f"{BASE}<uuid:pk>/publication/print/", publication.print_all, name="print"),
    path(f"{BASE}<uuid:pk>/object/", publication.object_to, name="object"),
]
