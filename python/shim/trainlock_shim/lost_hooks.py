"""Tells whether a command starts a Python that will not run our hooks, and why."""

import os
import posix

from .settings import read_bytes

_WITH_VALUE = ("c", "m", "W", "X")
_REASONS = {
    "I": "python -I ignores PYTHONPATH",
    "E": "python -E ignores PYTHONPATH",
    "S": "python -S does not run sitecustomize",
}


def why_lost(executables, argv):
    """The reason as text, or None. `executables` are the paths that will be tried, `argv` the arguments, all text."""
    program = _first_that_exists(executables)
    if program is None:
        return None
    if _is_python(program) or _is_python(os.path.realpath(program)):
        return _reason(argv[1:])
    line = _shebang(program)
    if not line:
        return None
    words = line.split()
    if words and words[0].rpartition("/")[2] == "env":
        words = [word for word in words[1:] if word != "-S" and "=" not in word]
    if words and _is_python(words[0]):
        reason = _reason(words[1:])
        return reason and reason + " (in the first line of " + program + ")"
    return None


def _first_that_exists(executables):
    for path in executables:
        if "/" in path:
            if posix.access(path, posix.X_OK):
                return path
        else:
            for folder in os.get_exec_path():
                if posix.access(folder + "/" + path, posix.X_OK):
                    return folder + "/" + path
    return None


def _is_python(path):
    name = path.rpartition("/")[2]
    for stem in ("python", "pypy"):
        if name.startswith(stem):
            return name[len(stem) :].replace(".", "").rstrip("dtmu").isdigit() or name == stem
    return False


def _reason(arguments):
    """The first option that turns our hooks off; options end at the script, -c or -m."""
    for argument in arguments:
        if not argument.startswith("-") or argument == "-" or argument == "--":
            return None
        if argument.startswith("--"):
            continue
        for letter in argument[1:]:
            if letter in _REASONS:
                return _REASONS[letter]
            if letter in ("c", "m"):
                return None
            if letter in _WITH_VALUE:
                break
    return None


def _shebang(path):
    try:
        start = read_bytes(path, 256)
    except OSError:
        return ""
    if not start.startswith(b"#!"):
        return ""
    return start[2:].partition(b"\n")[0].decode("utf-8", "replace")
