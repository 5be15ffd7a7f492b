"""Hardship aid (困难职工帮扶): one household one file, and the campaigns that go by these files (domain 4.1, 4.2)."""
