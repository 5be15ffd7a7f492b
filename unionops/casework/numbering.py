from collections.abc import Mapping

from django.db import connection

from unionops.org.models import Organisation

from .models import NumberSeries


def take_blocks(district: Organisation | int, wanted: Mapping[tuple[str, int], int]) -> dict[tuple[str, int], range]:
    """Take a block of numbers from each (prefix, year) series in one statement; they are used once and only once."""
    district_id = district if isinstance(district, int) else district.pk
    # Sorted, so that two transactions lock the series in the same order.
    series = sorted((prefix, year, count) for (prefix, year), count in wanted.items() if count)
    if not series:
        return {}
    values = ", ".join(["(%s, %s, %s, %s)"] * len(series))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {NumberSeries._meta.db_table} AS s (district_id, prefix, year, last) VALUES {values}"
            " ON CONFLICT ON CONSTRAINT number_series_once DO UPDATE SET last = s.last + EXCLUDED.last"
            " RETURNING prefix, year, last",
            [value for prefix, year, count in series for value in (district_id, prefix, year, count)],
        )
        rows = cursor.fetchall()
    return {(prefix, year): range(last - wanted[prefix, year] + 1, last + 1) for prefix, year, last in rows}


def take_numbers(district: Organisation | int, prefix: str, year: int, count: int = 1) -> range:
    return take_blocks(district, {(prefix, year): count}).get((prefix, year), range(0))


def spell(prefix: str, year: int, number: int) -> str:
    """Return the number as people write it: S26-0871."""
    return f"{prefix}{year % 100:02d}-{number:04d}"
