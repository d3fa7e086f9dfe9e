"""Python's random module: the module's own generator, Random() and random.seed()."""

import functools
import os
from sys import _getframe

from . import entropy, faults, seeds, states, tape
from .here import guard, here

_inside = ("/random.py",)
_original = None
_module = None


def _state_bytes(module):
    import struct

    version, numbers, gauss = module._inst.getstate()
    return struct.pack("<I%dI" % len(numbers), version, *numbers) + repr(gauss).encode("ascii")


def patch(module):
    """Wraps Random.seed, seeds the module's generator from the root, and seeds it anew in every copy after a fork."""
    global _original, _module, _inside
    if _module is module and getattr(module.Random.seed, "_trainlock", False):
        return
    _module = module
    original = _original = module.Random.seed
    _inside = (module.Random.__init__.__code__.co_filename,)

    @functools.wraps(original)
    def seed(self, a=None, version=2):
        if not here.alive or guard.busy:
            return original(self, a, version)
        return _seed(self, a, version)

    seed._trainlock = True
    module.Random.seed = seed
    module.seed = module._inst.seed
    states.watch("random", functools.partial(_state_bytes, module), "random")
    _seed_global("random")
    os.register_at_fork(after_in_child=_after_fork)


def _seed(self, a, version):
    is_global = self is _module._inst
    api = "random.seed" if is_global else "random.Random"
    frame = _getframe(1).f_back
    if a is None:
        a = _unseeded(api, frame, is_global)
        if a is not None:
            version = 2
    else:
        _before(is_global)
        a = tape.explicit("random", api, a, frame, _inside)
    result = _original(self, a, version)
    if is_global:
        _after()
    return result


def _unseeded(api, frame, is_global):
    guard.busy = True
    try:
        if entropy.is_exempt(frame, _inside):
            return None
        if is_global:
            states.before_seeding("random")
        place = entropy.place_of(frame, api, "unseeded", _inside)
        value = int.from_bytes(place.derive(32), "big") if entropy.is_owned() else None
        seeds.tell("random", api, "unseeded" if value is None else "owned", value, place.site)
        return value
    except Exception as error:
        faults.note(api, error)
        return None
    finally:
        guard.busy = False


def _before(is_global):
    if not is_global:
        return
    guard.busy = True
    try:
        states.before_seeding("random")
    except Exception as error:
        faults.note("random.seed", error)
    finally:
        guard.busy = False


def _after():
    guard.busy = True
    try:
        states.after_seeding("random")
    except Exception as error:
        faults.note("random.seed", error)
    finally:
        guard.busy = False


def _seed_global(api):
    """Seeds the module's generator, which Python seeded from the system, from the root."""
    value = None
    if entropy.is_owned():
        value = int.from_bytes(entropy.global_place(api).derive(32), "big")
        _original(_module._inst, value)
    states.generator_of("random").api = api
    states.set_unseeded("random", "unseeded" if value is None else "owned", value)


def _after_fork():
    """Python has just seeded the generator from the system, whatever the parent did."""
    if not here.alive:
        return
    guard.busy = True
    try:
        _seed_global("random.fork")
    except Exception as error:
        faults.note("random after fork", error)
    finally:
        guard.busy = False


def release():
    """Back to the system's entropy, if the program has not seeded the generator."""
    if _module is None or states.generator_of("random").seeded:
        return
    _original(_module._inst, None)
    states.set_unseeded("random", "unseeded", None)
