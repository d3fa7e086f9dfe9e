"""Warnings that are shown: counted by category, text and place, without touching filters or output."""

import functools

from . import faults, log
from .here import guard, here
from .json_text import members
from .masking import mask

_EACH = 20
_MOST = 5000
_counts = {}


def patch(module):
    """Wraps the function that shows a warning. One that is caught in a list is not shown."""
    original = getattr(module, "_showwarnmsg", None)
    shown = getattr(module, "_showwarnmsg_impl", None)
    if original is None or shown is None or getattr(original, "_trainlock", False):
        return

    @functools.wraps(original)
    def _showwarnmsg(msg):
        if here.alive and not guard.busy and module._showwarnmsg_impl is shown:
            _note(msg)
        return original(msg)

    _showwarnmsg._trainlock = True
    module._showwarnmsg = _showwarnmsg


def _note(msg):
    guard.busy = True
    try:
        category = msg.category
        key = (category.__name__, str(msg.message)[:4000], str(msg.filename), msg.lineno)
        count = _counts.get(key, 0) + 1
        if count == 1 and len(_counts) >= _MOST:
            return
        _counts[key] = count
        if count <= _EACH:
            _tell(key, issubclass(category, (DeprecationWarning, PendingDeprecationWarning, FutureWarning)), None)
    except Exception as error:
        faults.note("warning", error)
    finally:
        guard.busy = False


def _tell(key, deprecation, count):
    category, message, file, line = key
    log.emit("warning", members({"category": category, "message": mask(message), "deprecation": deprecation or None, "file": file[:16_000], "line": line if isinstance(line, int) and line >= 0 else None, "count": count}))


def after_fork():
    """A copy counts anew."""
    _counts.clear()


def tell_rest():
    """At the end: how often those were shown that were told only the first times."""
    for key, count in _counts.items():
        if count > _EACH:
            _tell(key, False, count - _EACH)
    _counts.clear()
