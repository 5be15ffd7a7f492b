from django.db import migrations


class Migration(migrations.Migration):
    """Teams of activities have the same name: the log could not tell one from the other."""

    dependencies = [("orders", "0001_initial")]

    operations = [migrations.RenameModel(old_name="Team", new_name="Squad")]
