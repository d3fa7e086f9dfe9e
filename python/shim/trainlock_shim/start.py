"""Begins the recording of a process: at the start of a program, and again in a copy after a fork."""

import atexit
import os
import posix
import sys
import time

from . import faults, log
from .here import guard, here
from .json_text import encode, members, path_members, quote
from .settings import read_bytes, read_settings

_ID_LETTERS = frozenset("0123456789.+")


def start():
    """Never raises an Exception. Without settings, folder or place for the log, nothing is installed at all."""
    guard.busy = True
    try:
        if not _prepare():
            return
        _install()
    except Exception as error:
        here.alive = False
        try:
            faults.note("start", error)
        except Exception:
            pass
    finally:
        guard.busy = False


def _prepare():
    environment = os.environ
    run_folder = environment.get("TRAINLOCK_RUN_DIR", "")
    wanted = environment.get("TRAINLOCK_PROCESS", "0")
    if not run_folder.startswith("/") or not _ID_LETTERS.issuperset(wanted) or not wanted[:1].isdigit() or len(wanted) > 200:
        return False
    try:
        settings = read_settings(run_folder)
    except OSError:
        return False
    if settings.get("version") != "1":
        return False
    here.start_ns = time.time_ns()
    here.run_folder = run_folder
    here.shim = settings.get("shim") or __file__.rpartition("/")[0].rpartition("/")[0]
    here.events = settings.get("events") or run_folder + "/events"
    here.project = settings.get("project", "")
    here.deterministic = settings.get("deterministic") == "1"
    here.replay = settings.get("replay") == "1"
    here.tape_file = settings.get("tape") or None
    here.maps = tuple(settings["map"])
    here.hash_seed = environment.get("PYTHONHASHSEED")
    try:
        here.working = posix.getcwd()
    except OSError:
        here.working = settings.get("working", "")
    here.rank, local_rank, world_size, launcher = _rank(environment)
    try:
        here.process = log.claim(_with_rank(wanted))
    except OSError:
        return False
    here.parent = wanted.rpartition(".")[0]
    here.alive = True
    _take_root(settings)
    _tell_start(environment, local_rank, world_size, launcher)
    return True


def _take_root(settings):
    """Own the entropy only with a root in hand."""
    if settings.get("entropy") != "own":
        return
    try:
        root = read_bytes(settings.get("root_file", ""), 64)
    except OSError as error:
        faults.note("root", error)
        return
    if len(root) == 32:
        here.root = root
        here.own = True
    else:
        faults.say("root", "the root file does not hold 32 bytes")


_RANKS = (
    ("RANK", "LOCAL_RANK", "WORLD_SIZE", "torchrun"),
    ("OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_LOCAL_RANK", "OMPI_COMM_WORLD_SIZE", "mpi"),
    ("PMI_RANK", "MPI_LOCALRANKID", "PMI_SIZE", "mpi"),
    ("SLURM_PROCID", "SLURM_LOCALID", "SLURM_NTASKS", "slurm"),
)


def _rank(environment):
    """(rank, local rank, world size, launcher) as text, each empty if not known."""
    for rank, local, world, launcher in _RANKS:
        value = environment.get(rank, "")
        if value.isdigit() and len(value) < 10:
            if launcher == "torchrun" and "TORCHELASTIC_RUN_ID" not in environment:
                launcher = ""
            return value.lstrip("0") or "0", environment.get(local, ""), environment.get(world, ""), launcher
    return "", "", "", ""


def _with_rank(wanted):
    """
    Programs that mpirun or srun start under the first id would race for it: the rank decides instead. Children of a traced
    Python program have ids of their own.
    """
    if here.rank not in ("", "0") and "." not in wanted and "+" not in wanted:
        return wanted + "+" + here.rank
    return wanted


def _number(text):
    return int(text) if text.isdigit() and len(text) < 10 else None


def _tell_start(environment, local_rank, world_size, launcher):
    from .children import arguments_text

    version, _, rest = sys.version.partition(" ")
    suffixes = sys.modules["_imp"].extension_suffixes() if "_imp" in sys.modules else []
    soabi = suffixes[0].strip(".").rpartition(".")[0] if suffixes else None
    fields = (
        ',"version":1'
        + members({"process": here.process, "parent": here.parent, "pid": posix.getpid(), "ppid": posix.getppid(), "how": here.how})
        + ',"argv":'
        + arguments_text(_argv())
        + path_members(sys.executable or "", "executable", "rawExecutable").partition(',"rawExecutable"')[0]
        + members(
            {
                "implementation": sys.implementation.name,
                "pythonVersion": version,
                "build": rest.partition("[")[0].strip(" \n()"),
                "compiler": rest.partition("[")[2].strip(" \n[]"),
                "prefix": sys.prefix,
                "basePrefix": sys.base_prefix,
                "soabi": soabi,
                "cwd": here.working,
                "hashSeed": here.hash_seed,
                "rank": _number(here.rank),
                "localRank": _number(local_rank),
                "worldSize": _number(world_size),
                "launcher": launcher or None,
            }
        )
    )
    log.emit("start", fields)


def _argv():
    argv = getattr(sys, "orig_argv", None)
    if argv:
        return argv
    try:
        return [os.fsdecode(part) for part in read_bytes("/proc/self/cmdline").split(b"\0")[:-1]]
    except OSError:
        return [sys.executable] + list(getattr(sys, "argv", []))


def _install():
    from . import audit, children, environment, imports
    from .end import at_exit

    children.install()
    environment.install()
    imports.install()
    atexit.register(at_exit)
    audit.install()


def begin_copy(child):
    """In the child of a fork: an own log, an own id, everything counted anew."""
    from . import end, network, opened

    log.leave()
    here.parent = here.process
    here.how = "fork"
    here.children = 0
    try:
        here.process = log.claim(child)
    except OSError:
        here.alive = False
        return
    here.start_ns = time.time_ns()
    os.environ["TRAINLOCK_PROCESS"] = here.process
    opened.forget()
    network.forget()
    end.forget()
    environment = os.environ
    _, local_rank, world_size, launcher = _rank(environment)
    _tell_start(environment, local_rank, world_size, launcher)
    for name in ("seeds", "states", "entropy", "tape", "sampler_patch", "split_patch", "metric_patch", "warning_patch", "environment"):
        module = sys.modules.get("trainlock_shim." + name)
        if module is not None:
            module.after_fork()
