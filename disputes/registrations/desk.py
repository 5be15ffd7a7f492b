from .. import ledger
from ..panels import register_case_panel
from ..panels_of_law import clock_panel, clock_reads, elements_panel, elements_reads
from ..panels_of_team import recusal_panel, recusal_reads


def register() -> None:
    """What the law says of a case stands on its page, under what is to be done; its ledger is read with the others."""
    ledger.register()
    register_case_panel("recusals", 20, "disputes/panels/_recusals.html", recusal_panel, reads=recusal_reads)
    register_case_panel("clock", 30, "disputes/panels/_clock.html", clock_panel, reads=clock_reads)
    register_case_panel("elements", 40, "disputes/panels/_elements.html", elements_panel, reads=elements_reads)
