"""The papers of services (domain 7: D20-D33, D35), each a row of one table (table.py).

What a paper says is a `unionops.packs.documents.Document`, written in Chinese whoever makes it: it goes into the files of a
Chinese office, as the papers of a dispute do.
"""
