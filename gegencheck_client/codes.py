"""Codes that may get further values: one that this client does not know yet is kept as it is, not refused."""

from __future__ import annotations

from enum import StrEnum
from typing import Self


class Code(StrEnum):
    """A string out of a list that may grow. `is_known` tells whether this client knows it."""

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if not isinstance(value, str):
            return None
        made = str.__new__(cls, value)
        made._name_ = made._value_ = value
        return made

    @property
    def is_known(self) -> bool:
        """Whether this is one of the values that this client was written for."""
        return self.name in type(self).__members__
