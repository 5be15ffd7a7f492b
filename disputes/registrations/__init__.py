"""What the rooms of the frame, the inbox, the search, the figures and the papers learn of disputes at the start."""

from . import cases, desk, figures, outside, papers


def register() -> None:
    for part in (cases, desk, figures, outside, papers):
        part.register()
