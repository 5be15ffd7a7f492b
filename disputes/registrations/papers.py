from ..panels import register_case_panel
from ..papers import packs
from ..papers.panel import papers_panel


def register() -> None:
    """The papers of a case as downloads, the statistics, and the way to them from the page of the case."""
    packs.declare()
    register_case_panel("papers", 50, "disputes/panels/_papers.html", papers_panel)
