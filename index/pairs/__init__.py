"""A claim and a statement read together: whether they make the same claim, and in what they differ.

One protocol, three models: rules, the bundled reader, and any cross-encoder that the settings name.
"""
