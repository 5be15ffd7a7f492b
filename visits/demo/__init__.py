"""An invented district: a published result of the past, and a present in which every role has something to do."""
