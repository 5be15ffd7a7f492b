"""The weeks of the officers, counted a week of a district at a time: each visit is read once, however many officers there are."""

from importlib import import_module

from django.db import migrations

# Of several postings at once the oldest carries the week. What is asked of the monday narrows the series before anything
# else is read, and a week is one statement for all its officers.
VIEW = """
CREATE OR REPLACE VIEW visits_officerweek AS
SELECT o.user_id || '-' || d.district_id || '-' || to_char(w.monday, 'YYYYMMDD') AS id,
       d.district_id, o.town_id, o.user_id AS officer_id,
       w.monday, w.monday + 3 AS thursday, w.monday + 6 AS sunday,
       o.duty_days, u.weekly_quota AS quota, o.visits
FROM (
    SELECT r.district_id, min(p.valid_from) AS first, max(COALESCE(p.valid_to, 'infinity'::date)) AS last
    FROM org_posting p JOIN org_organisation r ON r.id = p.organisation_id
    WHERE p.role = 'liaison' AND r.district_id IS NOT NULL GROUP BY r.district_id
) d
CROSS JOIN LATERAL (
    SELECT s::date AS monday FROM generate_series(
        date_trunc('week', d.first::timestamp),
        LEAST(d.last, (now() AT TIME ZONE 'Asia/Shanghai')::date)::timestamp, interval '7 days') s
) w
CROSS JOIN LATERAL (
    SELECT posted.user_id, posted.town_id, posted.duty_days, COALESCE(made.visits, 0) AS visits
    FROM (
        SELECT p.user_id, (array_agg(p.organisation_id ORDER BY p.valid_from, p.id))[1] AS town_id,
               (count(DISTINCT g.day) - count(DISTINCT g.day) FILTER (WHERE l.id IS NOT NULL))::int AS duty_days
        FROM org_posting p
        JOIN org_organisation r ON r.id = p.organisation_id AND r.district_id = d.district_id
        LEFT JOIN (
            SELECT w.monday + n AS day FROM generate_series(0, 6) n
            LEFT JOIN china_calendarday c ON c.date = w.monday + n WHERE COALESCE(c.is_workday, n < 5)
        ) g ON g.day >= p.valid_from AND (p.valid_to IS NULL OR p.valid_to >= g.day)
        LEFT JOIN (SELECT * FROM org_leave WHERE starts_on <= w.monday + 6 AND ends_on >= w.monday) l
            ON l.user_id = p.user_id AND l.starts_on <= g.day AND l.ends_on >= g.day
        WHERE p.role = 'liaison' AND p.valid_from <= w.monday + 6 AND (p.valid_to IS NULL OR p.valid_to >= w.monday)
        GROUP BY p.user_id
    ) posted
    LEFT JOIN (
        SELECT vo.user_id, count(*)::int AS visits
        FROM visits_visit v JOIN visits_visit_officers vo ON vo.visit_id = v.id
        WHERE v.district_id = d.district_id AND v.state <> 'returned'
          AND v.visited_on BETWEEN w.monday AND w.monday + 6
        GROUP BY vo.user_id
    ) made USING (user_id)
) o
JOIN org_user u ON u.id = o.user_id
"""
BEFORE = import_module("visits.migrations.0006_officer_week").VIEW.replace("CREATE VIEW", "CREATE OR REPLACE VIEW")


class Migration(migrations.Migration):
    dependencies = [
        ("visits", "0008_rollup_index"),
    ]

    operations = [
        migrations.RunSQL(VIEW, BEFORE),
    ]
