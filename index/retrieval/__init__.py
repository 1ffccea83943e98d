"""From a text to the statements that resemble it, by vectors and keywords.

An engine, embedded or Milvus, is kept equal to the store and proposes; the search fuses, rereads and decides.
"""
