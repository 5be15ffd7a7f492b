"""A column with which another index begins needs none of its own: every row that is written pays for each of them."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("org", "0004_mark_pilots_of_the_reform"),
    ]

    operations = [
        migrations.AlterField(
            model_name="event",
            name="district",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="org.organisation",
                verbose_name="所属区",
            ),
        ),
    ]
