"""The papers of a dispute and its file (domain 3.6, 3.8, D11-D15).

What a paper says is written once, as a `unionops.packs.documents.Document`; the generic makers turn it into Word and PDF.
The law is written and served in Chinese, whatever language its reader has set: the texts of papers are therefore plain
Chinese and no messages. What a page says about papers is translated like every other page.
"""
