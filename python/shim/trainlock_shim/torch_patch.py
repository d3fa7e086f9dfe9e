"""PyTorch: the default generator, manual_seed() and seed()."""

import functools
import sys
from sys import _getframe

from . import entropy, faults, log, seeds, states, tape
from .here import guard, here

_INSIDE = ("/torch/random.py", "/torch/cuda/random.py", "/torch/_compile.py", "/torch/_dynamo/eval_frame.py", "/torch/_dynamo/external_utils.py")
_MOST_SEED = 53  # bits, as many as PyTorch draws itself
_random = None
_manual_seed = None
_value = None
_complete = False


def _fresh_seed(place):
    return int.from_bytes(place.derive(8), "big") >> (64 - _MOST_SEED)


def patch_random(module):
    """Seeds the default generator from the root and wraps the two functions before anyone takes them."""
    global _random, _manual_seed
    if getattr(module.manual_seed, "_trainlock", False):
        return
    _random = module
    _manual_seed = module.manual_seed
    original_seed = module.seed
    states.watch("torch", functools.partial(_state_bytes, module), "torch")
    _seed_global(entropy.is_owned())

    @functools.wraps(_manual_seed)
    def manual_seed(seed):
        if not here.alive or guard.busy or guard.seeding:
            return _manual_seed(seed)
        return _explicit(_manual_seed, "torch.manual_seed", seed, _getframe().f_back, True)

    @functools.wraps(original_seed)
    def seed():
        if not here.alive or guard.busy or guard.seeding:
            return original_seed()
        return _unseeded(original_seed, _getframe().f_back)

    manual_seed._trainlock = seed._trainlock = True
    for holder in (module, sys.modules.get("torch")):
        if holder is not None and getattr(holder, "manual_seed", None) is _manual_seed:
            holder.manual_seed = manual_seed
        if holder is not None and getattr(holder, "seed", None) is original_seed:
            holder.seed = seed


def _seed_global(owned):
    global _value
    generator = _random.default_generator
    value = None
    if owned:
        value = _fresh_seed(entropy.global_place("torch"))
        generator.manual_seed(value)
    _value = value
    states.set_unseeded("torch", "unseeded" if value is None else "owned", value, functools.partial(_state_after, generator.initial_seed()))


def _explicit(original, api, seed, frame, is_global):
    if is_global:
        _guarded(states.before_seeding, "torch")
    seed = tape.explicit("torch", api, seed, frame, _INSIDE)
    guard.seeding += 1
    try:
        result = original(seed)
    finally:
        guard.seeding -= 1
    if is_global:
        _guarded(states.after_seeding, "torch")
    return result


def _unseeded(original, frame):
    value = None
    guard.busy = True
    try:
        states.before_seeding("torch")
        place = entropy.place_of(frame, "torch.seed", "unseeded", _INSIDE)
        value = _fresh_seed(place) if entropy.is_owned() else None
        seeds.tell("torch", "torch.seed", "unseeded" if value is None else "owned", value, place.site)
    except Exception as error:
        faults.note("torch.seed", error)
    finally:
        guard.busy = False
    guard.seeding += 1
    try:
        if value is None:
            result = original()
        else:
            _manual_seed(value)
            result = value
    finally:
        guard.seeding -= 1
    _guarded(states.after_seeding, "torch")
    return result


def _guarded(function, *args):
    busy = guard.busy
    guard.busy = True
    try:
        function(*args)
    except Exception as error:
        faults.note(function.__name__, error)
    finally:
        guard.busy = busy


def patch_cuda_random(module):
    """torch.cuda.manual_seed and manual_seed_all, where the program calls them itself."""
    for name in ("manual_seed", "manual_seed_all"):
        original = getattr(module, name, None)
        if original is not None and not getattr(original, "_trainlock", False):
            wrapped = _wrap_cuda(original, "torch.cuda." + name)
            setattr(module, name, wrapped)
            package = sys.modules.get("torch.cuda")
            if package is not None and getattr(package, name, None) is original:
                setattr(package, name, wrapped)


def _wrap_cuda(original, api):
    @functools.wraps(original)
    def seeding(seed):
        if not here.alive or guard.busy or guard.seeding:
            return original(seed)
        return _explicit(original, api, seed, _getframe().f_back, False)

    seeding._trainlock = True
    return seeding


def patch_package(module):
    """PyTorch is complete: accelerators get the seed of the default generator, as manual_seed does it; deterministic mode if asked for."""
    global _complete
    _complete = True
    generator = states.generator_of("torch")
    if _value is not None and generator is not None and not generator.seeded and _has_accelerator(module):
        guard.seeding += 1
        try:
            module.cuda.manual_seed_all(_value)  # kept until the first use of a device; starts nothing
        finally:
            guard.seeding -= 1
    if here.deterministic:
        make_deterministic(module)


def _has_accelerator(module):
    version = getattr(module, "version", None)
    if not (getattr(version, "cuda", None) or getattr(version, "hip", None)):
        return False
    import posix

    return posix.access("/dev/nvidiactl", posix.F_OK) or posix.access("/dev/kfd", posix.F_OK) or posix.access("/dev/dxg", posix.F_OK)


def make_deterministic(module):
    """Asked for with --deterministic: algorithms that give the same bits, with a warning where there are none."""
    module.use_deterministic_algorithms(True, warn_only=True)
    module.backends.cudnn.deterministic = True
    module.backends.cudnn.benchmark = False
    log.tell("runtime", settings={"trainlock.deterministic": "torch.use_deterministic_algorithms(True, warn_only=True); cudnn.deterministic = True; cudnn.benchmark = False"})


def _state_bytes(module):
    # Tensors do not work before PyTorch is complete: asking for a state would crash the process.
    return _bytes_of(module.default_generator.get_state()) if _complete else b""


def _state_after(seed):
    """The state of a generator that was just given this seed."""
    if not _complete:
        return b""
    generator = sys.modules["torch"].Generator()
    generator.manual_seed(seed)
    return _bytes_of(generator.get_state())


def _bytes_of(state):
    try:
        return state.numpy().tobytes()
    except Exception:  # without NumPy
        return bytes(state.tolist())


def release():
    """Back to the system's entropy, if the program has not seeded the default generator."""
    generator = states.generator_of("torch")
    if _random is None or generator is None or generator.seeded:
        return
    _random.default_generator.seed()
    torch = sys.modules.get("torch")
    if torch is not None and _has_accelerator(torch):
        torch.cuda.seed_all()
    _seed_global(False)
