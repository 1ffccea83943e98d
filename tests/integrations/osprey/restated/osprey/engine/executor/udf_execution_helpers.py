"""Restated from engine/executor/udf_execution_helpers.py."""

from abc import ABC, abstractmethod
from typing import Generic, TypeVar

HelperT = TypeVar("HelperT")


class HasHelperInternal(Generic[HelperT]):
    def accessor_get(self, execution_context, key, lock=False):
        provider = execution_context.get_udf_helper(self)
        return execution_context.get_external_service_accessor(provider).get(key)


class HasHelper(HasHelperInternal[HelperT], ABC):
    @classmethod
    @abstractmethod
    def create_provider(cls):
        """Create an instance of the provider for this UDF."""


class UDFHelpers:
    def __init__(self):
        self._helpers = {}

    def set_udf_helper(self, udf_class, helper):
        self._helpers[udf_class] = helper
        return self

    def get_udf_helper(self, udf):
        return self._helpers[type(udf)]
