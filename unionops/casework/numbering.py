from django.db import connection

from unionops.org.models import Organisation

from .models import NumberSeries


def take_numbers(district: Organisation | int, prefix: str, year: int, count: int = 1) -> range:
    """Take the next numbers of a series; they are the caller's as soon as its transaction commits, with no gap shared."""
    district_id = district if isinstance(district, int) else district.pk
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {NumberSeries._meta.db_table} AS s (district_id, prefix, year, last) VALUES (%s, %s, %s, %s)"
            " ON CONFLICT ON CONSTRAINT number_series_once DO UPDATE SET last = s.last + EXCLUDED.last RETURNING last",
            [district_id, prefix, year, count],
        )
        last = cursor.fetchone()[0]
    return range(last - count + 1, last + 1)


def spell(prefix: str, year: int, number: int) -> str:
    """Return the number as people write it: S26-0871."""
    return f"{prefix}{year % 100:02d}-{number:04d}"


def next_number(district: Organisation | int, prefix: str, year: int) -> str:
    (number,) = take_numbers(district, prefix, year)
    return spell(prefix, year, number)
