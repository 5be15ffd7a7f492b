"""What other rooms add to the monthly and quarterly papers: a part of their own, behind the parts of visits and issues.

    register_appendix(_("劳动争议调解"), blocks)      # in apps.ready of the room above

``blocks`` gets the period with its cut-off and the filters of the paper, and answers with what it has to say, or nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from django.utils.translation import gettext as _

from unionops.casework.transitions import Text
from unionops.insight.indicators import Asked
from unionops.packs.documents import Block, Section, numbered, paragraph

Blocks = Callable[[Asked, Mapping[str, str]], Sequence[Block]]
# The code by which a Word template may place these parts.
CODE = "appendices"
_appendices: list[tuple[Text, Blocks]] = []


def register_appendix(heading: Text, blocks: Blocks) -> None:
    _appendices.append((heading, blocks))


def appendices(asked: Asked, where: Mapping[str, str], *, first: int) -> list[Section]:
    """The parts of other rooms, numbered from ``first`` on; their figures are those of the making, and they say so."""
    found: list[Section] = []
    for heading, blocks in _appendices:
        told = blocks(asked, where)
        if told:
            said = paragraph(_("本部分由别的栏目提供，数字以制作时为准。"))
            found.append(Section(numbered(first + len(found), heading), [*told, said], CODE if not found else ""))
    return found
