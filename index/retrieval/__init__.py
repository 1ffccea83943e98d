"""From a text to the statements that resemble it, by vectors and keywords.

The derived index is kept equal to the store, built aside and swapped in whole; the search fuses, reranks and decides.
"""
