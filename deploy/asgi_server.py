"""Serve the office by uvicorn: ``python -m deploy.asgi_server --host 127.0.0.1 --port 8100``. No access log."""

import argparse

import uvicorn

from deploy.loopback import refuse_demo_elsewhere


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--grace", type=int, default=30, help="seconds that running answers get when it is stopped")
    options = parser.parse_args()
    refuse_demo_elsewhere(options.host)
    uvicorn.run(
        "config.asgi:application",
        host=options.host,
        port=options.port,
        access_log=False,
        # Django's own logging settings say what is logged and how.
        log_config=None,
        lifespan="off",
        server_header=False,
        timeout_graceful_shutdown=options.grace,
    )


if __name__ == "__main__":
    main()
