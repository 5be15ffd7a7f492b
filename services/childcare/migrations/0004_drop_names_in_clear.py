from django.db import migrations, models


class Migration(migrations.Migration):
    """The columns in clear go; taken back, they are empty until 0003 is taken back too."""

    dependencies = [("childcare", "0003_seal_persons")]

    operations = [
        # Without a default the columns could not come back.
        migrations.AlterField("guardian", "name", models.CharField(default="", max_length=50, verbose_name="姓名")),
        migrations.AlterField("pickup", "name", models.CharField(default="", max_length=50, verbose_name="姓名")),
        migrations.AlterField(
            "pickup", "card_tail", models.CharField(blank=True, default="", max_length=4, verbose_name="身份证后四位")
        ),
        migrations.RemoveField("guardian", "name"),
        migrations.RemoveField("pickup", "name"),
        migrations.RemoveField("pickup", "card_tail"),
    ]
