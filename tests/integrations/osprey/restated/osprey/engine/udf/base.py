"""Restated from engine/udf/base.py."""

from abc import ABC, abstractmethod
from typing import ClassVar, Generic, TypeVar

from osprey.engine.udf.arguments import ArgumentsBase

Arguments = TypeVar("Arguments", bound=ArgumentsBase)
RValue = TypeVar("RValue")


class UDFBase(Generic[Arguments, RValue], ABC):
    execute_async: ClassVar[bool] = False
    category: ClassVar[str | None] = None

    def __init__(self, validation_context, arguments):
        self._rvalue_type_checker = None

    @abstractmethod
    def execute(self, execution_context, arguments):
        raise NotImplementedError
