"""Files of a case: checked by content, images re-encoded, stored under a random name outside the web root."""

from __future__ import annotations

import hashlib
import io
import os
import secrets
import warnings
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING

import filetype
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from unionops.china.names import clean_text
from unionops.org.errors import ActionError
from unionops.org.events import kind_of, record_event

from .models import Attachment

if TYPE_CHECKING:
    from unionops.org.models import User

MIB = 1024 * 1024
MOST_BYTES = 20 * MIB
MOST_PIXELS = 60_000_000
THUMBNAIL = (320, 320)
LONGEST_SIDE = 2560

OFFICE = "application/vnd.openxmlformats-officedocument"
# Extension -> content types that its bytes may show. Whatever is not here is refused.
ALLOWED = {
    "jpg": {"image/jpeg"},
    "jpeg": {"image/jpeg"},
    "png": {"image/png"},
    "webp": {"image/webp"},
    "pdf": {"application/pdf"},
    "docx": {f"{OFFICE}.wordprocessingml.document", "application/zip"},
    "xlsx": {f"{OFFICE}.spreadsheetml.sheet", "application/zip"},
    "doc": {"application/msword", "application/x-ole-storage"},
    "xls": {"application/vnd.ms-excel", "application/x-ole-storage"},
    "txt": {"text/plain"},
    "csv": {"text/plain"},
    "mp3": {"audio/mpeg"},
    "m4a": {"audio/mp4", "audio/x-m4a", "video/mp4"},
}
# Each is drawn anew.
PICTURES = {"jpg", "jpeg", "png", "webp"}
# Photos that cannot be drawn anew would be kept with the place where they were taken, and few browsers show them. A telephone
# makes a JPEG of them by itself where a form does not ask for them by name.
UNDRAWN = {"heic", "heif", "avif", "dng"}


class BadFile(ActionError):
    """The file is too large, of a kind that is not accepted, or not what its name says."""


def extension_of(name: str) -> str:
    return Path(name).suffix.lower().lstrip(".")


def check_file(upload: UploadedFile, accepted: Collection[str] = tuple(ALLOWED)) -> str:
    """Return the extension of a file that may be kept; raise BadFile with the reason otherwise."""
    name = clean_text(upload.name or "")
    if not upload.size:
        raise BadFile(_("“%(name)s”是空文件，请重新选择。") % {"name": name}, field="files")
    if upload.size > MOST_BYTES:
        raise BadFile(
            _("“%(name)s”有 %(size)d MB，超过 20 MB 的上限。") % {"name": name, "size": upload.size // MIB},
            field="files",
        )
    extension = extension_of(name)
    if extension in UNDRAWN:
        raise BadFile(
            _(
                "“%(name)s”是 .%(extension)s 照片，这里存不了。请在手机相机的设置里改成 JPG（兼容性最佳）再拍，或截图后再传。"
            )
            % {"name": name, "extension": extension},
            field="files",
        )
    if extension not in ALLOWED:
        raise BadFile(
            _("不接受 .%(extension)s 文件。可以上传照片、PDF、Word、Excel、文本和录音。") % {"extension": extension},
            field="files",
        )
    if extension not in accepted:
        raise BadFile(_("“%(name)s”不是照片。这里只收照片，其他材料在诉求页面上传。") % {"name": name}, field="files")
    upload.seek(0)
    head = upload.read(8192)
    upload.seek(0)
    if _content_type(head) not in ALLOWED[extension]:
        raise BadFile(_("“%(name)s”的内容和扩展名不符。") % {"name": name}, field="files")
    return extension


def _content_type(head: bytes) -> str:
    kind = filetype.guess(head)
    if kind is not None:
        return str(kind.mime)
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        return "application/x-ole-storage"
    text = head.lstrip(b"\xef\xbb\xbf")
    if b"\0" in text or text.lstrip()[:1] == b"<":
        return ""
    return "text/plain"


def re_encode(data: IO[bytes]) -> tuple[bytes, bytes, str]:
    """Return (image, thumbnail, content type) drawn anew: no place, no camera, nothing hidden behind the picture."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            with Image.open(data) as source:
                if source.width * source.height > MOST_PIXELS:
                    raise BadFile(_("图片太大，请缩小后再传。"), field="files")
                picture = ImageOps.exif_transpose(source)
                keep_png = source.format == "PNG"
                picture = picture.convert("RGBA" if keep_png and "A" in picture.getbands() else "RGB")
        except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
            raise BadFile(_("这张图片打不开，可能已损坏。"), field="files") from error
        except Image.DecompressionBombWarning as error:
            raise BadFile(_("图片太大，请缩小后再传。"), field="files") from error
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    form = "PNG" if keep_png else "JPEG"
    small = picture.copy()
    small.thumbnail(THUMBNAIL)
    return _encoded(picture, form), _encoded(small, form), f"image/{form.lower()}"


def _encoded(picture: Image.Image, form: str) -> bytes:
    out = io.BytesIO()
    picture.save(out, form, quality=85, optimize=True)
    return out.getvalue()


def store_path(name: str) -> Path:
    return Path(settings.UNIONOPS_FILES) / name[:2] / name


def store(data: bytes, suffix: str) -> str:
    """Write bytes whole or not at all, readable only by the server; return the random name."""
    name = f"{secrets.token_hex(20)}.{suffix}"
    path = store_path(name)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = path.with_suffix(".part")
    try:
        with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        part.rename(path)
    except OSError:
        part.unlink(missing_ok=True)
        raise
    return name


def discard(name: str) -> None:
    store_path(name).unlink(missing_ok=True)


@dataclass(frozen=True)
class Prepared:
    """A file that has been checked, drawn anew and stored, and belongs to no case yet."""

    name: str
    content_type: str
    size: int
    sha256: str
    stored_as: str
    thumbnail_as: str


def prepare(upload: UploadedFile) -> Prepared:
    """Do the slow part, before the locks of a transaction; what is not kept afterwards is let go."""
    extension = check_file(upload)
    thumbnail = ""
    if extension in PICTURES:
        data, small, content_type = re_encode(upload)
        extension = content_type.removeprefix("image/").replace("jpeg", "jpg")
        thumbnail = store(small, extension)
    else:
        data = upload.read()
        content_type = _content_type(data[:8192])
    return Prepared(
        name=clean_text(Path(upload.name or "").name)[:150] or _("未命名"),
        content_type=content_type,
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        stored_as=store(data, extension),
        thumbnail_as=thumbnail,
    )


@transaction.atomic
def keep(case: models.Model, file: Prepared, *, by: User, caption: str = "") -> Attachment:
    attachment = Attachment.objects.create(
        district_id=case.district_id,  # type: ignore[attr-defined]
        kind=kind_of(case),
        case_id=case.pk,
        name=file.name,
        content_type=file.content_type,
        size=file.size,
        sha256=file.sha256,
        stored_as=file.stored_as,
        thumbnail_as=file.thumbnail_as,
        caption=caption[:60],
        uploaded_by=by,
        uploaded_at=timezone.now(),
    )
    record_event(case, "attach", by=by, data={"name": name_in_log(case, attachment), "attachment": attachment.pk})
    return attachment


def name_in_log(case: models.Model, attachment: Attachment) -> str:
    """What the log calls a file: of a thing that fewer may read than the log, only what kind of thing it belongs to."""
    return str(case._meta.verbose_name) if getattr(case, "FILES_UNNAMED", False) else attachment.name


def let_go(files: Collection[Prepared]) -> None:
    """Remove the bytes of what no case has kept."""
    if not files:
        return
    kept = set(
        Attachment.objects.filter(stored_as__in=[file.stored_as for file in files]).values_list("stored_as", flat=True)
    )
    for file in files:
        if file.stored_as not in kept:
            for name in filter(None, (file.stored_as, file.thumbnail_as)):
                discard(name)


def attach(case: models.Model, upload: UploadedFile, *, by: User, caption: str = "") -> Attachment:
    return keep(case, prepare(upload), by=by, caption=caption)


def attachments_of(case: models.Model) -> models.QuerySet[Attachment]:
    return Attachment.objects.filter(kind=kind_of(case), case_id=case.pk, removed_at=None)


@transaction.atomic
def remove(case: models.Model, attachment: Attachment, *, by: User, reason: str) -> None:
    """Take a file off the case; the bytes stay for the log's sake until the retention job ends them."""
    attachment.removed_at = timezone.now()
    attachment.save(update_fields=["removed_at"])
    data = {"name": name_in_log(case, attachment), "attachment": attachment.pk, "reason": reason}
    record_event(case, "detach", by=by, data=data)
