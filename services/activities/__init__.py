"""Activity (活动): sessions with places, enrolment, a waiting list, attendance."""
