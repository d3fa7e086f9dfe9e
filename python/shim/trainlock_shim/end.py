"""What is told at the end of a process; the cheap part also early, because a process may die without an end."""

import posix
import sys

from . import faults, log
from .here import guard, here

_FRAMEWORKS = ("numpy", "torch", "sklearn", "scipy", "pandas", "tensorflow", "jax", "lightgbm", "xgboost")
_ended = False
_early = False
_files_told = frozenset()


def forget():
    """In a child after a fork: its own end is to come. What it has from its parent is not told again."""
    global _ended, _files_told
    _ended = False
    _files_told = frozenset(_module_files())


def tell_search_path():
    """sys.path without our folder."""
    ours = here.shim.rstrip("/")
    paths = [_shown(path) for path in sys.path if isinstance(path, str) and path.rstrip("/") != ours]
    log.tell("search-path", paths=[path[:16_000] for path in paths])


def _shown(path):
    return path if path else here.working


def early():
    """Once, at the first epoch, split or score: what was imported and mapped by then. Called from within a hook or not."""
    global _early
    if _early or not here.alive or here.how == "fork":
        return
    _early = True
    busy = guard.busy
    guard.busy = True
    try:
        _facts(False)
    except Exception as error:
        faults.note("early facts", error)
    finally:
        guard.busy = busy


def before_exec():
    """This program is about to be replaced: exit handlers will not run."""
    if _ended or not here.alive or here.how == "fork":
        return
    _open_ends()
    _facts(False)


def at_exit():
    """The exit handler of the process. Never raises an Exception."""
    global _ended
    if _ended or not here.alive:
        return
    _ended = True
    busy = guard.busy
    guard.busy = True
    try:
        _open_ends()
        _facts(True)
    except Exception as error:
        faults.note("end", error)
    try:
        log.tell("end", **_usage())
    except Exception as error:
        faults.note("end", error)
    finally:
        guard.busy = busy


def _open_ends():
    loaded = sys.modules
    for name, function in (("numpy_patch", "flush"), ("sampler_patch", "tell_unfinished"), ("tape", "check_end"), ("warning_patch", "tell_rest")):
        module = loaded.get("trainlock_shim." + name)
        if module is not None:
            _guarded(getattr(module, function))
    states = loaded.get("trainlock_shim.states")
    if states is not None:
        states.tell("end")
    _guarded(_environment)


def _environment():
    from .environment import names_read

    names = names_read()
    if names:
        log.tell("environment-read", names=names)


def _guarded(function, *args):
    try:
        function(*args)
    except Exception as error:
        faults.note(function.__name__, error)


def _facts(last):
    """`last`: at the very end also what might warn or start something."""
    if here.how == "fork":
        _guarded(_modules)
        return
    _guarded(tell_search_path)
    _guarded(_modules)
    if not any(name in sys.modules for name in _FRAMEWORKS):
        return
    from . import libraries, mapped

    _guarded(mapped.tell)
    _guarded(libraries.tell)
    if last:
        from . import native_threads, runtime

        _guarded(native_threads.tell)
        _guarded(runtime.tell)


# Parts of a library that tell whether it is used for files, and not only there because another one imports it.
_TELLING = ("pyarrow.parquet", "pyarrow.dataset", "pyarrow.csv", "pyarrow.feather", "pyarrow.orc", "pyarrow.fs")


def _modules():
    files = _module_files()
    if here.how == "fork":
        files = [file for file in files if file not in _files_told]
        if not files:
            return
    names = sorted(({name.partition(".")[0] for name in list(sys.modules)} | {name for name in _TELLING if name in sys.modules}) - {"trainlock_shim"})
    log.tell("modules", names=names, files=files)


def _module_files():
    from .places import USER, absolute, kind_of

    files = {absolute(here.script)[:16_000]} if here.script else set()
    for module in list(sys.modules.values()):
        file = getattr(module, "__dict__", {}).get("__file__")
        if isinstance(file, str) and file and kind_of(file) == USER:
            files.add(absolute(file)[:16_000])
    return sorted(files)


def _usage():
    usage = {}
    times = posix.times()
    usage["userMs"] = int(times[0] * 1000)
    usage["systemMs"] = int(times[1] * 1000)
    from .settings import read_bytes

    try:
        for line in read_bytes("/proc/self/status", 16_384).split(b"\n"):
            if line.startswith(b"VmHWM:"):
                usage["peakMemoryBytes"] = int(line.split()[1]) * 1024
    except (OSError, ValueError, IndexError):
        pass
    return usage


