from django.db import migrations


class Migration(migrations.Migration):
    """Nothing read the list until now and every page told what is usual: so it stays, until an administrator chooses."""

    dependencies = [("services", "0002_let_public_fields_be_unsaid")]

    operations = [
        migrations.RunSQL(
            "UPDATE services_programme SET public_fields = NULL WHERE public_fields = '{}'",
            "UPDATE services_programme SET public_fields = '{}' WHERE public_fields IS NULL",
            elidable=True,
        ),
    ]
