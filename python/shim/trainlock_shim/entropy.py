"""Derives the seeds of unseeded sources from the root (trainlock-seed-v1), or lets the system draw when we only observe."""

from .here import here
from .places import calling_frame, key_of, kind_of, site_of, STANDARD
from .sha256 import hmac

DERIVATION = "trainlock-seed-v1"

# Parts of the standard library whose numbers must stay unpredictable, or whose draws must not shift those of the program.
_EXEMPT = ("/tempfile.py", "/uuid.py", "/secrets.py", "/ssl.py", "/hashlib.py", "/multiprocessing/", "/concurrent/futures/", "/email/", "/asyncio/", "/http/", "/xmlrpc/")
_MOST_PLACES = 100_000
_ordinals = {}


def after_fork():
    """A copy counts from the start; its id keeps its seeds apart."""
    _ordinals.clear()


def is_owned():
    """Whether unseeded sources draw from the root."""
    return here.own and here.alive


def derive(file, function, ordinal, api, size):
    """`size` bytes for one source of this process. The line number takes no part: a comment must not change a model."""
    message = "\0".join((DERIVATION, here.process, here.rank, file, function, str(ordinal), api)).encode("utf-8", "surrogateescape")
    result = b""
    block = 0
    while len(result) < size:
        result += hmac(here.root, message + b"\0" + str(block).encode("ascii"))
        block += 1
    return result[:size]


class Place:
    """Where a source is seeded: what keys it and what is recorded of it."""

    __slots__ = ("file", "function", "ordinal", "api", "site")

    def __init__(self, file, function, ordinal, api, site):
        self.file = file
        self.function = function
        self.ordinal = ordinal
        self.api = api
        self.site = site

    def derive(self, size):
        """Bytes for this place."""
        return derive(self.file, self.function, self.ordinal, self.api, size)

    def give_back(self):
        """Undoes the counting: the call turned out not to be an unseeded one."""
        key = ("unseeded", self.api, self.file, self.function)
        if _ordinals.get(key, 0) == self.ordinal + 1:
            _ordinals[key] = self.ordinal


def place_of(frame, api, how, inside=()):
    """The place of the nearest frame outside of us and of the files in `inside`, counted. `how`: unseeded or explicit."""
    frame = calling_frame(frame, inside)
    if frame is None:
        file, function = "", ""
    else:
        file, function = key_of(frame.f_code.co_filename), frame.f_code.co_name
    key = (how, api, file, function)
    ordinal = _ordinals.get(key, 0)
    if ordinal == 0 and len(_ordinals) > _MOST_PLACES:
        _ordinals.clear()
    _ordinals[key] = ordinal + 1
    return Place(file, function, ordinal, api, site_of(frame, ordinal))


def global_place(api):
    """The place of a generator that a library makes at its import: the same wherever it is imported from."""
    key = ("unseeded", api, "", "")
    ordinal = _ordinals.get(key, 0)
    _ordinals[key] = ordinal + 1
    return Place("", "", ordinal, api, None)


def is_exempt(frame, inside=()):
    """Whether a part of the standard library draws for names, keys or tokens."""
    frame = calling_frame(frame, inside)
    if frame is None:
        return False
    file = frame.f_code.co_filename
    return kind_of(file) == STANDARD and any(part in file for part in _EXEMPT)
