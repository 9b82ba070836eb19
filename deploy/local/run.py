"""``make run``: both sites on this machine. Ctrl-C or SIGTERM stops every process; a second start finds everything again."""

import os
import signal
import sys
import threading
import time
from pathlib import Path
from types import FrameType

from deploy.local.places import ROOT
from deploy.local.sites import Ports, StartError
from deploy.local.stack import Stack

__all__ = ["Ports", "Stack", "StartError"]

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stop(Exception):
    """Somebody asked us to stop."""


def on_signal(number: int, frame: FrameType | None) -> None:
    for one in SIGNALS:
        signal.signal(one, signal.SIG_IGN)
    raise Stop


def addresses(stack: Stack, password: str) -> str:
    """What a newcomer needs to know, once both sites run."""
    portal, office = stack.url("portal"), stack.url("office")
    lines = [
        "",
        f"  Portal 门户网站        {portal}/      English: {portal}/en/",
        f"    content 内容管理      {portal}/cms/   site.reviewer / {password}",
        f"  Office 政务办公平台    {office}/      dispatcher, sysadmin, secadmin / {password}",
        f"  Exchange 交换接口      {stack.url('exchange')}/",
    ]
    demo = stack.preparation.demo_file
    if demo.exists():
        lines += ["", f"  Demo petitions 演示来信: number, receipt code, title; read at {portal}/petitions/follow/"]
        lines += [f"    {line}" for line in demo.read_text().strip().splitlines()]
    return "\n".join([*lines, "", f"  Data and logs: {stack.data_dir}", "  Ctrl-C stops everything.", ""])


def main() -> None:
    started = time.monotonic()
    password = os.environ.get("DEMO_PASSWORD") or "zhengqiao-demo"
    data_dir = Path(os.environ.get("DATA_DIR") or ROOT / "var").absolute()
    stack = None
    for one in SIGNALS:
        signal.signal(one, on_signal)
    try:
        stack = Stack(data_dir, Ports.from_environment(os.environ), password=password)
        stack.start()
        print(
            addresses(stack, stack.preparation.password),
            f"\n  Both sites ready after {time.monotonic() - started:.1f} s.",
            flush=True,
        )
        threading.Event().wait()
    except StartError as error:
        sys.exit(str(error))
    except Stop:
        print("\nStopping …", flush=True)
    finally:
        if stack is not None:
            stack.stop()


if __name__ == "__main__":
    main()
