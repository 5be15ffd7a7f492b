"""预约: rooms of a place that are booked for an hour or an evening (domain C22, C49)."""
