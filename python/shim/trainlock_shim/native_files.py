"""
Files that libraries open in native code, where no audit event tells of it: the functions that take their paths are wrapped.

A path is told before the call, as an audit event would be. The files of a data set of many are told when it is found, after the call: the
library says then which they are. Only texts and genuine paths of pathlib are looked at: asking another object for its path is the
program's own doing, and could have effects.
"""

import functools
import os
import sys

from . import faults, opened
from .here import guard, here

_FLAGS = {"r": os.O_RDONLY, "w": os.O_WRONLY | os.O_CREAT | os.O_TRUNC, "rw": os.O_RDWR}
_MOST_FILES = 100_000
_NAMED_ONLY = 1000


def _argument(args, kwargs, position, name, default=None):
    return args[position] if position < len(args) else kwargs.get(name, default)


def _given(position, name, mode="r", filesystem=None):
    """The path is an argument. `filesystem`: position of an argument of that name, which may lead away from this machine."""

    def find(args, kwargs):
        if filesystem is not None and not _is_local(_argument(args, kwargs, filesystem, "filesystem")):
            return ()
        return ((_argument(args, kwargs, position, name), mode),)

    return find


def _is_local(filesystem):
    return filesystem is None or type(filesystem).__name__ == "LocalFileSystem"


_MODES = {"r": "r", "rb": "r", "r+": "rw", "r+b": "rw", "rb+": "rw", "w": "w", "wb": "w", "w-": "w", "x": "w", "a": "w", "ab": "w"}


def _with_mode(args, kwargs):
    """pyarrow.memory_map(path, mode="r"), pyarrow.OSFile(path, mode="r")."""
    return ((_argument(args, kwargs, 0, "path"), _mode(_argument(args, kwargs, 1, "mode", "r"))),)


def _mode(mode):
    return _MODES.get(mode, "r") if type(mode) is str else "r"


_H5_DRIVERS = ("sec2", "stdio", "direct", "mpio", "core")


def _h5(args, kwargs):
    """h5py.File(name, mode="r", driver=None, …): drivers that keep no file, or name it otherwise, are passed over."""
    driver = _argument(args, kwargs, 3, "driver")
    if driver is not None and (type(driver) is not str or driver not in _H5_DRIVERS or (driver == "core" and kwargs.get("backing_store") is False)):
        return ()
    name, mode = _argument(args, kwargs, 1, "name"), _argument(args, kwargs, 2, "mode", "r")
    return ((os.fsdecode(name) if type(name) is bytes else name, "rw" if mode == "a" else _mode(mode)),)


# LightGBM looks for these beside a file of data, in this order; a .bin is taken in its place.
_COMPANIONS = (".bin", ".query", ".weight", ".position", ".init")


def _lightgbm(args, kwargs):
    """Dataset.construct(): reads the file, unless that was done before."""
    own = vars(args[0]) if args else {}
    path = None if own.get("_handle", own.get("handle")) is not None else _text(own.get("data"))
    return () if path is None else ((path, "r"), *((path + ending, "r") for ending in _COMPANIONS))


def _found(result, args):
    return result


def _found_by(result, args):
    return vars(args[0]).get("_dataset")


# Module -> function or method -> how its path is found and, where it may name many files, how its data set is. Positions count self.
TABLE = {
    "torch.serialization": {"save": (_given(1, "f", "w"),)},
    "torch.jit._serialization": {"save": (_given(1, "f", "w"),), "load": (_given(0, "f"),)},
    "torch.jit._script": {"RecursiveScriptModule.save": (_given(1, "f", "w"),)},
    "torch.export": {"save": (_given(1, "f", "w"),), "load": (_given(0, "f"),)},
    "pyarrow.lib": {
        "OSFile": (_with_mode,),
        "memory_map": (_with_mode,),
        "create_memory_map": (_given(0, "path", "w"),),
        "input_stream": (_given(0, "source"),),
        "output_stream": (_given(0, "source", "w"),),
    },
    "pyarrow.ipc": {"RecordBatchFileWriter.__init__": (_given(1, "sink", "w"),), "RecordBatchStreamWriter.__init__": (_given(1, "sink", "w"),)},
    "pyarrow.parquet.core": {
        "ParquetFile.__init__": (_given(1, "source", filesystem=_NAMED_ONLY),),
        "ParquetDataset.__init__": (_given(1, "path_or_paths", filesystem=2), _found_by),
        "ParquetWriter.__init__": (_given(1, "where", "w", filesystem=3),),
        "read_metadata": (_given(0, "where", filesystem=3),),
        "read_schema": (_given(0, "where", filesystem=3),),
    },
    "pyarrow.dataset": {"dataset": (_given(0, "source", filesystem=3), _found), "parquet_dataset": (_given(0, "metadata_path", filesystem=2), _found)},
    "pyarrow.feather": {"read_table": (_given(0, "source"),), "read_feather": (_given(0, "source"),), "write_feather": (_given(1, "dest", "w"),)},
    "pyarrow.csv": {"read_csv": (_given(0, "input_file"),), "open_csv": (_given(0, "input_file"),), "write_csv": (_given(1, "output_file", "w"),)},
    "pyarrow.json": {"read_json": (_given(0, "input_file"),), "open_json": (_given(0, "input_file"),)},
    "pyarrow.orc": {"ORCFile.__init__": (_given(1, "source"),), "ORCWriter.__init__": (_given(1, "where", "w"),), "read_table": (_given(0, "source", filesystem=2),)},
    "h5py._hl.files": {"File.__init__": (_h5,)},
    "lightgbm.basic": {
        "Dataset.construct": (_lightgbm,),
        "Dataset.save_binary": (_given(1, "filename", "w"),),
        "Booster.__init__": (_given(3, "model_file"),),
        "Booster.save_model": (_given(1, "filename", "w"),),
        "Booster.predict": (_given(1, "data"),),
    },
    "safetensors": {"serialize_file": (_given(1, "filename", "w"),), "safe_open": (_given(0, "filename"),)},
}


def patch(module):
    """Puts each wrapper where the function stands, so that it still pickles by its name. What a version does not have is passed over."""
    for name, row in TABLE[module.__name__].items():
        holder, _, attribute = name.rpartition(".")
        owner = getattr(module, holder, None) if holder else module
        original = getattr(owner, attribute, None)
        if original is None or getattr(original, "_trainlock", False):
            continue
        wrapper = _stand_in(original, *row) if isinstance(original, type) else _wrap(original, *row)
        setattr(owner, attribute, wrapper)
        if not holder:
            _replace_elsewhere(original, wrapper, attribute, module)


def _replace_elsewhere(original, wrapper, name, module):
    """Compiled functions name another module as theirs, and packages above may have taken the function before we came."""
    package = module.__name__.rpartition(".")[0]
    for home in (getattr(original, "__module__", None), package, package.rpartition(".")[0]):
        holder = sys.modules.get(home or "")
        if holder is not None and holder is not module and vars(holder).get(name) is original:
            setattr(holder, name, wrapper)


def _wrap(original, find, found=None):
    @functools.wraps(original)
    def called(*args, **kwargs):
        if not here.alive or guard.busy:
            return original(*args, **kwargs)
        _guarded(_tell_paths, find, args, kwargs)
        result = original(*args, **kwargs)
        if found is not None:
            _guarded(_tell_data_set, find, found, result, args, kwargs)
        return result

    called._trainlock = True
    return called


def _stand_in(real, find):
    """Stands for a compiled class that cannot be changed: makes instances and subclasses of the genuine one, and passes for it."""

    class Kind(type):
        def __new__(meta, name, bases, namespace, **more):
            return type(real)(name, tuple([real if type(base) is meta else base for base in bases]), namespace, **more)

        def __call__(cls, *args, **kwargs):
            if here.alive and not guard.busy:
                _guarded(_tell_paths, find, args, kwargs)
            return real(*args, **kwargs)

        def __instancecheck__(cls, instance):
            return isinstance(instance, real)

        def __subclasscheck__(cls, other):
            return other is cls or issubclass(other, real)

        def __getattr__(cls, name):
            return getattr(real, name)

        def __repr__(cls):
            return repr(real)

        @property
        def __signature__(cls):
            import inspect

            return inspect.signature(real)

    names = {"__slots__": (), "__module__": real.__module__, "__qualname__": real.__qualname__, "__doc__": real.__doc__, "_trainlock": True}
    try:
        return type.__new__(Kind, real.__name__, (real,), names)
    except TypeError:  # a class that cannot be a base
        return type.__new__(Kind, real.__name__, (), names)


def _guarded(function, *args):
    guard.busy = True
    try:
        function(*args)
    except Exception as error:
        faults.note("native file", error)
    finally:
        guard.busy = False


def _tell_paths(find, args, kwargs):
    for path, mode in find(args, kwargs):
        path = _text(path)
        if path is not None:
            _tell(path, mode)


def _tell(path, mode):
    event = (path, mode, _FLAGS[mode])
    if event not in opened.known:
        opened.on_open(event)


def _text(path):
    """A path on this machine as text, or None for what is no such path. Calls no method of the program."""
    kind = type(path)
    if kind is not str:
        if issubclass(kind, str):
            path = str.__str__(path)
        elif _is_genuine_path(kind):
            path = os.fspath(path)
        else:
            return None
    if path.startswith("file:///") and "%" not in path:
        path = path[len("file://") :]
    return None if not path or "://" in path or "\0" in path else path


def _is_genuine_path(kind):
    pathlib = sys.modules.get("pathlib")
    if pathlib is None or not issubclass(kind, pathlib.PurePath):
        return False
    return kind.__fspath__ is pathlib.PurePath.__fspath__ and kind.__str__ is pathlib.PurePath.__str__


def _tell_data_set(find, found, result, args, kwargs):
    for source, mode in find(args, kwargs):
        # A data set made of anything but paths is not asked: one of a buffer in memory would end the process with a crash.
        if not all(_text(one) is not None for one in (source if type(source) in (list, tuple) else (source,))):
            return
        data_set = found(result, args)
        if type(data_set).__name__ != "FileSystemDataset":
            return
        files = data_set.files
        for path in files[:_MOST_FILES]:
            _tell(path, mode)
        if len(files) > _MOST_FILES:
            faults.say("native file", "a data set has %d files; only %d of them are told" % (len(files), _MOST_FILES))
