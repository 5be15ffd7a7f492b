"""Research results and suggestions: written by their authors, handed in, returned or withdrawn."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from unionops.casework.attachments import PICTURES, attach, attachments_of, check_file, remove
from unionops.casework.models import Attachment
from unionops.casework.moves import finish, lock, move
from unionops.casework.notices import notify, posted
from unionops.casework.numbering import spell, take_numbers
from unionops.org.enums import Role
from unionops.org.errors import ActionError
from unionops.org.models import Organisation, User

from ..enums import SubmissionVerb
from ..models import Author, Review, Submission
from ..permissions import check_edits, check_may_submit_to, check_submission

NUMBER_PREFIX = "Y"
MOST_FILES = 12
Now = datetime.datetime | None


@dataclass(frozen=True, kw_only=True)
class SubmissionDraft:
    kind: str
    title: str
    organisation: Organisation
    authors: Sequence[User] = ()
    other_authors: str = ""
    text: str = ""
    effect: str = ""


@transaction.atomic
def begin_submission(review: Review, draft: SubmissionDraft, *, by: User, now: Now = None) -> Submission:
    """Keep a first draft; nobody but its authors sees it."""
    now = now or timezone.now()
    row = lock(review)
    check_may_submit_to(by, row, timezone.localdate(now))
    _check_place(row, draft.organisation, by)
    year = timezone.localdate(now).year
    (number,) = take_numbers(row.district_id, NUMBER_PREFIX, year)
    found = Submission(
        district_id=row.district_id, review=row, number=spell(NUMBER_PREFIX, year, number), registered_at=now,
        state_since=now, holder_user=by, **_fields(draft),
    )  # fmt: skip
    found.save(force_insert=True)
    _set_authors(found, draft.authors, by)
    finish(found, "begin", by=by, now=now)
    return found


def _locked(submission: Submission, version: int | None = None) -> Submission:
    """The submission under its lock, and first the review, which must not leave «open» meanwhile."""
    review = lock(submission.review)
    row = lock(submission, version=version)
    row.review = review
    return row


def _fields(draft: SubmissionDraft) -> dict[str, object]:
    return {
        "kind": draft.kind, "title": draft.title.strip(), "organisation": draft.organisation, "text": draft.text.strip(),
        "effect": draft.effect.strip(), "other_authors": draft.other_authors.strip(),
    }  # fmt: skip


def _check_place(review: Review, organisation: Organisation, by: User) -> None:
    if organisation.pk not in {place for _role, place in by.scope.posts}:
        raise ActionError(_("请选自己任职的单位。"), field="organisation")


def _set_authors(submission: Submission, authors: Sequence[User], first: User) -> None:
    """The one who submits stands first."""
    wanted = [first, *(user for user in authors if user.pk != first.pk)]
    submission.authors.exclude(user__in=wanted).delete()
    present = dict(submission.authors.values_list("user", "pk"))
    for position, user in enumerate(wanted):
        if user.pk in present:
            Author.objects.filter(pk=present[user.pk]).update(position=position)
        else:
            Author.objects.create(submission=submission, user=user, position=position)


@transaction.atomic
def edit_submission(
    submission: Submission, draft: SubmissionDraft, *, by: User, version: int | None = None, now: Now = None
) -> Submission:
    row = _locked(submission, version)
    check_edits(by, row)
    first = row.authors.select_related("user").order_by("position", "pk").first()
    _check_place(row.review, draft.organisation, first.user if first else by)
    for name, value in _fields(draft).items():
        setattr(row, name, value)
    _set_authors(row, draft.authors, first.user if first else by)
    finish(row, "edit", by=by, now=now)
    return row


@transaction.atomic
def submit(submission: Submission, *, by: User, version: int | None = None, now: Now = None) -> Submission:
    now = now or timezone.now()
    row = _locked(submission, version)
    check_submission(by, row, SubmissionVerb.SUBMIT, timezone.localdate(now))
    if not row.text:
        raise ActionError(_("请写内容。"), field="text")
    before = move(row, SubmissionVerb.SUBMIT, now=now)
    row.submitted_at, row.return_reason, row.holder_user, row.holder_role = now, "", None, Role.CLERK
    finish(row, SubmissionVerb.SUBMIT, by=by, before=before, now=now)
    notify(row, SubmissionVerb.SUBMIT, by=by, to=posted(row.district_id, {Role.CLERK})[Role.CLERK], now=now)
    return row


@transaction.atomic
def return_back(
    submission: Submission, *, by: User, reason: str, version: int | None = None, now: Now = None
) -> Submission:
    now = now or timezone.now()
    row = _locked(submission, version)
    check_submission(by, row, SubmissionVerb.RETURN, timezone.localdate(now))
    if not reason.strip():
        raise ActionError(_("请写退回的理由，作者要知道改什么。"), field="reason")
    before = move(row, SubmissionVerb.RETURN, now=now)
    authors = list(row.authors.order_by("position", "pk").values_list("user", flat=True))
    row.return_reason, row.holder_role, row.holder_user_id = reason.strip(), "", authors[0]
    finish(row, SubmissionVerb.RETURN, by=by, before=before, now=now, reason=reason.strip())
    notify(row, SubmissionVerb.RETURN, by=by, to=authors, now=now)
    return row


@transaction.atomic
def withdraw(submission: Submission, *, by: User, version: int | None = None, now: Now = None) -> Submission:
    now = now or timezone.now()
    row = _locked(submission, version)
    check_submission(by, row, SubmissionVerb.WITHDRAW, timezone.localdate(now))
    before = move(row, SubmissionVerb.WITHDRAW, now=now)
    row.holder_user, row.holder_role = None, ""
    finish(row, SubmissionVerb.WITHDRAW, by=by, before=before, now=now)
    return row


STEPS: dict[str, Callable[..., Submission]] = {
    SubmissionVerb.SUBMIT: submit,
    SubmissionVerb.RETURN: return_back,
    SubmissionVerb.WITHDRAW: withdraw,
}


@transaction.atomic
def add_picture(submission: Submission, upload: UploadedFile, *, by: User) -> Attachment:
    """Pictures only: they are drawn anew, so that nothing behind them names their maker as an office file would."""
    row = _locked(submission)
    check_edits(by, row)
    if attachments_of(row).count() >= MOST_FILES:
        raise ActionError(_("最多 %(most)d 张图片。") % {"most": MOST_FILES}, field="files")
    check_file(upload, tuple(PICTURES))
    return attach(row, upload, by=by)


@transaction.atomic
def remove_picture(submission: Submission, attachment: Attachment, *, by: User) -> None:
    row = _locked(submission)
    check_edits(by, row)
    remove(row, attachment, by=by, reason="")
