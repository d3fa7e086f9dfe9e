"""Files that libraries open in native code, where no audit event tells of it: the functions that take their paths are told instead."""

import functools
import os

from . import faults, opened
from .here import guard, here

_READ = os.O_RDONLY
_WRITE = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
_UPDATE = os.O_RDWR
# Files of a folder that is read as one table; more than this are not told one by one.
_MOST_FILES = 10_000

# Module -> function or method -> (position of the path, its name, flags). A method's position counts self.
_FUNCTIONS = {
    "torch.serialization": {"save": (1, "f", _WRITE)},
    "pyarrow.parquet.core": {
        "ParquetFile.__init__": (1, "source", _READ),
        "ParquetDataset.__init__": (1, "path_or_paths", _READ),
        "ParquetWriter.__init__": (1, "where", _WRITE),
        "read_metadata": (0, "where", _READ),
        "read_schema": (0, "where", _READ),
    },
    "pyarrow.feather": {"read_table": (0, "source", _READ), "write_feather": (1, "dest", _WRITE)},
    "pyarrow.dataset": {"dataset": (0, "source", _READ)},
    "pyarrow.csv": {"read_csv": (0, "input_file", _READ), "open_csv": (0, "input_file", _READ), "write_csv": (1, "output_file", _WRITE)},
    "pyarrow.json": {"read_json": (0, "input_file", _READ)},
    "pandas.io.parquet": {"read_parquet": (0, "path", _READ), "to_parquet": (1, "path", _WRITE)},
    "lightgbm.basic": {"Dataset.__init__": (1, "data", _READ), "Dataset.save_binary": (1, "filename", _WRITE)},
    "safetensors.torch": {"save_file": (1, "filename", _WRITE), "load_file": (0, "filename", _READ)},
    "safetensors.numpy": {"save_file": (1, "filename", _WRITE), "load_file": (0, "filename", _READ)},
    "h5py._hl.files": {"File.__init__": (1, "name", None)},
}

_H5_FLAGS = {"r": _READ, "w": _WRITE, "w-": _WRITE, "x": _WRITE, "r+": _UPDATE, "a": _UPDATE}


def patch(module):
    """Puts each function's wrapper where the function stands, so that it still pickles by its name."""
    for name, (position, keyword, flags) in _FUNCTIONS[module.__name__].items():
        holder, _, attribute = name.rpartition(".")
        owner = getattr(module, holder, None) if holder else module
        original = getattr(owner, attribute, None)
        if original is None or getattr(original, "_trainlock", False):
            continue
        wrapper = _wrap(original, position, keyword, flags)
        setattr(owner, attribute, wrapper)
        _replace_in_home(original, wrapper, attribute, module)


def _replace_in_home(original, wrapper, name, module):
    """Compiled functions name another module as theirs; pickle looks there."""
    import sys

    home = sys.modules.get(getattr(original, "__module__", None) or "")
    if home is not None and home is not module and getattr(home, name, None) is original:
        setattr(home, name, wrapper)


def _wrap(original, position, keyword, flags):
    @functools.wraps(original)
    def called(*args, **kwargs):
        if here.alive and not guard.busy:
            guard.busy = True
            try:
                path = args[position] if len(args) > position else kwargs.get(keyword)
                _tell(path, _h5_flags(args, kwargs) if flags is None else flags)
            except Exception as error:
                faults.note("native file", error)
            finally:
                guard.busy = False
        return original(*args, **kwargs)

    called._trainlock = True
    return called


def _h5_flags(args, kwargs):
    return _H5_FLAGS.get(args[2] if len(args) > 2 else kwargs.get("mode", "r"), _READ)


def _tell(path, flags):
    """One path, several, or a folder that is read as a whole. Buffers, streams, arrays and remote addresses are no files."""
    if isinstance(path, (list, tuple)) and all(isinstance(one, (str, os.PathLike)) for one in path[:_MOST_FILES]):
        for one in path[:_MOST_FILES]:
            _tell(one, flags)
        return
    if not isinstance(path, (str, bytes, os.PathLike)) or not path:
        return
    path = os.fsdecode(path)
    if "://" in path or "\n" in path:
        return
    if flags == _READ and os.path.isdir(path):
        for file in _files_below(path):
            opened.on_open((file, None, flags))
        return
    opened.on_open((path, None, flags))


def _files_below(folder):
    """What readers of whole folders take: everything but hidden files and those that begin with an underscore."""
    count = 0
    for place, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith((".", "_")))
        for name in sorted(files):
            if not name.startswith((".", "_")):
                count += 1
                if count > _MOST_FILES:
                    faults.say("native file", "%s holds more than %d files; not all of them are told" % (folder, _MOST_FILES))
                    return
                yield os.path.join(place, name)
