from .agreements import Agreement, Obligation
from .appointments import Appointment, Room
from .centres import Centre, centre_of
from .confirmations import Confirmation
from .disputes import Dispute
from .duties import Duty
from .elements import Elements
from .feeds import CalendarFeed
from .limitation import LimitationEvent
from .papers import CaseFile, FiledAttachment, Paper
from .parties import Agent, Party
from .recusals import Recusal
from .sessions import Offer, Session, SessionNote
from .team import Interest, Share, TeamMember

__all__ = [
    "Agent",
    "Agreement",
    "Appointment",
    "CalendarFeed",
    "CaseFile",
    "Centre",
    "Confirmation",
    "Dispute",
    "Duty",
    "Elements",
    "FiledAttachment",
    "Interest",
    "LimitationEvent",
    "Obligation",
    "Offer",
    "Paper",
    "Party",
    "Recusal",
    "Room",
    "Session",
    "SessionNote",
    "Share",
    "TeamMember",
    "centre_of",
]
