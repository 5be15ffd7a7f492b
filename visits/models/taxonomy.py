from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from unionops.org.models import Organisation, Seen


class Category(Seen, models.Model):
    """Two levels of what an issue is about (domain 2.5)."""

    SEEN = ("name", "name_en", "position", "is_active")

    # PROTECT both levels: issues point here; a category ends by `is_active`.
    parent = models.ForeignKey(
        "self", models.PROTECT, verbose_name=_("一级类别"), null=True, blank=True, related_name="children"
    )
    code = models.CharField(_("代码"), max_length=20, unique=True)
    name = models.CharField(_("名称"), max_length=30)
    name_en = models.CharField(_("英文名称"), max_length=60, blank=True)
    position = models.PositiveSmallIntegerField(_("顺序"), default=0)
    is_active = models.BooleanField(_("使用中"), default=True)

    class Meta:
        verbose_name = _("问题类别")
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The name in the language of the reader; a category without an English name keeps its own."""
        return (get_language() == "en" and self.name_en) or self.name

    @property
    def path_label(self) -> str:
        """Both levels; ``parent`` is read."""
        return f"{self.parent.label}·{self.label}" if self.parent else self.label


class Route(models.Model):
    """Which department answers for a category; the most special row wins (town before district, second level first)."""

    district = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    category = models.ForeignKey(Category, models.CASCADE, verbose_name=_("类别"), related_name="routes")
    town = models.ForeignKey(
        Organisation, models.CASCADE, verbose_name=_("镇街"), null=True, blank=True, related_name="+"
    )
    department = models.ForeignKey(Organisation, models.PROTECT, verbose_name=_("科室"), related_name="+")

    class Meta:
        verbose_name = _("分派规则")
        ordering = ["category__position", "town__path", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["district", "category", "town"],
                nulls_distinct=False,
                name="route_once",
                violation_error_message=_("这个类别在这个范围已有分派规则。"),
            )
        ]
