"""scikit-learn's splitters and train_test_split: how data was cut, row numbers only as digests."""

import functools
import types
from sys import _getframe

from . import faults
from .here import guard, here
from .indices import digests_of, overlap
from .json_text import encode, quote
from .log import emit
from .places import site_of, user_frame

_MOST = 10_000
_ordinals = {}
_count = 0


def after_fork():
    """A copy counts its own splits."""
    global _count
    _ordinals.clear()
    _count = 0


def patch(module):
    """Wraps `split` where a class of the module defines it, and train_test_split."""
    for kind in list(vars(module).values()):
        if isinstance(kind, type) and kind.__module__ == module.__name__:
            original = kind.__dict__.get("split")
            if isinstance(original, types.FunctionType) and not getattr(original, "_trainlock", False):
                kind.split = _wrap_split(original)
    original = getattr(module, "train_test_split", None)
    if original is not None and not getattr(original, "_trainlock", False):
        module.train_test_split = _wrap_train_test_split(original)


def _wrap_split(original):
    @functools.wraps(original)
    def split(self, *args, **kwargs):
        if guard.cutting or not here.alive or guard.busy:
            result = original(self, *args, **kwargs)
            if guard.cut is not None and isinstance(result, types.GeneratorType):
                return _noted(result, guard.cut)
            return result
        guard.cutting += 1
        try:
            result = original(self, *args, **kwargs)
        finally:
            guard.cutting -= 1
        if not isinstance(result, types.GeneratorType):
            return result
        return _walk(result, self, _rows(args, kwargs), site_of(user_frame(_getframe().f_back)))

    split._trainlock = True
    return split


def _rows(args, kwargs):
    data = kwargs.get("X", args[0] if args else None)
    try:
        shape = getattr(data, "shape", None)
        return int(shape[0]) if shape else len(data)
    except (TypeError, IndexError, ValueError):
        return None


def _walk(iterator, splitter, total, site):
    """Hands on the folds and tells each."""
    fold = 0
    while True:
        guard.cutting += 1
        try:
            parts = next(iterator)
        except StopIteration:
            return
        finally:
            guard.cutting -= 1
        _tell(type(splitter).__name__, parts, total, _settings(splitter, fold), site)
        fold += 1
        yield parts


def _noted(iterator, notes):
    """Inside train_test_split: notes the first cut on its way."""
    for parts in iterator:
        notes.append(parts)
        yield parts


def _settings(splitter, fold):
    try:
        settings = {name: _text(value) for name, value in sorted(vars(splitter).items()) if not name.startswith("_")}
    except TypeError:
        settings = {}
    settings["fold"] = str(fold)
    return settings


def _text(value):
    if value is None or isinstance(value, (bool, int, float, str)):
        return repr(value)[:1000]
    return "a " + type(value).__name__


def _tell(method, parts, total, settings, site):
    global _count
    if not here.alive or guard.busy or _count >= _MOST:
        return
    guard.busy = True
    try:
        from .end import early

        early()
        told = []
        sets = []
        for name, numbers in zip(("train", "test"), parts):
            found = digests_of(numbers)
            if found is None:
                return
            count, order, membership, rows = found
            part = {"name": name, "count": count, "orderSha256": order}
            if membership:
                part["membershipSha256"] = membership
            told.append(part)
            sets.append(rows)
        _count += 1
        ordinal = _ordinals.get(method, 0)
        _ordinals[method] = ordinal + 1
        shared = overlap(sets[0], sets[1]) if len(sets) == 2 else None
        emit(
            "split",
            ',"method":%s,"ordinal":%d,"settings":%s%s,"parts":%s%s%s'
            % (
                quote("sklearn." + method),
                ordinal,
                encode(settings),
                "" if total is None else ',"total":%d' % total,
                encode(told),
                "" if shared is None else ',"overlapCount":%d' % shared,
                ',"site":' + encode(site) if site else "",
            ),
        )
    except Exception as error:
        faults.note("split", error)
    finally:
        guard.busy = False


def _wrap_train_test_split(original):
    @functools.wraps(original)
    def train_test_split(*arrays, **options):
        if not here.alive or guard.busy or guard.cutting:
            return original(*arrays, **options)
        notes = guard.cut = []
        guard.cutting += 1
        try:
            result = original(*arrays, **options)
        finally:
            guard.cutting -= 1
            guard.cut = None
        _tell_train_test(arrays, options, result, notes, _getframe().f_back)
        return result

    train_test_split._trainlock = True
    return train_test_split


def _tell_train_test(arrays, options, result, notes, frame):
    try:
        if notes:
            parts = notes[0]
        else:
            sizes = [_rows((part,), {}) for part in result[:2]]
            if None in sizes:
                return
            parts = (range(sizes[0]), range(sizes[0], sizes[0] + sizes[1]))
        settings = {name: _text(options.get(name, default)) for name, default in (("random_state", None), ("shuffle", True), ("stratify", None), ("test_size", None), ("train_size", None))}
        site = site_of(user_frame(frame))
    except Exception as error:
        faults.note("train_test_split", error)
        return
    _tell("train_test_split", parts, _rows(arrays, {}), settings, site)
