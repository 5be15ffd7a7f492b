from .. import boards, counted, demo, indicators, jobs


def register() -> None:
    counted.declare()
    indicators.declare()
    boards.declare()
    jobs.register_jobs()
    demo.declare()
