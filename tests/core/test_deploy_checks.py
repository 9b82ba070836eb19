"""``check --deploy`` refuses settings that do not fit together."""

import pytest

from core.checks import check_proxies


@pytest.mark.parametrize(("behind", "proxies", "found"), [(True, 0, 1), (True, 1, 0), (False, 0, 0)])
def test_a_proxy_has_to_be_counted(settings, behind, proxies, found):
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if behind else None
    settings.REST_FRAMEWORK = settings.REST_FRAMEWORK | {"NUM_PROXIES": proxies}

    assert len(check_proxies(None)) == found
