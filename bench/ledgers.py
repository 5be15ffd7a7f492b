"""A ledger of 100,000 rows in and a list of 100,000 issues out: time against calamine's bare parse of the same file, and memory.

    python bench/ledgers.py [--rows 100000] [--times 3]

Limits (issue 2): read and write at most 3.5 times the bare parse, under 400 MB; an export under 100 MB.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

import ground
from ledger_file import write_ledger

IMPORT_RATIO = 3.5
IMPORT_MIB = 400
EXPORT_MIB = 100


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument("--only", choices=["import", "export"], default="")
    chosen = parser.parse_args()
    with ground.database(), tempfile.TemporaryDirectory() as folder:
        _district()
        path = Path(folder) / "走访及问题台账-2024.xlsx"
        ground.apart(__file__, "make", f"{path}:{chosen.rows}")
        bare = [ground.apart(__file__, "bare", str(path)) for _time in range(chosen.times)]
        # Each time into an empty ledger: the undo of one makes room for the next.
        imports = [
            ground.apart(__file__, "import", str(path)) for _time in range(chosen.times) if chosen.only != "export"
        ]
        exports = [ground.apart(__file__, "export", str(chosen.rows))] if chosen.only != "import" else []
    return _report(bare, imports, exports)


def _report(bare: list[dict[str, Any]], imports: list[dict[str, Any]], exports: list[dict[str, Any]]) -> int:
    parse = median(run["seconds"] for run in bare)
    figures: dict[str, Any] = {
        "rows": bare[0]["rows"],
        "bare_parse_seconds": round(parse, 2),
        "bare_parse_peak_mib": max(run["peak_mib"] for run in bare),
    }
    verdicts: dict[str, bool] = {}
    if imports:
        whole = median(run["seconds"] for run in imports) / parse
        peak = max(run["peak_mib"] for run in imports)
        figures |= {name: round(median(run[name] for run in imports), 2) for name in imports[0]}
        figures["read_ratio"] = round(figures["read_seconds"] / parse, 2)
        figures["import_ratio"] = round(whole, 2)
        verdicts[f"reading at most {IMPORT_RATIO}x the bare parse"] = figures["read_ratio"] <= IMPORT_RATIO
        verdicts[f"reading and writing at most {IMPORT_RATIO}x the bare parse"] = whole <= IMPORT_RATIO
        verdicts[f"import under {IMPORT_MIB} MB"] = peak < IMPORT_MIB
    if exports:
        figures["export"] = exports[0]
        verdicts[f"export grows by less than {EXPORT_MIB} MB"] = exports[0]["grown_mib"] < EXPORT_MIB
    print(json.dumps(figures, indent=1))
    for limit, is_kept in verdicts.items():
        print("kept  " if is_kept else "BROKEN", limit)
    return 0 if all(verdicts.values()) else 1


def _district() -> None:
    from django.db import transaction  # noqa: PLC0415

    from visits.demo.district import build_district  # noqa: PLC0415

    with transaction.atomic():
        build_district("unionops-demo", seed=1)


def _make(wanted: str) -> dict[str, Any]:
    ground.join_database()
    from unionops.org.models import Enterprise, User  # noqa: PLC0415

    firms = list(Enterprise.objects.order_by("pk").values_list("name", "credit_code", "town__name"))
    cadres = list(
        User.objects.filter(postings__role="liaison").distinct().order_by("pk").values_list("name", flat=True)
    )
    path, _colon, rows = wanted.rpartition(":")
    write_ledger(Path(path), int(rows), firms=firms, cadres=cadres)
    return {}


def _bare(path: str) -> dict[str, Any]:
    import python_calamine  # noqa: PLC0415

    began = time.perf_counter()
    book = python_calamine.CalamineWorkbook.from_path(path)
    rows = sum(1 for _row in book.get_sheet_by_index(0).iter_rows())
    return {"seconds": time.perf_counter() - began, "rows": rows, "peak_mib": ground.peak_mib()}


def _import(path: str) -> dict[str, Any]:
    ground.join_database()
    from django.utils import timezone  # noqa: PLC0415

    from unionops.org.models import Organisation, User  # noqa: PLC0415
    from visits.imports.records import beginning_of, new_record, read_ledger  # noqa: PLC0415
    from visits.imports.undoing import undo_import  # noqa: PLC0415
    from visits.imports.writing import write_reading  # noqa: PLC0415
    from visits.models import Issue, Visit  # noqa: PLC0415

    file, by = Path(path), User.objects.system()
    district = Organisation.objects.get(kind="district")
    began = time.perf_counter()
    reading = read_ledger(file, district)
    for _row in reading.rows:
        pass
    read = time.perf_counter() - began
    refused = sum(reading.tally.refused_rows.values())
    del reading
    began = time.perf_counter()
    reading = read_ledger(file, district)
    record = new_record(file, name=file.name, district=district, by=by)
    write_reading(record, reading, by=by, since=beginning_of(reading, timezone.localdate()))
    seconds = time.perf_counter() - began
    peak = ground.peak_mib()
    counts = {"visits": Visit.objects.count(), "issues": Issue.objects.count()}
    began = time.perf_counter()
    undo_import(record, by=by)
    return {
        "read_seconds": read, "seconds": seconds, "peak_mib": peak, "refused": refused, **counts,
        "undo_seconds": time.perf_counter() - began,
    }  # fmt: skip


def _export(rows: str) -> dict[str, Any]:
    """As the page does it, from the filter to the last byte of the answer."""
    ground.join_database()
    from django.test import Client  # noqa: PLC0415
    from django.urls import reverse  # noqa: PLC0415

    from unionops.org.models import User  # noqa: PLC0415
    from visits.models import Issue  # noqa: PLC0415

    # A process of its own makes the rows, so that this one's memory is that of the export.
    ground.apart(__file__, "simulate", rows)
    client = Client()
    client.force_login(User.objects.get(username="clerk"))
    client.get(reverse("visits:export_issues"), {"state": "registered"})
    before, own = ground.peak_mib(), ground.own_mib()
    began = time.perf_counter()
    response = client.get(reverse("visits:export_issues"))
    assert response.status_code == 200, response.status_code
    size = sum(len(piece) for piece in response.streaming_content)
    seconds = time.perf_counter() - began
    assert size > 0
    after = ground.peak_mib()
    return {
        "rows": Issue.objects.count(),
        "seconds": seconds,
        "peak_mib": after,
        "grown_mib": round(after - before, 1),
        "own_before_mib": own,
        "own_after_mib": ground.own_mib(),
        "bytes": size,
    }


def _simulate(rows: str) -> dict[str, Any]:
    ground.join_database()
    from django.db import connection, transaction  # noqa: PLC0415

    from unionops.org.models import Organisation  # noqa: PLC0415
    from visits.demo.simulation import simulate  # noqa: PLC0415

    with transaction.atomic():
        # Somewhat more than two visits bring one issue.
        written = simulate(Organisation.objects.get(kind="district"), round(int(rows) * 1.97), seed=9)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE visits_issue, visits_visit")
    return {"issues": written.issues}


PARTS = {"make": _make, "bare": _bare, "import": _import, "export": _export, "simulate": _simulate}

if __name__ == "__main__":
    if len(sys.argv) == 3 and sys.argv[1] in PARTS:
        print(json.dumps(PARTS[sys.argv[1]](sys.argv[2])))
    else:
        sys.exit(main())
