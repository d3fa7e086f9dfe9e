"""Children of multiprocessing leave without exit handlers: their end is told by a finalizer."""

from . import faults
from .here import guard, here


class _Anchor:
    """Lives as long as the process."""


_anchor = _Anchor()


def patch(module):
    """Registers with multiprocessing.util what every child does after its start."""
    module.register_after_fork(_anchor, lambda _: _register(module))


def _register(module):
    from .end import at_exit

    busy = guard.busy
    guard.busy = True
    try:
        if here.alive:
            module.Finalize(None, at_exit, exitpriority=-10_000)
    except Exception as error:
        faults.note("multiprocessing", error)
    finally:
        guard.busy = busy
