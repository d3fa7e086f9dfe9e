"""What the optional `trainlock` module tells, written as events."""

import os
import sys

from . import faults, log
from .here import guard, here
from .json_text import has_bad_bytes
from .masking import MASK, is_secret_name, mask
from .places import site_of, user_frame


def _site(frame):
    return site_of(user_frame(frame))


def declare(what, name, frame, **fields):
    """One declare event. Never raises an Exception of ours."""
    _safely(_declare, what, name, frame, fields)


def _safely(function, *args):
    if not here.alive or guard.busy:
        return
    guard.busy = True
    try:
        function(*args)
    except Exception as error:
        faults.note("trainlock." + function.__name__.strip("_"), error)
    finally:
        guard.busy = False


def _declare(what, name, frame, fields):
    path = fields.get("path")
    if path is not None:
        from .opened import full

        path = full(os.fsdecode(path))
        fields["path"] = path
        if has_bad_bytes(path):
            from binascii import b2a_base64

            fields["raw"] = b2a_base64(os.fsencode(path), newline=False).decode("ascii")
    if fields.get("value") is not None:
        fields["value"] = MASK if what == "parameter" and is_secret_name(str(name)) else mask(fields["value"][:100_000])
    log.tell("declare", what=what, name=str(name)[:1000], site=_site(frame), **fields)


def metric(name, value, stage, split, step, frame):
    """One metric event with source api."""
    _safely(_metric, name, value, stage, split, step, frame)


def _metric(name, value, stage, split, step, frame):
    from .metric_patch import tell

    tell(str(name)[:1000], value, "api", None if stage is None else str(stage), None if split is None else str(split), None if step is None else max(0, int(step)), _site(frame))


def mark(label, frame):
    """The states of the generators at this moment."""
    _safely(_declare, "mark", label, frame, {})
    states = sys.modules.get("trainlock_shim.states")
    if states is not None and here.alive and not guard.busy:
        states.tell("mark")


def split(name, indices, frame):
    """Row numbers of a part of the data, as digests."""
    _safely(_split, name, indices, frame)


def _split(name, indices, frame):
    from .indices import digests_of

    if not hasattr(indices, "__len__"):
        indices = list(indices)
    found = digests_of(indices)
    if found is None:
        faults.say("trainlock.split", "the row numbers of %s are no integers" % name)
        return
    count, order, membership, _ = found
    log.tell("declare", what="split", name=str(name)[:1000], sha256=membership or order, count=count, site=_site(frame))


def output(path, role, frame):
    """A file or folder that the run makes."""
    _safely(_output, path, role, frame)


def _output(path, role, frame):
    text = os.fsdecode(path)
    _declare("output", text.rstrip("/").rpartition("/")[2] or text, frame, {"path": text, "role": None if role is None else str(role)})


def data(name, value, role, frame):
    """A data set: a path, or an object in memory as a digest."""
    _safely(_data, name, value, role, frame)


def _data(name, value, role, frame):
    role = None if role is None else str(role)
    if isinstance(value, (str, bytes, os.PathLike)):
        _declare("data", name, frame, {"path": os.fspath(value), "role": role})
        return
    from .content import digest_of

    kind, sha256, count = digest_of(value)
    if sha256 is None:
        faults.say("trainlock.data", "%s: no digest for a %s" % (name, kind))
    _declare("data", name, frame, {"type": kind, "sha256": sha256, "count": count, "role": role})
