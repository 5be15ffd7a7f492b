"""Disputes at the public counter: asking for mediation, letters and forms that partners answer without an account."""
