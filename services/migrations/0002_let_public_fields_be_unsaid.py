import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    """None is what the shape usually tells; an empty list is nothing."""

    dependencies = [("services", "0001_initial")]

    operations = [
        migrations.AlterField(
            "programme",
            "public_fields",
            django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=50), blank=True, default=None, null=True, size=None,
                verbose_name="公开的内容",
            ),
        ),
    ]  # fmt: skip
