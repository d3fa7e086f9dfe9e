"""Every process that this one makes gets an id and our variables: fork, subprocess, multiprocessing, posix_spawn, exec, system."""

import os
import posix
import sys
from _thread import allocate_lock

from . import faults
from .here import guard, here
from .json_text import encode, quote
from .log import emit
from .standing import Standing

_OURS = ("TRAINLOCK_RUN_DIR", "TRAINLOCK_PROCESS")
_MOST_ARGUMENTS = 1000
_putenv_lock = allocate_lock()


def next_child():
    """The id of the next child, counted over forks and programs together."""
    number = here.children
    here.children = number + 1
    return here.process + "." + str(number)


def arguments_text(argv):
    """Arguments as text, secrets masked, as a JSON array."""
    from .masking import mask_arguments

    return encode(mask_arguments([os.fsdecode(part) if isinstance(part, (bytes, os.PathLike)) else str(part) for part in list(argv)[:_MOST_ARGUMENTS]]))


# ---- the surroundings of a child -------------------------------------------------------------------------------------------


def python_path(before):
    """PYTHONPATH with our folder in it."""
    if not before:
        return here.shim
    return before if here.shim in before.split(":") else here.shim + ":" + before


def _is_other_run(run_folder):
    """A program that starts another recorded run hands on that run's variables: leave them alone."""
    return run_folder is not None and run_folder != here.run_folder


def with_ours(environment, child):
    """A copy of a mapping of variables with ours in it; the mapping itself if it belongs to another run."""

    def found(name):
        value = environment.get(name)
        if value is None and environment is not os.environ:  # which takes text only
            value = environment.get(os.fsencode(name))
        return None if value is None else os.fsdecode(value)

    if _is_other_run(found("TRAINLOCK_RUN_DIR")):
        return environment
    result = dict(environment)
    ours = {"TRAINLOCK_RUN_DIR": here.run_folder, "TRAINLOCK_PROCESS": child, "PYTHONPATH": python_path(found("PYTHONPATH"))}
    if here.own and here.hash_seed and found("PYTHONHASHSEED") is None:
        ours["PYTHONHASHSEED"] = here.hash_seed
    for name, value in ours.items():
        result.pop(os.fsencode(name), None)
        result[name] = value
    return result


def _list_with_ours(entries, child):
    """The same for a list of b"NAME=value"."""
    mapping = {}
    others = []
    for entry in entries:
        name, mark, value = bytes(entry).partition(b"=")
        if mark and name in (b"TRAINLOCK_RUN_DIR", b"TRAINLOCK_PROCESS", b"PYTHONPATH", b"PYTHONHASHSEED"):
            mapping[os.fsdecode(name)] = os.fsdecode(value)
        else:
            others.append(entry)
    changed = with_ours(mapping, child)
    if changed is mapping:
        return entries
    return others + [os.fsencode(name) + b"=" + os.fsencode(value) for name, value in changed.items()]


def _inherits_ours():
    """Whether a child that inherits our variables as they are will find what it needs."""
    data = os.environ
    return data.get("TRAINLOCK_RUN_DIR") == here.run_folder and here.shim in data.get("PYTHONPATH", "").split(":")


def _tell_spawn(child, pid, executables, argv):
    from .lost_hooks import why_lost

    reason = why_lost([os.fsdecode(path) for path in executables], [os.fsdecode(part) for part in argv])
    emit(
        "spawn",
        ',"argv":%s,"child":%s%s,"hooks":"%s"%s'
        % (arguments_text(argv), quote(child), "" if pid is None else ',"pid":%d' % pid, "lost" if reason else "passed", ',"reason":' + quote(reason) if reason else ""),
    )


# ---- subprocess and multiprocessing: _posixsubprocess.fork_exec ---------------------------------------------------------------


def patch_fork_exec(module):
    """Wraps the one function through which subprocess and multiprocessing start programs."""
    original = module.fork_exec
    if isinstance(original, Standing):
        return

    def fork_exec(*args, **kwargs):
        if not here.alive or guard.spawning:
            return original(*args, **kwargs)
        plan = None
        try:
            plan = _plan(args)
        except Exception as error:
            faults.note("fork_exec", error)
        if plan is None:
            return original(*args, **kwargs)
        child, args, restore = plan
        guard.spawning = True
        try:
            pid = original(*args, **kwargs)
        finally:
            guard.spawning = False
            if restore is not None:
                restore()
        _after_spawn(child, pid, args[1], args[0])
        return pid

    module.fork_exec = Standing(original, fork_exec)
    subprocess = sys.modules.get("subprocess")
    if subprocess is not None and getattr(subprocess, "_fork_exec", None) is original:
        subprocess._fork_exec = module.fork_exec


def _plan(args):
    """(child id, arguments, how to put things back) of a fork_exec. Argument 5 holds the variables since Python 3.8."""
    if len(args) < 6:
        return None
    entries = args[5]
    child = next_child()
    if entries is None:
        if _is_other_run(os.environ.get("TRAINLOCK_RUN_DIR")):
            return child, args, None
        if _inherits_ours():
            return child, args, _lend(child)
        entries = [name + b"=" + value for name, value in os.environb.items()]
    return child, args[:5] + (_list_with_ours(entries, child),) + args[6:], None


def _lend(child):
    """Puts the child's id into the variables that it inherits; gives back how to restore them."""
    lock = _putenv_lock
    held = lock.acquire(True, 0.5)  # never for ever: an interrupt may have torn its holder away
    posix.putenv("TRAINLOCK_PROCESS", child)

    def restore():
        try:
            posix.putenv("TRAINLOCK_PROCESS", here.process)
        finally:
            if held:
                lock.release()

    return restore


def _after_spawn(child, pid, executables, argv):
    if guard.busy:
        return
    guard.busy = True
    try:
        _tell_spawn(child, pid, list(executables), list(argv))
    except Exception as error:
        faults.note("spawn", error)
    finally:
        guard.busy = False


# ---- fork ---------------------------------------------------------------------------------------------------------------------


def _before_fork():
    if not here.alive or guard.spawning:
        return
    busy = guard.busy
    guard.busy = True
    try:
        guard.forking = next_child()
        emit("fork", ',"child":' + quote(guard.forking))
    except Exception as error:
        faults.note("fork", error)
    finally:
        guard.busy = busy


def _after_fork_in_parent():
    guard.forking = None


def _after_fork_in_child():
    global _putenv_lock
    child = guard.forking
    guard.forking = None
    if not here.alive:
        return
    if guard.spawning or child is None:  # about to become another program
        here.alive = False
        return
    _putenv_lock = allocate_lock()
    guard.busy = True
    try:
        from .start import begin_copy

        begin_copy(child)
    except Exception as error:
        here.alive = False
        faults.note("fork in the child", error)
    finally:
        guard.busy = False


# ---- posix_spawn, exec, system --------------------------------------------------------------------------------------------------


def _posix_spawn(original):
    def call(path, argv, env, *args, **kwargs):
        if not here.alive or guard.spawning:
            return original(path, argv, env, *args, **kwargs)
        child = restore = None
        try:
            argv = list(argv)
            child = next_child()
            env, restore = _surroundings(env, child)
        except Exception as error:
            faults.note("posix_spawn", error)
        try:
            pid = original(path, argv, env, *args, **kwargs)
        finally:
            if restore is not None:
                restore()
        if child is not None:
            _after_spawn(child, pid, [path], argv)
        return pid

    return call


def _surroundings(environment, child):
    """(variables for a child, how to put things back). None, which Python 3.13 takes, means our own variables as they are."""
    if environment is not None:
        return with_ours(environment, child), None
    if _is_other_run(os.environ.get("TRAINLOCK_RUN_DIR")):
        return None, None
    if _inherits_ours():
        return None, _lend(child)
    return with_ours(os.environ, child), None


def _execve(original):
    def call(path, argv, env):
        if here.alive:
            try:
                env = with_ours(env, here.process)
            except Exception as error:
                faults.note("execve", error)
        return original(path, argv, env)

    return call


def _system(original):
    def call(command):
        if not here.alive or guard.spawning:
            return original(command)
        restore = None
        try:
            child = next_child()
            if not _is_other_run(os.environ.get("TRAINLOCK_RUN_DIR")) and _inherits_ours():
                # The lock is not held while the command runs: programs that other threads start have their own variables.
                posix.putenv("TRAINLOCK_PROCESS", child)
                restore = True
            _after_spawn(child, None, ["/bin/sh"], ["sh", "-c", command])
        except Exception as error:
            faults.note("system", error)
        try:
            return original(command)
        finally:
            if restore:
                posix.putenv("TRAINLOCK_PROCESS", here.process)

    return call


def on_exec(args):
    """Audit event os.exec(path, argv, variables): this process is about to become another program."""
    path, argv = args[0], args[1]
    if isinstance(path, int) or not posix.access(path, posix.X_OK):
        return
    from .end import before_exec
    from .lost_hooks import why_lost

    before_exec()
    text = [os.fsdecode(part) for part in argv]
    reason = why_lost([os.fsdecode(path)], text)
    emit("exec", ',"argv":' + arguments_text(text) + (',"hooks":"lost","reason":' + quote(reason) if reason else ""))


def install():
    """Wraps what starts processes."""
    os.register_at_fork(before=_before_fork, after_in_parent=_after_fork_in_parent, after_in_child=_after_fork_in_child)
    for name, wrap in (("posix_spawn", _posix_spawn), ("posix_spawnp", _posix_spawn), ("execve", _execve), ("system", _system)):
        original = getattr(posix, name, None)
        if original is None:
            continue
        standing = Standing(original, wrap(original))
        setattr(posix, name, standing)
        if getattr(os, name, None) is original:
            setattr(os, name, standing)
    if "_posixsubprocess" in sys.modules:
        patch_fork_exec(sys.modules["_posixsubprocess"])
