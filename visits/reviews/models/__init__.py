from .reviews import Criterion, ManualScore, Result, Review, Scheme, Subject
from .submissions import Assignment, Author, Mark, Objection, PanelMember, Submission, SubmissionResult

__all__ = [
    "Assignment",
    "Author",
    "Criterion",
    "ManualScore",
    "Mark",
    "Objection",
    "PanelMember",
    "Result",
    "Review",
    "Scheme",
    "Subject",
    "Submission",
    "SubmissionResult",
]
