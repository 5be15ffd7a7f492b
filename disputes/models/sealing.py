"""The guard of a sealed file (domain 3.8): what it holds is not changed, whoever asks the database."""

from __future__ import annotations

import pgtrigger

# What is in a sealed file: the way from a row of the table to its case, and the columns whose change alters no paper.
_IN_FILE: dict[str, tuple[str, tuple[str, ...]]] = {
    # Merging two people or two firms of the directory moves these.
    "party": ("dispute_id = {row}.dispute_id", ("person_id", "enterprise_id")),
    "elements": ("dispute_id = {row}.dispute_id", ()),
    "session": ("dispute_id = {row}.dispute_id", ()),
    # That a side lets others know what it said changes nothing of it.
    "sessionnote": (
        "dispute_id = (SELECT dispute_id FROM disputes_session WHERE id = {row}.session_id)",
        ("released_at", "released_by_id"),
    ),
    "agreement": ("dispute_id = {row}.dispute_id", ()),
    "obligation": (
        "dispute_id = (SELECT dispute_id FROM disputes_agreement WHERE id = {row}.agreement_id)",
        (),
    ),
    # What comes in later is no part of it; what was in it stays.
    "attachment": ("dispute_id = {row}.case_id AND {row}.kind = 'dispute' AND f.sealed_at >= {row}.uploaded_at", ()),
}


def file_guard(table: str) -> pgtrigger.Trigger:
    """Refuse, in the database, a change of what a sealed file holds while its volume is the last one of the case."""
    way, free = _IN_FILE[table]

    def sealed(row: str) -> str:
        return (
            "EXISTS (SELECT FROM disputes_casefile f JOIN disputes_dispute d ON d.id = f.dispute_id AND d.volume = f.volume"
            f" WHERE f.{way.format(row=row)})"
        )

    same = "".join(f"OLD.{name} = NEW.{name}; " for name in free)
    operation = pgtrigger.Update | pgtrigger.Delete
    if table != "attachment":
        operation |= pgtrigger.Insert
    return pgtrigger.Trigger(
        name=f"{table}_of_open_file",
        when=pgtrigger.Before,
        operation=operation,
        func=f"""
        IF TG_OP = 'UPDATE' THEN
            {same}
            IF NEW IS NOT DISTINCT FROM OLD THEN
                RETURN NEW;
            END IF;
        END IF;
        IF TG_OP <> 'INSERT' THEN
            IF {sealed("OLD")} THEN
                RAISE EXCEPTION 'the file is sealed' USING ERRCODE = 'check_violation';
            END IF;
        END IF;
        IF TG_OP <> 'DELETE' THEN
            IF {sealed("NEW")} THEN
                RAISE EXCEPTION 'the file is sealed' USING ERRCODE = 'check_violation';
            END IF;
        END IF;
        RETURN coalesce(NEW, OLD);
        """,
    )
