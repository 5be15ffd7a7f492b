from .. import boards, counted, indicators


def register() -> None:
    counted.declare()
    indicators.declare()
    boards.declare()
