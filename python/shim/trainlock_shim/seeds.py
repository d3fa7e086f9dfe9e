"""Tells of seedings; many from one place are folded."""

from . import faults
from .here import guard
from .json_text import encode
from .log import emit

_EACH = 64
_MOST_PLACES = 20_000
_counts = {}


def after_fork():
    """A copy tells of its own seedings."""
    _counts.clear()


def seed_value(seed):
    """A seed as in an event: a tagged union, because Python takes nearly anything."""
    if seed is None:
        return {"kind": "absent"}
    if isinstance(seed, int):
        return _integer(int(seed))
    if isinstance(seed, float):
        return {"kind": "float", "value": _real(float(seed))}
    if isinstance(seed, str):
        return {"kind": "text", "value": seed[:65_000]} if len(seed) <= 65_000 else _withheld("a text of %d letters" % len(seed))
    if isinstance(seed, (bytes, bytearray)):
        if len(seed) > 40_000:
            return _withheld("%d bytes" % len(seed))
        from binascii import b2a_base64

        return {"kind": "bytes", "value": b2a_base64(bytes(seed), newline=False).decode("ascii")}
    return _other(seed)


def _real(number):
    if number != number:
        return "NaN"
    if number in (float("inf"), float("-inf")):
        return "Infinity" if number > 0 else "-Infinity"
    return repr(number)


def _integer(number):
    if number.bit_length() > 12_000:
        return _withheld("an integer of %d bits" % number.bit_length())
    return {"kind": "int", "value": "%d" % number}


def _withheld(reason):
    return {"kind": "withheld", "reason": reason}


def _other(seed):
    kind = type(seed)
    name = kind.__module__.partition(".")[0]
    if name in ("numpy", "torch") and getattr(seed, "ndim", None) == 0 and hasattr(seed, "item"):
        return seed_value(seed.item())
    if isinstance(seed, (list, tuple, range)) or (name in ("numpy", "torch") and hasattr(seed, "tolist")):
        if len(seed) > 4096:
            return _withheld("%d integers" % len(seed))
        items = seed.tolist() if hasattr(seed, "tolist") else list(seed)
        numbers = [_integer(int(item)) for item in items if hasattr(item, "__index__")]
        if len(numbers) == len(items) and all(number["kind"] == "int" for number in numbers):
            return {"kind": "ints", "value": [number["value"] for number in numbers]}
    return _withheld("a value of type %s.%s" % (kind.__module__, kind.__qualname__))


def tell(library, api, how, seed, site=None, calls=None):
    """One seeding. `seed` is the value itself. Repetitions at one place are told at powers of two, with their number."""
    value = seed_value(seed)
    key = (api, how, None if site is None else (site["file"], site.get("function"), site.get("line")))
    if how != "tape" and calls is None:
        count = _counts.get(key, 0) + 1
        if count == 1 and len(_counts) > _MOST_PLACES:
            return
        _counts[key] = count
        if count > _EACH:
            if count & (count - 1):
                return
            calls = count
            if site is not None:
                site = {name: part for name, part in site.items() if name != "ordinal"}
    text = ',"library":%s,"api":%s,"how":"%s","seed":%s' % (encode(library), encode(api), how, encode(value))
    if site is not None:
        text += ',"site":' + encode(site)
    if calls is not None:
        text += ',"calls":%d' % calls
    emit("seed", text)


def tell_safely(*args, **kwargs):
    """The same for callers outside of a hook's body."""
    busy = guard.busy
    guard.busy = True
    try:
        tell(*args, **kwargs)
    except Exception as error:
        faults.note("seed", error)
    finally:
        guard.busy = busy
