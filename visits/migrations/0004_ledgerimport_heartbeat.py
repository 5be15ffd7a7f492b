import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("visits", "0003_rollups"),
    ]

    operations = [
        migrations.AddField(
            model_name="ledgerimport",
            name="restarts",
            field=models.PositiveSmallIntegerField(default=0, editable=False),
        ),
        migrations.AddField(
            model_name="ledgerimport",
            name="touched_at",
            field=models.DateTimeField(default=django.utils.timezone.now, editable=False),
        ),
    ]
