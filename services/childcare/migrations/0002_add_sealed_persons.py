from django.db import migrations, models

_HASH = {"blank": True, "default": "", "editable": False, "max_length": 64}


def _columns(model, name, words, length):
    masked = models.CharField(blank=True, default="", editable=False, max_length=length, verbose_name=words)
    return [
        migrations.AddField(model, f"{name}_sealed", models.BinaryField(null=True)),
        migrations.AddField(model, f"{name}_hash", models.CharField(**_HASH)),
        migrations.AddField(model, f"{name}_masked", masked),
    ]


class Migration(migrations.Migration):
    """Room for the names of guardians and of whoever takes a child home, and for the last four of their cards."""

    dependencies = [("childcare", "0001_initial")]

    operations = [
        *_columns("guardian", "name", "姓名", 50),
        *_columns("pickup", "name", "姓名", 50),
        *_columns("pickup", "card", "身份证后四位", 4),
    ]
