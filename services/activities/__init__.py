"""Activity (活动): sessions with places, enrolment, a waiting list, attendance, goods, money and what people thought of it."""
