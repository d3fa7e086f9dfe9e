"""NumPy: every unseeded generator asks one function for entropy; explicit seeds are seen where they are read."""

import functools
import sys
from sys import _getframe

from . import entropy, faults, log, seeds, states, tape
from .here import guard, here

_INSIDE = ("/numpy/random/__init__.py", "/numpy/__init__.py", "/numpy/random/_pickle.py")
_system_randbits = None
_ready = False
_forced = None


def patch_bit_generator(module):
    """SeedSequence(None) looks up `randbits` in its module at each call: that covers default_rng(), RandomState(), PCG64() …"""
    global _system_randbits
    original = getattr(module, "randbits", None)
    if original is None or getattr(original, "_trainlock", False):
        return
    _system_randbits = original
    log.settle = flush

    @functools.wraps(original)
    def randbits(k):
        if _forced is not None:
            return _forced
        if not here.alive or guard.busy or not _ready:
            return original(k)
        return _draw(k, original)

    randbits._trainlock = True
    module.randbits = randbits


def _draw(bits, original):
    frame = _getframe(1).f_back
    guard.busy = True
    try:
        flush()
        api = guard.label or "numpy.random.SeedSequence"
        place = entropy.place_of(frame, api, "unseeded", _INSIDE)
        owned = entropy.is_owned()
        value = _number(place, bits) if owned else original(bits)
        # RandomState(5) draws, too, and throws the draw away: wait and see whether a seed is read right after it.
        guard.pending = (_mark(frame), place, value if owned else None)
        if guard.label is not None:
            flush()
        return value
    except Exception as error:
        faults.note("numpy randbits", error)
        return original(bits)
    finally:
        guard.busy = False


def _mark(frame):
    """Tells a moment in a frame without keeping the frame alive."""
    return None if frame is None else (id(frame), id(frame.f_code), frame.f_lasti)


def _number(place, bits):
    value = int.from_bytes(place.derive((bits + 7) // 8), "big")
    return value >> (-bits % 8)


def flush():
    """Tells of a draw that turned out to be a real one."""
    pending, guard.pending = guard.pending, None
    if pending is not None:
        _, place, value = pending
        seeds.tell("numpy", place.api, "unseeded" if value is None else "owned", value, place.site)


def _take_back(frame):
    """A seed is read where a draw was just made: that draw was none."""
    pending = guard.pending
    if pending is not None and frame is not None and pending[0] == _mark(frame):
        pending[1].give_back()
        guard.pending = None


class _Operator:
    """Stands for the module `operator` in numpy.random._mt19937, which reads every old-style seed with operator.index."""

    def __init__(self, original):
        self._original = original

    def __getattr__(self, name):
        return getattr(self._original, name)

    def index(self, seed):
        if here.alive and not guard.busy and guard.label is None and _ready:
            _read_seed(seed, _getframe().f_back)
        return self._original.index(seed)


def patch_mt19937(module):
    """Sees the seeds given to RandomState(seed) and RandomState.seed(seed)."""
    operator = getattr(module, "operator", None)
    if operator is not None and not isinstance(operator, _Operator):
        module.operator = _Operator(operator)


def _read_seed(seed, frame):
    _take_back(frame)
    tape.explicit("numpy", "numpy.random.RandomState", seed, frame, _INSIDE)


def patch_mtrand(module):
    """The old global generator and numpy.random.seed."""
    global _ready
    for name, patch in (("bit_generator", patch_bit_generator), ("_bit_generator", patch_bit_generator), ("_mt19937", patch_mt19937), ("mt19937", patch_mt19937)):
        loaded = sys.modules.get("numpy.random." + name)  # NumPy may have been there before us
        if loaded is not None:
            patch(loaded)
    if getattr(module.seed, "_trainlock", False):
        return
    original = module.seed
    generator = states.watch("numpy", functools.partial(_state_bytes, module), "numpy.random")
    generator.read_at_once = functools.partial(_state_at_once, module)
    _seed_global(module, entropy.is_owned())
    _ready = True

    @functools.wraps(original)
    def seed(*args, **kwargs):
        if not here.alive or guard.busy or kwargs or len(args) > 1:
            return original(*args, **kwargs)
        return _explicit_global(original, args)

    seed._trainlock = True
    module.seed = seed
    package = sys.modules.get("numpy.random")
    if package is not None and getattr(package, "seed", None) is not None:
        package.seed = seed
    if tape.has_entries("numpy.random.RandomState"):
        _play_back(module)


def _seed_global(module, owned):
    """Seeds the global generator in NumPy's own way, from the root or from the system."""
    global _forced
    value = None
    if owned:
        value = _forced = _number(entropy.global_place("numpy.random"), 128)
    try:
        if owned or _ready:
            module._rand.seed()
    finally:
        _forced = None
    states.set_unseeded("numpy", "unseeded" if value is None else "owned", value)


def _explicit_global(original, args):
    frame = _getframe(1).f_back
    _guarded(states.before_seeding, "numpy")
    if args and args[0] is not None:
        args = (tape.explicit("numpy", "numpy.random.seed", args[0], frame, _INSIDE),)
    label, guard.label = guard.label, "numpy.random.seed"
    try:
        result = original(*args)
    finally:
        guard.label = label
    _guarded(states.after_seeding, "numpy")
    return result


def _guarded(function, *args):
    """Runs a function of ours; its faults are noted."""
    busy = guard.busy
    guard.busy = True
    try:
        function(*args)
    except Exception as error:
        faults.note(function.__name__, error)
    finally:
        guard.busy = busy


def patch_generator(module):
    """default_rng(seed)."""
    original = getattr(module, "default_rng", None)
    if original is None or getattr(original, "_trainlock", False):
        return

    @functools.wraps(original)
    def default_rng(seed=None):
        if not here.alive or guard.busy:
            return original(seed)
        if seed is not None:
            seed = _explicit_default(seed, _getframe().f_back)
        label, guard.label = guard.label, "numpy.random.default_rng"
        try:
            return original(seed)
        finally:
            guard.label = label

    default_rng._trainlock = True
    module.default_rng = default_rng
    package = sys.modules.get("numpy.random")
    if package is not None and getattr(package, "default_rng", None) is original:
        package.default_rng = default_rng


def _explicit_default(seed, frame):
    kind = type(seed)
    if kind.__module__.startswith("numpy.random") or hasattr(seed, "capsule") or hasattr(seed, "generate_state"):
        return seed
    return tape.explicit("numpy", "numpy.random.default_rng", seed, frame, _INSIDE)


def _play_back(module):
    """In a replay whose tape has seeds of RandomState: its generator takes the recorded seed in the place of the clock's."""
    real = module._MT19937

    class MT19937(real):
        __slots__ = ()

        def _legacy_seeding(self, seed):
            label, guard.label = guard.label, "numpy.random.RandomState"
            try:
                if seed is not None and label is None:
                    frame = _getframe().f_back
                    _take_back(frame)
                    seed = tape.explicit("numpy", "numpy.random.RandomState", seed, frame, _INSIDE)
                return real._legacy_seeding(self, seed)
            finally:
                guard.label = label

        @property
        def state(self):
            # A new text for the name each time, as the genuine type gives it: pickles of it are then the same bytes.
            return dict(real.state.__get__(self), bit_generator="".join(("MT", "19937")))

        @state.setter
        def state(self, value):
            real.state.__set__(self, value)

        def __reduce__(self):
            # Pickles as what it stands for.
            make, arguments, *rest = real.__reduce__(self)
            return (make, tuple([real if argument is MT19937 else argument for argument in arguments]), *rest)

    class Maker:
        """Makes the generators of RandomState and passes for their class."""

        def __call__(self, *args, **kwargs):
            return MT19937(*args, **kwargs)

        def __instancecheck__(self, instance):
            return isinstance(instance, real)

        def __getattr__(self, name):
            return getattr(real, name)

    module._MT19937 = Maker()


def patch_package(module):
    """NumPy is loaded: the search path is told early, for the case that the process does not live to tell it."""
    from .end import tell_search_path

    tell_search_path()


def _state_bytes(module):
    import struct

    generator = getattr(module._rand, "_bit_generator", None)
    if generator is not None and type(generator).__name__ != "MT19937":  # set by the program; get_state would warn
        return repr(generator.state).encode("utf-8")
    name, key, position, has_gauss, gauss = module._rand.get_state()
    return name.encode("ascii") + key.astype("<u4").tobytes() + struct.pack("<qqd", position, has_gauss, gauss)


def _state_at_once(module):
    """The same if nobody holds the generator's lock, else None."""
    lock = getattr(getattr(module._rand, "_bit_generator", None), "lock", None)
    if lock is None or not lock.acquire(False):
        return None
    lock.release()
    return _state_bytes(module)


def release():
    """Back to the system's entropy, if the program has not seeded the global generator."""
    module = sys.modules.get("numpy.random.mtrand")
    generator = states.generator_of("numpy")
    if module is None or generator is None or generator.seeded:
        return
    _seed_global(module, False)
