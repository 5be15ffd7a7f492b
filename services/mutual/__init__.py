"""职工医疗互助 (domain 4.3): a plan of a year, the units that join with their lists, and claims against a valid enrolment."""
