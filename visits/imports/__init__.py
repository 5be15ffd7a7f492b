"""The writing side of ledgers: what was read goes into the database in bulk, and can be taken out again as a whole."""
