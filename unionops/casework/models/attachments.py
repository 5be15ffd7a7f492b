from django.db import models
from django.utils.translation import gettext_lazy as _
from uuid6 import uuid7

from unionops.org.models import Organisation, User


class Attachment(models.Model):
    """A file of a case. The stored name is random and outside the web root; the given name is only shown."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    # PROTECT: evidence.
    district = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=30)
    case_id = models.UUIDField()
    name = models.CharField(_("文件名"), max_length=150)
    content_type = models.CharField(_("类型"), max_length=100)
    size = models.PositiveIntegerField(_("大小"))
    sha256 = models.CharField(max_length=64)
    stored_as = models.CharField(max_length=80, unique=True)
    thumbnail_as = models.CharField(max_length=80, blank=True)
    caption = models.CharField(_("说明"), max_length=60, blank=True)
    uploaded_by = models.ForeignKey(User, models.PROTECT, verbose_name=_("上传人"), related_name="+")
    uploaded_at = models.DateTimeField(_("上传时间"))
    removed_at = models.DateTimeField(_("移除时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("材料")
        ordering = ["uploaded_at", "id"]
        indexes = [models.Index(fields=["kind", "case_id"], name="attachment_of_case")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_image(self) -> bool:
        return self.content_type.startswith("image/")
