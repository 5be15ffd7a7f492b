"""Care classes in the holidays (爱心托管班): an activity with rules of its own about places, staff and children."""
