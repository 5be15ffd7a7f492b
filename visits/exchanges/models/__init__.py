from .agenda import AgendaItem, Attendance
from .exchanges import Decision, Exchange
from .groups import ExchangeGroup, GroupMember

__all__ = ["AgendaItem", "Attendance", "Decision", "Exchange", "ExchangeGroup", "GroupMember"]
