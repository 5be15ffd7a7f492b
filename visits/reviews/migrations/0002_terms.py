"""The comment period of a published review among the office's time limits."""

from django.db import migrations


def fill(apps, schema_editor):
    apps.get_model("casework", "Term").objects.get_or_create(
        code="review.comments",
        defaults={"name": "年评议公示", "unit": "working", "length": 5, "source": "公示不少于 5 个工作日"},
    )


class Migration(migrations.Migration):
    dependencies = [("reviews", "0001_initial"), ("casework", "0002_terms")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop, elidable=True)]
