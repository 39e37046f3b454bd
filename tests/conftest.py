"""Generated examples are the same on every run, so that a test that passes here passes elsewhere."""

from hypothesis import settings

settings.register_profile("repeatable", deadline=None, derandomize=True, database=None)
settings.load_profile("repeatable")
