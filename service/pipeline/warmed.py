"""Imported by the server that forks reading processes, and by nothing else: each of them then has all of this already.

Libraries and language profiles take more than a second to load and 150 MB, here once for all of them.
"""

from __future__ import annotations

import gc
import os

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # before numpy is loaded: a server that forks must not run threads

from importlib import import_module

from service.models import Page
from service.pipeline.article import extract_article
from service.pipeline.sentences import split_sentences

ANY_PAGE = (
    "<html><body><article><p>This page says nothing in particular. It does so in two sentences.</p></article></body>"
    "</html>"
)
LATER = ("charset_normalizer", "pypdf")  # what only some pages need

split_sentences(extract_article(Page(None, None, ANY_PAGE.encode(), "", fetched=True)))
for name in LATER:
    import_module(name)
gc.collect()
gc.freeze()  # or collecting would write to the memory that the forks share
