"""A column with which another index begins needs none of its own: every row that is written pays for each of them."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("org", "0005_one_index_a_column"),
        ("visits", "0011_rollup_room"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="issue",
            name="enterprise",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="issues",
                to="org.enterprise",
                verbose_name="单位",
            ),
        ),
        migrations.AlterField(
            model_name="issue",
            name="lead_department",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="org.organisation",
                verbose_name="主办科室",
            ),
        ),
        migrations.AlterField(
            model_name="issue",
            name="liaison",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="跟进人",
            ),
        ),
        migrations.AlterField(
            model_name="issue",
            name="town",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="org.organisation",
                verbose_name="镇街",
            ),
        ),
        migrations.AlterField(
            model_name="issue",
            name="visit",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="issues",
                to="visits.visit",
                verbose_name="走访",
            ),
        ),
        migrations.AlterField(
            model_name="visit",
            name="district",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="org.organisation",
                verbose_name="所属区",
            ),
        ),
        migrations.AlterField(
            model_name="visit",
            name="enterprise",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="visits",
                to="org.enterprise",
                verbose_name="企业",
            ),
        ),
        migrations.AlterField(
            model_name="visit",
            name="officer",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="驻联干部",
            ),
        ),
        migrations.AlterField(
            model_name="visit",
            name="submitted_by",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="提交人",
            ),
        ),
        migrations.AlterField(
            model_name="visit",
            name="town",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="org.organisation",
                verbose_name="镇街",
            ),
        ),
    ]
