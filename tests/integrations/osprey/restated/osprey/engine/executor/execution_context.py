"""Restated from engine/executor/execution_context.py: the exceptions, and how a UDF gets at its helper."""


class ExpectedUdfException(Exception):
    """A UDF failed, and whatever depends on it is not executed; it is expected, so it is not reported."""


class ExternalServiceException(Exception):
    """An external service call failed or returned unexpected data."""


class ExecutionContext:
    """Gives a UDF its helper, and one accessor for each external service, which lives as long as the execution."""

    def __init__(self, udf_helpers):
        self._udf_helpers = udf_helpers
        self._external_service_accessors_by_getter_id = {}

    def get_udf_helper(self, udf):
        return self._udf_helpers.get_udf_helper(udf)

    def get_external_service_accessor(self, external_service):
        from osprey.engine.executor.external_service_utils_base import PlainExternalServiceAccessor

        accessors = self._external_service_accessors_by_getter_id
        return accessors.setdefault(id(external_service), PlainExternalServiceAccessor(external_service))
