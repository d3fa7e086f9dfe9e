"""Digests of the states of the global generators, and whether anything was drawn from them while they were unseeded."""

from . import faults, seeds
from .here import guard, here
from .json_text import quote
from .log import emit
from .sha256 import sha256

_MOST_EPOCHS = 4096


class _Generator:
    """
    One global generator. `baseline`: its state when nobody had touched it, or how to find it; None if not known.
    `seeded`: the program gave it a seed.
    """

    def __init__(self, library, read, api):
        self.library = library
        self.read = read
        self.api = api
        self.baseline = None
        self.seeded = False
        self.how = None
        self.value = None
        self.used_told = False
        self.read_at_once = None


_generators = {}
_ordinals = {}


def watch(library, read, api):
    """Adds a generator. `read()` gives the bytes of its state."""
    generator = _generators[library] = _Generator(library, read, api)
    return generator


def generator_of(library):
    """The watched generator of a library, or None."""
    return _generators.get(library)


def set_unseeded(library, how, value, baseline=None):
    """The generator was just seeded without the program's doing: owned or unseeded. `baseline`: how to find this state later."""
    generator = _generators[library]
    generator.how = how
    generator.value = value
    generator.seeded = False
    generator.used_told = False
    generator.baseline = baseline or generator.read()
    # calls 0: prepared; whether anything was drawn from it is told later.
    seeds.tell(library, generator.api, how, value, None, 0)


def before_seeding(library):
    """To be called before the program gives the global generator a seed."""
    generator = _generators.get(library)
    if generator is None:
        return
    _tell_use(generator)


def after_seeding(library):
    """To be called after it: the first state that the program decided is told."""
    generator = _generators.get(library)
    if generator is None:
        return
    first = not generator.seeded
    generator.seeded = True
    generator.baseline = None
    if first:
        _tell(generator, "start", None)


def _tell_use(generator):
    """Tells once that an unseeded generator was drawn from. True if the state is of interest."""
    if generator.seeded:
        return True
    if generator.used_told:
        return True
    baseline = generator.baseline
    if callable(baseline):
        baseline = generator.baseline = baseline() or baseline
    if not baseline or callable(baseline) or generator.read() == baseline:
        return False
    generator.used_told = True
    seeds.tell(generator.library, generator.api, generator.how or "unseeded", generator.value, None, 1)
    return True


def _tell(generator, at, ordinal):
    state = generator.read()
    if not state:
        return
    emit("state", ',"library":%s,"at":"%s"%s,"sha256":"%s"' % (quote(generator.library), at, "" if ordinal is None else ',"ordinal":%d' % ordinal, sha256(state).hexdigest()))


def tell(at):
    """Digests of all generators that the program seeded or drew from. Never raises an Exception."""
    if not _generators or not here.alive:
        return
    busy = guard.busy
    guard.busy = True
    try:
        ordinal = None
        if at != "end":
            ordinal = _ordinals.get(at, 0)
            _ordinals[at] = ordinal + 1
            if ordinal >= _MOST_EPOCHS and ordinal & (ordinal - 1):
                return
        for generator in list(_generators.values()):
            if _tell_use(generator):
                _tell(generator, at, ordinal)
    except Exception as error:
        faults.note("state", error)
    finally:
        guard.busy = busy


def after_fork():
    """
    A copy has the states of its parent until it seeds or draws. A lock of a generator that another thread held at the fork is
    held for ever: nothing that waits for one may be done here, and later only where the program itself has seeded.
    """
    _ordinals.clear()
    for generator in _generators.values():
        if generator.library == "random":
            continue  # it is seeded anew in every copy
        generator.seeded = False
        generator.used_told = False
        generator.how = "inherited"
        generator.value = None
        generator.baseline = None
        if generator.read_at_once is not None:
            generator.baseline = generator.read_at_once()

