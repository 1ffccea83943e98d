"""Restated from worker/adaptor/plugin_manager.py: a pluggy marker sets `<project>_impl` on the function."""

OSPREY_ADAPTOR = "osprey_plugin"  # worker/adaptor/constants.py; also the group of the entry points


def hookimpl_osprey(function):
    setattr(function, f"{OSPREY_ADAPTOR}_impl", {})
    return function


def bootstrap_udfs(register_udfs):
    """The part of `bootstrap_udfs` after the plug-ins are found: a provider for each class that has a helper."""
    from osprey.engine.executor.udf_execution_helpers import HasHelper, UDFHelpers

    helpers = UDFHelpers()
    udfs = register_udfs()
    for udf in udfs:
        if issubclass(udf, HasHelper):
            helpers.set_udf_helper(udf, udf.create_provider())
    return udfs, helpers
