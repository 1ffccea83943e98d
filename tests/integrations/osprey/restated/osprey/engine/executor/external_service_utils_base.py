"""Restated from engine/executor/external_service_utils_base.py: asked once a key, errors kept as well."""

from abc import ABC, abstractmethod
from typing import Generic, TypeVar

KeyT = TypeVar("KeyT")
ValueT = TypeVar("ValueT")


class ExternalService(ABC, Generic[KeyT, ValueT]):
    @abstractmethod
    def get_from_service(self, key):
        raise NotImplementedError

    def cache_ttl(self):
        return None

    def count_error_once(self):
        return False


class PlainExternalServiceAccessor(Generic[KeyT, ValueT]):
    def __init__(self, service):
        self._service = service
        self._cache = {}

    def get(self, key):
        assert self._service.cache_ttl() is None, "only what lasts as long as the execution is restated"
        if key not in self._cache:
            try:
                self._cache[key] = (self._service.get_from_service(key), None)
            except Exception as error:
                self._cache[key] = (None, error)
        value, error = self._cache[key]
        if error is not None:
            raise error
        return value
