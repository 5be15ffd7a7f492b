"""What a law sets is measured by the law itself: its rows leave the table that administrators edit."""

from django.db import migrations
from django.db.models import Q

OF_THE_LAW = (
    Q(code__startswith="dispute.mediate.")
    | Q(code__startswith="dispute.window.")
    | Q(code__in=["dispute.accept", "dispute.contact"])
)
KINDS = {
    "refused_talks": "negotiation_refused",
    "ended_talks": "negotiation_left",
    "talks_expired": "negotiation_expired",
    "refused_mediation": "mediation_refused",
    "left_mediation": "mediation_left",
    "suspended": "other",
}


def apply(apps, schema_editor):
    apps.get_model("casework", "Term").objects.filter(OF_THE_LAW).delete()
    events = apps.get_model("disputes", "LimitationEvent").objects
    for old, new in KINDS.items():
        events.filter(kind=old).update(kind=new)


class Migration(migrations.Migration):
    dependencies = [("disputes", "0002_terms")]
    operations = [migrations.RunPython(apply, migrations.RunPython.noop, elidable=True)]
