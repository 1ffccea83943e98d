"""Checker: the stages of a check in their order, timed, with whatever was found before a fault kept."""
