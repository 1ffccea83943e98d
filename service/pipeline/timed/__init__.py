"""Timed text: subtitle files, transcripts and descriptions of videos -> an article that knows when what is said."""
