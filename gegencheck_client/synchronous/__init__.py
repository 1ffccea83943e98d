"""The calls for all other programs, written by `make client` from asynchronous/."""
