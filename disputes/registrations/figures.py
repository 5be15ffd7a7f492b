from .. import boards, counted, indicators, jobs


def register() -> None:
    counted.declare()
    indicators.declare()
    boards.declare()
    jobs.register_jobs()
