"""Files that the program opens, lists, renames and removes, seen through audit events."""

import os
import posix
import sys
from sys import _getframe

from .json_text import path_members
from .log import emit
from .places import quiet_roots, learn_roots, user_site_text

_MOST_KNOWN = 200_000
_NOT_A_FILE = posix.O_DIRECTORY | getattr(posix, "O_PATH", 0o10000000)
_MODES = ("r", "w", "rw", "rw")
_TOLD_DEVICES = ("/dev/shm/", "/dev/urandom", "/dev/random")

# Arguments of open that need no further look, for the current working folder.
known = set()
_folder = ""
_seen = set()
_absent = set()
_listed = set()
_quiet = ()
_quiet_for = -1


def forget():
    """Starts anew: in a child after a fork."""
    known.clear()
    _seen.clear()
    _absent.clear()
    _listed.clear()


def is_quiet(path):
    """Whether reading this absolute path is not told."""
    global _quiet, _quiet_for
    if _quiet_for != len(sys.path):
        learn_roots()
        _quiet = quiet_roots()
        _quiet_for = len(sys.path)
    return path.startswith(_quiet)


def path_of(path):
    """A path argument as text, or None if it is a descriptor or nothing."""
    if type(path) is str:
        return path
    if path is None or isinstance(path, int):
        return None
    return os.fsdecode(path)


def full(path):
    """An absolute path without needless parts. Raises OSError if the working folder is gone."""
    global _folder
    if path[:1] != "/":
        if not _folder:
            _folder = posix.getcwd() + "/"
        path = _folder + path
    if "/." in path or "//" in path:
        clean = os.path.normpath(path)
        if "/../" in path and not _same(path, clean):
            return path
        return clean
    return path


def _same(one, other):
    """Whether leaving out `..` keeps the meaning: not so behind a link to a folder."""
    try:
        first = posix.stat(one)
    except OSError:
        return True
    try:
        second = posix.stat(other)
    except OSError:
        return False
    return (first.st_ino, first.st_dev) == (second.st_ino, second.st_dev)


def on_open(args):
    """Audit event open(path, mode, flags): told once per path and mode, with what was found before the opening."""
    path, mode, flags = args
    if flags is None:
        flags = 0
    if flags & _NOT_A_FILE:
        return
    if type(path) is not str:
        path = path_of(path)
        if path is None:
            return
    access = _MODES[flags & 3]
    if access == "r":
        if flags & posix.O_CREAT:
            access = "rw"
        elif path.startswith(_quiet) and _quiet_for == len(sys.path):
            _remember(args)
            return
    path = full(path)
    if path.endswith(".pyc") or "/__pycache__/" in path:
        if access != "r":
            return
        path = _source_of(path)
    if (access == "r" and is_quiet(path)) or path.startswith("/dev/") and not path.startswith(_TOLD_DEVICES):
        _remember(args)
        return
    if (path, access) in _seen:
        _remember(args)
        return
    try:
        found = posix.stat(path)
    except OSError as error:
        _not_found(path, access, mode, error)
        return
    if len(_seen) > _MOST_KNOWN:
        _seen.clear()
    _seen.add((path, access))
    _remember(args)
    kind = found[0] & 0o170000
    if kind == 0o040000:
        return
    emit(
        "open",
        '%s,"mode":"%s","existed":true,"sizeBytes":%d,"mtimeNs":"%d","ctimeNs":"%d","inode":"%d","device":"%d"%s'
        % (path_members(path), access, found[6], max(0, found.st_mtime_ns), max(0, found.st_ctime_ns), found[1], found[2], user_site_text()),
    )


def _not_found(path, access, mode, error):
    if access != "r":
        _told(path, access)
        emit("open", '%s,"mode":"%s","existed":false%s' % (path_members(path), access, user_site_text()))
    # os.open may have been given a folder's descriptor that we cannot see: say nothing then.
    elif mode is not None and isinstance(error, (FileNotFoundError, NotADirectoryError)) and path not in _absent:
        if len(_absent) > _MOST_KNOWN:
            _absent.clear()
        _absent.add(path)
        emit("absent", path_members(path))


def _remember(args):
    if type(args[0]) is not str:
        return
    if len(known) > _MOST_KNOWN:
        known.clear()
    known.add(args)


def _told(path, access):
    if len(_seen) > _MOST_KNOWN:
        _seen.clear()
    _seen.add((path, access))


def _source_of(path):
    """The source that a compiled file was made from, if it lies where it should."""
    folder, _, name = path.rpartition("/")
    stem = name.partition(".")[0]
    if folder.endswith("/__pycache__"):
        folder = folder[: -len("/__pycache__")]
        if sys.pycache_prefix and folder.startswith(sys.pycache_prefix):
            folder = folder[len(sys.pycache_prefix) :]
    return folder + "/" + stem + ".py"


def _drop(path):
    known.clear()
    _absent.discard(path)
    for access in ("r", "w", "rw"):
        _seen.discard((path, access))


def on_folder_change(args):
    """Audit events os.chdir and os.fchdir: relative names mean something else from now on."""
    global _folder
    _folder = ""
    known.clear()


def on_rename(args):
    """Audit events os.rename and os.link (source, target, and folder descriptors)."""
    if args[2] != -1 or args[3] != -1:
        return
    source, target = path_of(args[0]), path_of(args[1])
    if source is None or target is None:
        return
    source, target = full(source), full(target)
    if "/__pycache__/" in target or target.endswith(".pyc"):
        return
    _drop(source)
    emit("rename", path_members(source, "from", "rawFrom") + path_members(target, "to", "rawTo"))


def on_remove(args):
    """Audit event os.remove(path, folder descriptor)."""
    path = path_of(args[0])
    if path is None or args[1] != -1:
        return
    path = full(path)
    if "/__pycache__/" in path:
        return
    _drop(path)
    emit("remove", path_members(path))


def on_list(args):
    """Audit events os.listdir and os.scandir; the import system's own listings are passed over."""
    path = args[0]
    if path is None:
        path = "."
    path = path_of(path)
    if path is None:
        return
    frame = _getframe(1).f_back
    if frame is not None and frame.f_code.co_filename.startswith("<frozen importlib"):
        return
    path = full(path)
    if path in _listed or is_quiet(path + "/"):
        return
    try:
        posix.stat(path)
    except OSError:
        return
    if len(_listed) > _MOST_KNOWN:
        _listed.clear()
    _listed.add(path)
    emit("list", path_members(path) + user_site_text())


def on_database(args):
    """Audit event sqlite3.connect(database)."""
    path = path_of(args[0])
    if not path or path == ":memory:":
        return
    flags = posix.O_RDWR
    if path.startswith("file:"):
        path, _, options = path[5:].partition("?")
        if not path or path == ":memory:" or "mode=memory" in options:
            return
        if "mode=ro" in options or "immutable=1" in options:
            flags = posix.O_RDONLY
        if "%" in path:
            from urllib.parse import unquote

            path = unquote(path)
        if path.startswith("//"):
            path = "/" + path[2:].partition("/")[2]
    path = full(path)
    if (path, "sqlite3") in _seen:
        return
    on_open((path, None, flags))
    _told(path, "sqlite3")
    emit("database", path_members(path) + ',"api":"sqlite3"' + user_site_text())
