"""Scores that scikit-learn's metric functions return to the program: observed, never more than that."""

import functools
import types
from sys import _getframe

from . import faults, log
from .here import guard, here
from .places import site_of, user_frame

_ENDINGS = ("_score", "_loss", "_error", "_deviance")
_NAMES = ("auc", "matthews_corrcoef")
_MOST = 10_000
_count = 0


def after_fork():
    """A copy counts anew."""
    global _count
    _count = 0


def patch(module):
    """Wraps the functions in the module that defines them, before others take them: so they still pickle by name."""
    for name, function in list(vars(module).items()):
        if name.startswith("_") or not isinstance(function, types.FunctionType) or function.__module__ != module.__name__:
            continue
        if (name.endswith(_ENDINGS) or name in _NAMES) and not getattr(function, "_trainlock", False):
            setattr(module, name, _wrap(function, name))


def _wrap(original, name):
    @functools.wraps(original)
    def scored(*args, **kwargs):
        if guard.scoring or not here.alive or guard.busy:
            return original(*args, **kwargs)
        guard.scoring += 1
        try:
            value = original(*args, **kwargs)
        finally:
            guard.scoring -= 1
        if isinstance(value, (float, int)) or (getattr(value, "ndim", None) == 0 and hasattr(value, "item")):
            _note(name, value, _getframe().f_back)
        return value

    scored._trainlock = True
    return scored


def _note(name, value, frame):
    global _count
    if guard.busy or _count >= _MOST:
        return
    guard.busy = True
    try:
        if not _is_asked_for(frame):
            return
        _count += 1
        from .end import early

        early()
        tell("sklearn." + name, value, "observed", site=site_of(user_frame(frame)))
    except Exception as error:
        faults.note("metric", error)
    finally:
        guard.busy = False


def _is_asked_for(frame):
    """Called by the program, or by a `score` method that the program called; what scikit-learn computes for itself is passed over."""
    if frame is None or not _in_sklearn(frame):
        return True
    caller = frame.f_back
    return frame.f_code.co_name == "score" and caller is not None and not _in_sklearn(caller)


def _in_sklearn(frame):
    name = frame.f_globals.get("__name__")
    return isinstance(name, str) and (name == "sklearn" or name.startswith("sklearn."))


def tell(name, value, source, stage=None, split=None, step=None, site=None):
    """One metric event. `value` is a number; its text is that which Python prints."""
    text, bits = number_text(value)
    log.tell("metric", name=name, value=text, bits=bits, stage=stage, split=split, step=step, source=source, site=site)


def number_text(value):
    """(text, IEEE 754 bits in hexadecimal or None) of a number, an array scalar or a tensor with one element."""
    if hasattr(value, "item") and not isinstance(value, (int, float)):
        value = value.item()
    if isinstance(value, bool):
        value = int(value)
    if isinstance(value, int):
        return "%d" % value, None
    if not isinstance(value, float):
        text = str(value)
        float(text)
        return text, None
    value = float(value)
    import struct

    bits = struct.pack(">d", value).hex()
    if value != value:
        return "NaN", bits
    if value in (float("inf"), float("-inf")):
        return ("Infinity" if value > 0 else "-Infinity"), bits
    return repr(value), bits
