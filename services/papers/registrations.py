"""What the rooms learn of the papers at start-up: every row of the table is a pack, and a part of the page of its case."""

from ..mutual import papers as mutual
from ..shapes import Panel, register_panel
from . import activities, claims, classes, making, privacy, registers, speakers, stations


def register() -> None:
    for part in (claims, activities, classes, registers, mutual, privacy):
        part.declare()
    making.declare()
    stations.declare()
    speakers.declare()
    register_panel(Panel("papers", 90, "services/_papers.html", making.papers_panel))
