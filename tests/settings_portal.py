"""The portal's settings for tests."""

from tests.settings_common import for_tests

from config.settings.portal import *  # noqa: F403  isort: skip  (after the environment has been prepared)

globals().update(for_tests(globals()))
