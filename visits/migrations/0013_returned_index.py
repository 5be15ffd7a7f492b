"""The inbox asks for the visits of one person that were sent back: few among very many."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("org", "0005_one_index_a_column"),
        ("visits", "0012_one_index_a_column"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name="visit",
            index=models.Index(condition=models.Q(("state", "returned")), fields=["officer"], name="visit_returned"),
        ),
    ]
