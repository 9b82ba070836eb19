"""gunicorn's settings for the portal and for its exchange API; bind, workers and threads come by command line."""

from typing import Any

from deploy.loopback import refuse_demo_elsewhere

worker_class = "gthread"
preload_app = True
control_socket_disable = True
# Path, status, size, milliseconds. No query, header or body: they may carry what citizens typed.
accesslog = "-"
access_log_format = "%(t)s %(m)s %(U)s %(s)s %(B)s %(M)s ms"


def on_starting(server: Any) -> None:
    """Before the first bind: a demo stays on this machine."""
    for address in server.cfg.address:
        if isinstance(address, tuple):
            refuse_demo_elsewhere(address[0])
