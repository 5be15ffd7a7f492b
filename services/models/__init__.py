from .budgets import BudgetLine
from .cases import ServiceCase, ServiceQuerySet
from .parameters import Parameter
from .programmes import Programme

__all__ = ["BudgetLine", "Parameter", "Programme", "ServiceCase", "ServiceQuerySet"]
