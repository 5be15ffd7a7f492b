from django.db import migrations

# As hours.half_hours_of has it.
FILL = """
    UPDATE places_place SET half_hours = ARRAY(
        SELECT DISTINCT half::smallint FROM unnest(week) span, generate_series(lower(span) / 30, (upper(span) - 1) / 30) half
        ORDER BY 1
    )
    WHERE NOT isempty(week)
"""


class Migration(migrations.Migration):
    """Places that were kept before the column was there."""

    dependencies = [("places", "0003_half_hours")]

    operations = [migrations.RunSQL(FILL, migrations.RunSQL.noop, elidable=True)]
