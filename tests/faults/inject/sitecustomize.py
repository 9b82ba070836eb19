"""Faults inside a running program. Python loads this module by itself where the folder is in PYTHONPATH.

``INJECT`` is JSON. Its ``points`` are [function, when, what]: "package.module:function" or "package.module:Class.method";
"before" or "after" it; and a number of seconds to sleep, or "raise", or the path of a flag file: whoever removes it first dies
as by kill -9, so that each point kills once. ``clock`` sets the program's clock wrong by so many seconds.
"""

import functools
import importlib.abc
import importlib.machinery
import json
import os
import signal
import sys
import time

PLAN = json.loads(os.environ.get("INJECT", "{}"))


def strike(what):
    if what == "raise":
        raise RuntimeError("injected")
    if isinstance(what, int | float):
        time.sleep(what)
        return
    try:
        os.unlink(what)
    except FileNotFoundError:
        return
    os.kill(os.getpid(), signal.SIGKILL)


def wrap(function, when, what):
    @functools.wraps(function)
    def wrapper(*args, **options):
        if when == "before":
            strike(what)
        result = function(*args, **options)
        if when == "after":
            strike(what)
        return result

    return wrapper


def patch(module):
    for target, when, what in PLAN.get("points", []):
        name, path = target.split(":")
        if name == module.__name__:
            *owners, attribute = path.split(".")
            owner = functools.reduce(getattr, owners, module)
            setattr(owner, attribute, wrap(getattr(owner, attribute), when, what))


class Loader(importlib.abc.Loader):
    """Patches a module as soon as it is there, before anybody imports a name from it."""

    def __init__(self, loader):
        self.loader = loader

    def create_module(self, spec):
        return self.loader.create_module(spec)

    def exec_module(self, module):
        self.loader.exec_module(module)
        patch(module)


class Finder(importlib.abc.MetaPathFinder):
    def __init__(self):
        self.names = {target.split(":")[0] for target, _when, _what in PLAN.get("points", [])}

    def find_spec(self, name, path, target=None):
        if name not in self.names:
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path)
        if spec is not None and spec.loader is not None:
            spec.loader = Loader(spec.loader)
        return spec


if PLAN:
    sys.meta_path.insert(0, Finder())
if clock := PLAN.get("clock"):
    import datetime

    import time_machine

    wrong = datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=clock)
    time_machine.travel(wrong, tick=True).start()
