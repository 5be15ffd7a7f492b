"""The one way in which words leave the append-only log: for a case whose deletion stands in retention_erasure.

The web and the workers may not change the log. This function may, as its owner, and only drops from the entries of such a case
what people typed. Numbers stay. Why somebody read a sealed value stays for three years (domain 5.5).
"""

from django.db import migrations

FORGET = """
CREATE FUNCTION retention_forget_events(asked_kind text, asked_case text) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    changed integer;
    guard text;
BEGIN
    IF NOT EXISTS (SELECT 1 FROM retention_erasure WHERE kind = asked_kind AND case_id::text = asked_case) THEN
        RAISE EXCEPTION 'the time of % % is not over', asked_kind, asked_case USING ERRCODE = 'check_violation';
    END IF;
    SELECT tgname INTO STRICT guard FROM pg_trigger WHERE tgrelid = 'org_event'::regclass AND tgname LIKE 'pgtrigger_event_protect_%';
    PERFORM set_config('pgtrigger.ignore', '{' || guard || '}', true);
    UPDATE org_event SET data = (
        SELECT coalesce(jsonb_object_agg(key, value), '{}'::jsonb) FROM jsonb_each(data)
        WHERE key IN ('version', 'amount', 'count', 'served', 'spent', 'seed', 'commitment', 'drawn', 'places', 'batch', 'files', 'people', 'due_on', 'field')
    ) || CASE WHEN data ? 'what' THEN jsonb_build_object('what', '内容到期，已删除') ELSE '{}'::jsonb END
    WHERE kind = asked_kind AND subject_id = asked_case
        AND (verb NOT LIKE '%.reveal' OR at < now() - interval '3 years');
    GET DIAGNOSTICS changed = ROW_COUNT;
    PERFORM set_config('pgtrigger.ignore', '{}', true);
    RETURN changed;
END;
$$
"""


class Migration(migrations.Migration):
    dependencies = [("retention", "0001_initial"), ("org", "0003_centre_and_partner_roles")]

    operations = [
        migrations.RunSQL(FORGET, "DROP FUNCTION retention_forget_events(text, text)"),
    ]
