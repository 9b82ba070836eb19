"""Tests. ``DJANGO_SETTINGS_MODULE`` (tests.settings_portal or _office) says whose are run; unset, those of no site."""
