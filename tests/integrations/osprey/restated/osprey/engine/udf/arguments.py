"""Restated from engine/udf/arguments.py: what was not given falls back to the attribute of the class."""


class ArgumentsBase:
    def __init__(self, call_node, arguments, resolved=False):
        for name, value in arguments.items():
            setattr(self, name, value)
