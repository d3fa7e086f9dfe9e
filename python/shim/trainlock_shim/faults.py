"""A fault of ours is noted once and swallowed; after too many we fall silent."""

import sys

from .here import guard, here

_MOST = 30
_told = set()
_count = 0


def note(what, error):
    """To be called in `except Exception`: swallows what is our fault, raises again what a signal handler of the program raised."""
    global _count
    if _from_signal_handler(error):
        raise error
    _count += 1
    if _count > _MOST:
        here.alive = False
    if what in _told or len(_told) >= _MOST:
        return
    _told.add(what)
    busy = guard.busy
    guard.busy = True
    try:
        from . import log

        log.tell("fault", what=what, message=_describe(error))
    except Exception:
        pass
    finally:
        guard.busy = busy


def say(what, message):
    """Tells a fault that is not an exception, once per text."""
    if (what, message) in _told or len(_told) >= _MOST:
        return
    _told.add((what, message))
    from . import log

    log.tell("fault", what=what, message=message)


def _describe(error):
    place = ""
    step = error.__traceback__
    while step is not None:
        place = "%s:%d" % (step.tb_frame.f_code.co_filename.rpartition("/")[2], step.tb_lineno)
        step = step.tb_next
    return "%s: %s (%s)" % (type(error).__name__, str(error)[:500], place)


def _from_signal_handler(error):
    codes = _handler_codes()
    if not codes:
        return False
    step = error.__traceback__
    while step is not None:
        if step.tb_frame.f_code in codes:
            return True
        step = step.tb_next
    return False


def _handler_codes():
    signals = sys.modules.get("_signal")
    if signals is None:
        return ()
    codes = []
    for number in range(1, 65):
        try:
            handler = signals.getsignal(number)
        except ValueError:
            continue
        code = getattr(getattr(handler, "__func__", handler), "__code__", None)
        if code is None and callable(handler):
            code = getattr(getattr(type(handler), "__call__", None), "__code__", None)
        if code is not None:
            codes.append(code)
    return codes
