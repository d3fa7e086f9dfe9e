"""Differential privacy: its noise must not come from a root that is kept. From the import of such a library on we only observe."""

import sys

from . import log
from .here import here

_told = set()


def seen(module):
    """A library for differential privacy was loaded."""
    name = module.__name__.partition(".")[0]
    if name in _told:
        return
    _told.add(name)
    log.tell("privacy", library=name)
    if not here.own:
        return
    here.own = False
    here.root = None
    for patch in ("random_patch", "numpy_patch", "torch_patch"):
        loaded = sys.modules.get("trainlock_shim." + patch)
        if loaded is not None:
            loaded.release()
