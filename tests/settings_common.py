"""What tests change in a site's settings: a folder of their own, no build needed, undefined variables found."""

import os
import tempfile
from pathlib import Path
from typing import Any

from tests.undefined_variables import Undefined

# Goes when the process goes.
scratch = tempfile.TemporaryDirectory(prefix="zhengqiao-test-")
os.environ.update({"SITE_DIR": scratch.name, "SECRET_KEY": "for-tests-" + "x" * 60, "DEMO": "1"})
os.environ.setdefault("BROKER_URL", "memory://")

FAST_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
PLAIN_STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}


def for_tests(settings: dict[str, Any]) -> dict[str, Any]:
    """The changes to a site's settings."""
    databases = settings["DATABASES"]
    if databases["default"]["ENGINE"].endswith("sqlite3"):
        # A file, not memory: locking between connections is then as it is in production.
        databases["default"]["TEST"] = {"NAME": str(Path(scratch.name, "test.sqlite3"))}
    else:
        # A pool would hold on to a database that is made and dropped.
        del databases["default"]["OPTIONS"]["pool"]
    templates = settings["TEMPLATES"]
    templates[0]["OPTIONS"]["string_if_invalid"] = Undefined()
    # Collected files are made by the build; unit tests need none.
    static_dirs = [path for path in settings["STATICFILES_DIRS"] if Path(path).exists()]
    return {
        "DATABASES": databases,
        "TEMPLATES": templates,
        "STATICFILES_DIRS": static_dirs,
        "STORAGES": PLAIN_STORAGES,
        "PASSWORD_HASHERS": FAST_HASHERS,
        "WHITENOISE_AUTOREFRESH": True,
        # All tests are one network: only those of throttling count.
        "THROTTLE_URL": "",
    }
