"""Seeds that a program takes from the clock: told while recording, played back in a replay."""

import sys

from . import clock, faults, seeds
from .entropy import place_of
from .here import guard, here
from .places import USER, calling_frame, key_of, kind_of
from .settings import read_bytes

_entries = None
_played = {}


def after_fork():
    """A copy has its own part of the tape."""
    global _entries
    _entries = None
    _played.clear()


def has_entries(api):
    """Whether the tape holds a seed of this kind for this process."""
    return bool(here.tape_file) and any(key[0] == api for key in _loaded())


def explicit(library, api, seed, frame, inside=()):
    """
    An explicit seeding: tells of it and gives the seed to use. That is the given one, always, save for a seed from the clock
    whose recorded value is on the tape. Never raises an Exception of ours.
    """
    if not here.alive or guard.busy:
        return seed
    guard.busy = True
    try:
        return _explicit(library, api, seed, frame, inside)
    except Exception as error:
        faults.note(api, error)
        return seed
    finally:
        guard.busy = False


def _explicit(library, api, seed, frame, inside):
    place = place_of(frame, api, "explicit", inside)
    caller = calling_frame(frame, inside)
    own_code = caller is not None and kind_of(caller.f_code.co_filename) == USER
    if here.tape_file:
        known, value = _recorded(place)
        if known:
            seeds.tell(library, api, "tape", value, place.site)
            return value
    if clock.is_from_clock(seed, own_code):
        if here.tape_file:
            faults.say("tape", "%s in %s takes a seed from the clock that the recorded run did not take there" % (api, place.file or "?"))
        seeds.tell(library, api, "tape", seed, place.site)
    else:
        seeds.tell(library, api, "explicit", seed, place.site)
    return seed


def _recorded(place):
    """(True, the recorded seed) if the tape has one for this call of this place."""
    queue = _loaded().get((place.api, place.file, place.function))
    if not queue:
        return False, None
    if place.ordinal in queue:
        return True, queue.pop(place.ordinal)
    if any(ordinal < place.ordinal for ordinal in queue):
        faults.say("tape", "%s in %s was called in another order than in the recorded run" % (place.api, place.file or "?"))
    return False, None


def _loaded():
    global _entries
    if _entries is None:
        _entries = {}
        try:
            _read(_entries)
        except (OSError, ValueError, KeyError, TypeError) as error:
            faults.note("tape", error)
    return _entries


def _read(entries):
    import json

    counts = {}
    for line in read_bytes(here.tape_file, 64 << 20).decode("utf-8", "replace").splitlines():
        if not line.strip():
            continue
        entry = json.loads(line)
        if entry["process"] != here.process:
            continue
        site = entry.get("site") or {}
        place = (entry["api"], _key_of_name(site.get("file", "")), site.get("function", ""))
        ordinal = site.get("ordinal")
        if ordinal is None:
            ordinal = counts.get(place, 0)
        counts[place] = ordinal + 1
        entries.setdefault(place, {})[int(ordinal)] = _value(entry["seed"])


def _key_of_name(file):
    """The key of a file that is named as in a manifest, ${project}/train.py, or by its absolute path."""
    mark = "${project}/"
    if file.startswith(mark):
        return "project/" + file[len(mark) :]
    return key_of(file) if file else ""


def _value(seed):
    kind, value = seed["kind"], seed.get("value")
    if kind == "int":
        return int(value)
    if kind == "ints":
        return [int(item) for item in value]
    if kind == "float":
        return float(value)
    if kind == "text":
        return value
    if kind == "bytes":
        from binascii import a2b_base64

        return a2b_base64(value)
    raise ValueError("a seed of kind %s cannot be played back" % kind)


def check_end():
    """At the end of a replay: entries that no call asked for."""
    if not here.tape_file or "trainlock_shim.tape" not in sys.modules or _entries is None:
        return
    left = sum(len(queue) for queue in _entries.values())
    if left:
        faults.say("tape", "%d seeds of the recorded run were not asked for" % left)
