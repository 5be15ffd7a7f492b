"""What axe finds on a page that is open."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings

SCRIPT = (Path(settings.BASE_DIR) / "static" / "vendor" / "axe.min.js").read_text(encoding="utf-8")
# Only what it found comes back: what it looked at is as long as the page, and is turned into Python piece by piece.
RUN = "() => axe.run({ resultTypes: ['violations'], preload: false }).then((found) => found.violations)"


def violations(page: Any) -> list[str]:
    """Each rule that is broken, with the first place that breaks it."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(SCRIPT)
    found = ((broken["id"], broken["nodes"][0]) for broken in page.evaluate(RUN))
    return [f"{rule} at {first['target']}: {first['html'][:160]}" for rule, first in found]
