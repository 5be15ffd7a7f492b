"""The weeks of the liaison officers, for the weekly quota (domain 2.8)."""

from django.conf import settings
from django.db import migrations, models

# One row for each officer and each week since the posting began, until this week. Of several postings at once the oldest
# carries the week, so that an officer with two towns has one week and not two.
VIEW = """
CREATE VIEW visits_officerweek AS
SELECT p.user_id || '-' || o.district_id || '-' || to_char(w.monday, 'YYYYMMDD') AS id,
       o.district_id, o.id AS town_id, p.user_id AS officer_id,
       w.monday, w.monday + 3 AS thursday, w.monday + 6 AS sunday,
       duty.days AS duty_days, u.weekly_quota AS quota, made.visits
FROM org_posting p
JOIN org_organisation o ON o.id = p.organisation_id AND o.district_id IS NOT NULL
JOIN org_user u ON u.id = p.user_id
CROSS JOIN LATERAL (
    SELECT s::date AS monday FROM generate_series(
        date_trunc('week', p.valid_from::timestamp),
        LEAST(COALESCE(p.valid_to, 'infinity'::date), (now() AT TIME ZONE 'Asia/Shanghai')::date)::timestamp,
        interval '7 days') s
) w
CROSS JOIN LATERAL (
    SELECT count(*)::int AS days FROM generate_series(w.monday::timestamp, (w.monday + 6)::timestamp, interval '1 day') g
    LEFT JOIN china_calendarday c ON c.date = g::date
    WHERE COALESCE(c.is_workday, extract(isodow FROM g) < 6)
      AND EXISTS (SELECT FROM org_posting q JOIN org_organisation r ON r.id = q.organisation_id
                  WHERE q.user_id = p.user_id AND q.role = 'liaison' AND r.district_id = o.district_id
                    AND q.valid_from <= g::date AND (q.valid_to IS NULL OR q.valid_to >= g::date))
      AND NOT EXISTS (SELECT FROM org_leave l
                      WHERE l.user_id = p.user_id AND l.starts_on <= g::date AND l.ends_on >= g::date)
) duty
CROSS JOIN LATERAL (
    SELECT count(*)::int AS visits FROM visits_visit_officers vo JOIN visits_visit v ON v.id = vo.visit_id
    WHERE vo.user_id = p.user_id AND v.district_id = o.district_id AND v.state <> 'returned'
      AND v.visited_on BETWEEN w.monday AND w.monday + 6
) made
WHERE p.role = 'liaison'
  AND NOT EXISTS (SELECT FROM org_posting e JOIN org_organisation r ON r.id = e.organisation_id
                  WHERE e.user_id = p.user_id AND e.role = 'liaison' AND r.district_id = o.district_id
                    AND e.valid_from <= w.monday + 6 AND (e.valid_to IS NULL OR e.valid_to >= w.monday)
                    AND (e.valid_from, e.id) < (p.valid_from, p.id))
"""


class Migration(migrations.Migration):
    dependencies = [
        ("visits", "0005_closed_indexes"),
        ("org", "0001_initial"),
        ("china", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunSQL(VIEW, "DROP VIEW visits_officerweek"),
        migrations.CreateModel(
            name="OfficerWeek",
            fields=[
                ("id", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("monday", models.DateField(verbose_name="周一")),
                ("thursday", models.DateField(verbose_name="周四")),
                ("sunday", models.DateField(verbose_name="周日")),
                ("duty_days", models.PositiveSmallIntegerField(verbose_name="在岗工作日")),
                ("quota", models.PositiveSmallIntegerField(verbose_name="每周走访家数")),
                ("visits", models.PositiveIntegerField(verbose_name="走访家数")),
            ],
            options={
                "verbose_name": "干部走访周",
                "db_table": "visits_officerweek",
                "ordering": ["-monday", "officer"],
                "managed": False,
            },
        ),
    ]
