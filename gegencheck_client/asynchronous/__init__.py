"""The calls for programs that wait with `await`."""
