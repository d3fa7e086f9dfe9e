"""Where in the code something happens, and to which root a file belongs."""

import os
import sys
from sys import _getframe

from .here import here
from .json_text import quote

SHIM, STANDARD, PACKAGE, USER = 0, 1, 2, 3

_MOST_FRAMES = 200
_kinds = {}
_shim_root = __file__.rpartition("/")[0].rpartition("/")[0] + "/"
_standard = ()
_packages = ()
_path_seen = None


def learn_roots():
    """Finds the folders of the standard library and of installed packages. To be called again when sys.path has changed."""
    global _standard, _packages, _path_seen
    library = os.path.dirname(os.__file__) + "/"
    version = "/python%d.%d/" % sys.version_info[:2]
    standard = {library, os.path.realpath(library) + "/"}
    packages = set()
    for prefix in {sys.prefix, sys.base_prefix, sys.exec_prefix, sys.base_exec_prefix}:
        for middle in ("/lib", "/lib64"):
            standard.add(prefix + middle + version)
            packages.add(prefix + middle + version + "site-packages/")
    for path in sys.path:
        if type(path) is not str:
            continue
        if path.rstrip("/").endswith(("/site-packages", "/dist-packages")):
            packages.add(path.rstrip("/") + "/")
        elif path.endswith(".zip") and "python%d%d" % sys.version_info[:2] in path:
            standard.add(path + "/")
    _standard = tuple(standard)
    _packages = tuple(packages)
    _path_seen = len(sys.path)
    _kinds.clear()


def package_roots():
    """Folders of installed packages, each with a slash at its end."""
    return _packages


def quiet_roots():
    """Folders whose reading is not told: interpreter, packages, our own files, facts of the system."""
    return _standard + _packages + (_shim_root, here.run_folder + "/", "/proc/", "/sys/")


def kind_of(file):
    """SHIM, STANDARD, PACKAGE or USER for the file name of a code object."""
    kind = _kinds.get(file)
    if kind is None:
        if len(_kinds) > 50_000:
            _kinds.clear()
        if _path_seen != len(sys.path):
            learn_roots()
        kind = _kinds[file] = _classify(file)
    return kind


def _classify(file):
    if file.startswith(_shim_root):
        return SHIM
    if file.startswith("<frozen ") or file.startswith("<__array_function__"):
        return STANDARD
    if file.startswith(_packages) or "/site-packages/" in file or "/dist-packages/" in file:
        return PACKAGE
    if file.startswith(_standard):
        return STANDARD
    return USER


def user_frame(frame):
    """The nearest frame of the program's own code; else of a package; else None."""
    best = None
    kinds = _kinds
    left = _MOST_FRAMES
    while frame is not None and left:
        left -= 1
        file = frame.f_code.co_filename
        kind = kinds.get(file)
        if kind is None:
            kind = kind_of(file)
        if kind == USER:
            return frame
        if kind == PACKAGE and best is None:
            best = frame
        frame = frame.f_back
    return best


def calling_frame(frame, inside):
    """The nearest frame that is neither ours nor of a file whose name ends with one of `inside`; None if there is none."""
    for _ in range(_MOST_FRAMES):
        if frame is None:
            return None
        file = frame.f_code.co_filename
        if kind_of(file) != SHIM and not file.startswith("<frozen ") and not (inside and file.endswith(inside)):
            return frame
        frame = frame.f_back
    return None


def absolute(file):
    """An absolute file name of a code object, without needless parts; names such as <string> stay."""
    if file.startswith("<"):
        return file
    if not file.startswith("/"):
        return os.path.normpath(here.working + "/" + file)
    return _without_steps(file) if "/../" in file or "/./" in file or "//" in file else file


def _without_steps(file):
    """A path on sys.path such as ../common stays in the names of its modules. Behind a link to a folder `..` means something else."""
    clean = os.path.normpath(file)
    try:
        return clean if os.path.samefile(clean, file) else os.path.realpath(file)
    except OSError:
        return clean


def site_of(frame, ordinal=None):
    """The site of a frame as in an event, or None."""
    if frame is None:
        return None
    code = frame.f_code
    site = {"file": absolute(code.co_filename)[:16_000], "line": max(0, frame.f_lineno or 0), "function": code.co_name}
    if ordinal is not None:
        site["ordinal"] = ordinal
    return site


_prefixes = {}


def user_site_text():
    """`,"site":{…}` of the nearest frame of the program, or nothing. Quick: the text before the line number is kept."""
    frame = user_frame(_getframe(1).f_back)
    if frame is None:
        return ""
    code = frame.f_code
    key = (code.co_filename, code.co_name)  # a code object itself is slow to hash
    prefix = _prefixes.get(key)
    if prefix is None:
        if len(_prefixes) > 20_000:
            _prefixes.clear()
        prefix = _prefixes[key] = ',"site":{"file":%s,"function":%s,"line":' % (quote(absolute(code.co_filename)[:16_000]), quote(code.co_name))
    return prefix + "%d}" % (frame.f_lineno or 0)


def user_site():
    """The site of the nearest frame of the program, or None."""
    return site_of(user_frame(_getframe(1).f_back))


_keys = {}


def key_of(file):
    """The name of a file that is the same on every machine: project/…, package/…, else its last part."""
    key = _keys.get(file)
    if key is None:
        key = _keys[file] = _key(absolute(file))
    return key


def _key(file):
    for mark in ("/site-packages/", "/dist-packages/"):
        if mark in file:
            return "package/" + file.rpartition(mark)[2]
    for old, new in here.maps:
        if file == old or file.startswith(old.rstrip("/") + "/"):
            file = new.rstrip("/") + file[len(old.rstrip("/")) :]
            break
    if here.project:
        root = here.project.rstrip("/") + "/"
        if file.startswith(root):
            return "project/" + file[len(root) :]
        real = os.path.realpath(root) + "/"
        if file.startswith(real):
            return "project/" + file[len(real) :]
    return file.rpartition("/")[2]
