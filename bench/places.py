"""How long the map of places, its list, its data and a public page take at 20,000 places beside 100, and «nearest» by index.

    .venv/bin/python bench/places.py [--rounds 60]

One process asks everything in turns, first at 100 places and then at 20,000; medians. Ends with 1 when a limit is broken.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.ground import database

FEW, MANY = 100, 20_000
GROWTH_MOST, NEAREST_MOST = 1.3, 10.0


def measure(asked: dict[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """Milliseconds, by name: all of them in turns, so that a slow moment slows each alike."""
    took: dict[str, list[float]] = {name: [] for name in asked}
    for number in range(rounds + 5):
        for name, ask in asked.items():
            begun = time.perf_counter()
            ask()
            if number >= 5:
                took[name].append((time.perf_counter() - begun) * 1000)
    return {name: statistics.median(values) for name, values in took.items()}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=60)
    rounds = parser.parse_args().rounds
    with database():
        from django.test import Client  # noqa: PLC0415
        from django.urls import reverse  # noqa: PLC0415

        from services.places import geo  # noqa: PLC0415
        from services.places.models import Place  # noqa: PLC0415
        from tests import database as made  # noqa: PLC0415
        from tests.services.places.stations import fill, make_stations  # noqa: PLC0415
        from tests.world import make_world  # noqa: PLC0415

        world = make_world()
        programme = make_stations(world)
        officer, anybody = Client(), Client()
        officer.force_login(world["officer"])
        here = geo.Point(120.551, 30.012)
        near = f"?near={here.longitude},{here.latitude}"

        def page(client: Client, url: str) -> Callable[[], None]:
            def ask() -> None:
                answer = client.get(url)
                assert answer.status_code == 200, (url, answer.status_code)

            return ask

        def asked() -> dict[str, Callable[[], object]]:
            code, pk = programme.code, programme.pk
            one = Place.objects.filter(programme=programme).earliest("pk").public_code
            lists, data = reverse("places:map", args=[code]), reverse("places:map_data", args=[code])
            return {
                "list of the programme": page(officer, reverse("services:cases", args=[code])),
                "map and list": page(officer, lists),
                "map and list, nearest": page(officer, lists + near),
                "map and list, open now": page(officer, f"{lists}{near}&open=on"),
                "map data": page(officer, data),
                "map data, nearest": page(officer, data + near),
                "public map and list": page(anybody, reverse("places:public_programme", args=[pk])),
                "public data, nearest": page(anybody, reverse("places:public_data", args=[pk]) + near),
                "public page of a place": page(anybody, reverse("places:public_place", args=[one])),
                "nearest ten, statement": lambda: list(
                    Place.objects.filter(programme=programme).nearest(here).values_list("pk")[:10]
                ),
            }

        found = []
        for size in (FEW, MANY):
            have = Place.objects.count()
            for start in range(have, size, 5_000):
                fill(world, programme, min(5_000, size - start), number_from=start // 5_000 + 10 * len(found))
            with made.as_owner(made.run_name()) as owner:
                owner.execute("VACUUM ANALYZE places_place")
            found.append(measure(asked(), rounds))
    few, many = found
    broken = []
    print("| | 100 | 20,000 | growth |\n|---|--:|--:|--:|")
    for name in few:
        growth = many[name] / few[name]
        print(f"| {name} | {few[name]:.1f} ms | {many[name]:.1f} ms | {growth:.2f}x |")
        if growth > GROWTH_MOST and "statement" not in name:
            broken.append(f"{name}: {growth:.2f}x")
    if many["nearest ten, statement"] > NEAREST_MOST:
        broken.append(f"nearest: {many['nearest ten, statement']:.1f} ms")
    for line in broken:
        print("over its limit:", line)
    sys.exit(bool(broken))


if __name__ == "__main__":
    main()
