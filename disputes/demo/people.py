"""Who works at the centre of the demo and at the bodies beside it. Invented, like everybody there."""

from unionops.org.enums import Role
from visits.demo.district import CENTRE

COURT, LABOUR, JUSTICE = "区人民法院", "区人社局", "区司法局"
NAMES = (COURT, LABOUR, JUSTICE)
ACCOUNTS: dict[str, tuple[str, str, str]] = {
    "head": (Role.HEAD, CENTRE, "裘志平"),
    "desk": (Role.HANDLER, CENTRE, "阮雅芳"),
    "court": (Role.PARTNER, COURT, "单国良"),
    "labour": (Role.PARTNER, LABOUR, "娄晓敏"),
    "justice": (Role.PARTNER, JUSTICE, "祝文斌"),
}
