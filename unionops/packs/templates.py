"""The Word templates of an office: downloaded, changed in Word, uploaded; every version kept, the standard one never lost."""

from __future__ import annotations

import hashlib
from pathlib import Path

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from unionops.casework import attachments
from unionops.china.names import clean_text
from unionops.org.enums import Role
from unionops.org.errors import InvalidTransition, NotAllowed
from unionops.org.events import record_event
from unionops.org.models import Organisation, User

from . import office
from .making import TEMPLATE, figure_codes
from .models import OfficeTemplate
from .office import MOST_BYTES, BadTemplate
from .registry import Pack


def district_of(user: User) -> Organisation:
    for role, organisation in sorted(user.scope.posts):
        if role == Role.ADMIN:
            return Organisation.objects.get(pk=organisation)
    raise NotAllowed(_("文书模板由系统管理员维护。"))


def upload(pack: Pack, file: UploadedFile, *, by: User) -> OfficeTemplate:
    """Check, keep and use a template; what was in use before stays as an older version."""
    district = district_of(by)
    if (file.size or 0) > MOST_BYTES:
        raise BadTemplate(_("模板超过 5 MB。请压缩里面的图片后再上传。"), field="file")
    data = file.read()
    office.check_template(data, sections=pack.sections, figures=figure_codes())
    stored = attachments.store(data, TEMPLATE)
    try:
        with transaction.atomic():
            return _keep(pack, district, file, data, stored, by)
    except BaseException:
        attachments.discard(stored)
        raise


def _keep(pack: Pack, district: Organisation, file: UploadedFile, data: bytes, stored: str, by: User) -> OfficeTemplate:
    versions = _versions(pack, district)
    number = (versions.aggregate(last=Max("version"))["last"] or 0) + 1
    versions.filter(in_use=True).update(in_use=False)
    kept = OfficeTemplate.objects.create(
        district=district, pack=pack.code, version=number, file_name=clean_text(Path(file.name or "").name)[:150] or "template.docx",
        stored_as=stored, size=len(data), sha256=hashlib.sha256(data).hexdigest(), uploaded_by=by, uploaded_at=timezone.now(),
    )  # fmt: skip
    record_event(kept, "create", by=by, data={"name": f"{pack.title} {kept.file_name}", "version": number})
    return kept


def _versions(pack: Pack, district: Organisation) -> QuerySet[OfficeTemplate]:
    # The district's row is the lock: two uploads at once become two versions.
    Organisation.objects.select_for_update(no_key=True).get(pk=district.pk)
    return OfficeTemplate.objects.filter(district=district, pack=pack.code)


@transaction.atomic
def use(template: OfficeTemplate, *, by: User) -> None:
    """Go back to an older version of the office's own."""
    if template.district_id != district_of(by).pk:
        raise NotAllowed(_("这个模板属于别的区。"))
    Organisation.objects.select_for_update(no_key=True).get(pk=template.district_id)
    OfficeTemplate.objects.filter(district=template.district_id, pack=template.pack, in_use=True).update(in_use=False)
    template.in_use = True
    template.save(update_fields=["in_use"])
    record_event(template, "reopen", by=by, data={"name": template.file_name, "version": template.version})


@transaction.atomic
def use_standard(pack: Pack, *, by: User) -> None:
    """Go back to the standard template; the office's versions stay."""
    district = district_of(by)
    used = _versions(pack, district).filter(in_use=True).first()
    if used is None:
        raise InvalidTransition(_("现在用的就是标准模板。"))
    used.in_use = False
    used.save(update_fields=["in_use"])
    record_event(used, "close", by=by, data={"name": used.file_name, "version": used.version})
