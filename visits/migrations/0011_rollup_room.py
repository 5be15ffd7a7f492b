"""Room in each page of the rollups: a row that is counted anew stays on its page, and no index has to be told."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("visits", "0010_returned_visits")]

    operations = [
        # Of pages that are full already it holds from the next rewrite on (VACUUM FULL); it takes no lock that readers feel.
        migrations.RunSQL(
            "ALTER TABLE visits_visitrollup SET (fillfactor = 90)", "ALTER TABLE visits_visitrollup RESET (fillfactor)"
        )
    ]
