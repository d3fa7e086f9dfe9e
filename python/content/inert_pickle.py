"""Reads pickles without running them.

Every named global becomes an inert class that only remembers what it was given: nothing is imported, nothing is called.
The bytes are hostile; the limits of the process (see restrict.py) bound what they can cost.
"""
import io
import pickle
import struct


class Inert:
    """Stands for any object that a pickle builds: its class, arguments, state and items."""

    path = ('', '')

    def __new__(cls, *args, **named):
        made = object.__new__(cls)
        made.args = args
        made.named = named
        made.state = None
        made.items = []
        made.array = None
        return made

    def __init__(self, *args, **named):
        pass

    def __setstate__(self, state):
        self.state = state

    def __call__(self, *args, **named):
        called = Inert()
        called.args = (self,) + args
        called.named = named
        return called

    def append(self, value):
        self.items.append(value)

    def extend(self, values):
        self.items.extend(values)

    def add(self, value):
        self.items.append(value)

    def __setitem__(self, key, value):
        self.items.append((key, value))


class JoblibFile(Exception):
    """The pickle is one of joblib, which puts array bytes between its opcodes."""


class Storage:
    """Raw numbers that a pickle refers to: kind (a torch storage class), bytes or a function that fetches them."""

    def __init__(self, kind, fetch):
        self.kind = kind
        self.fetch = fetch


RENAMED = {'numpy.core': 'numpy._core', 'numpy.core.multiarray': 'numpy._core.multiarray', 'numpy.core.numeric': 'numpy._core.numeric', '__builtin__': 'builtins', 'copy_reg': 'copyreg'}


class _Names:
    """find_class for both unpicklers: one inert class per name."""

    joblib_allowed = False

    def find_class(self, module, name):
        module = RENAMED.get(module, module)
        if name == 'NumpyArrayWrapper' and module.startswith('joblib') and not self.joblib_allowed:
            raise JoblibFile()
        known = self.__dict__.setdefault('known_names', {})
        found = known.get((module, name))
        if found is None:
            found = type('Inert', (Inert,), {'path': (module, name)})
            known[(module, name)] = found
        return found


class FastUnpickler(_Names, pickle.Unpickler):
    """For pickles in one piece."""

    def __init__(self, file, persistent=None):
        pickle.Unpickler.__init__(self, file)
        self.persistent = persistent

    def persistent_load(self, pid):
        if self.persistent is None:
            raise pickle.UnpicklingError('the pickle refers to something outside')
        return self.persistent(pid)


class JoblibUnpickler(_Names, pickle._Unpickler):
    """For files of joblib: after each array wrapper its raw bytes follow. Source: joblib/numpy_pickle.py, NumpyUnpickler."""

    joblib_allowed = True
    dispatch = dict(pickle._Unpickler.dispatch)

    def __init__(self, file):
        pickle._Unpickler.__init__(self, file)
        self.handle = file

    def load_build(self):
        pickle._Unpickler.load_build(self)
        made = self.stack[-1]
        if isinstance(made, Inert) and made.path[1] == 'NumpyArrayWrapper':
            self.stack[-1] = self.read_array(made.state)

    dispatch[pickle.BUILD[0]] = load_build

    def read_array(self, state):
        dtype = dtype_text(state['dtype'])
        shape = tuple(state['shape'])
        array = Inert()
        if dtype is None:
            nested = JoblibUnpickler(self.handle)
            array.array = ('objects', shape, nested.load())
            return array
        if state.get('numpy_array_alignment_bytes') is not None:
            padding = self.handle.read(1)[0]
            self.handle.read(padding)
        size = item_size(dtype)
        for length in shape:
            size *= length
        data = self.handle.read(size)
        if len(data) != size:
            raise pickle.UnpicklingError('an array is cut')
        array.array = (dtype, shape, 'F' if state['order'] == 'F' and len(shape) > 1 else 'C', data)
        return array


def dtype_text(node):
    """'<f8' of the inert numpy.dtype, or None if its items are Python objects. Structured types give their whole description."""
    if not isinstance(node, Inert) or not node.args:
        raise pickle.UnpicklingError('an array has no type')
    code = node.args[0]
    state = node.state or ()
    if code == 'O8' or code == 'O':
        return None
    if code.startswith('V') and len(state) > 4 and state[4]:
        fields = tuple((name, dtype_text(state[4][name][0])) for name in state[3])
        if any(text is None for _, text in fields):
            raise pickle.UnpicklingError('an array has records of objects')
        return ('record', int(state[5]), fields)
    order = state[1] if len(state) > 1 else '|'
    return ('<' if order == '=' else order) + code


def item_size(dtype):
    if isinstance(dtype, tuple):
        return dtype[1]
    size = int(dtype[2:])
    return size * 4 if dtype[1] == 'U' else size


def load(data):
    """The inert tree of a pickle in bytes."""
    try:
        file = io.BytesIO(data)
        tree = FastUnpickler(file).load()
        rest = file.read(1)
        # Several pickles in one file, one after the other.
        if rest:
            trees = [tree]
            file.seek(-1, io.SEEK_CUR)
            while file.tell() < len(data):
                trees.append(FastUnpickler(file).load())
            return trees
        return tree
    except JoblibFile:
        return JoblibUnpickler(io.BytesIO(data)).load()


LEGACY_MAGIC = 0x1950A86A20F9469CFC6C


def load_legacy_torch(data):
    """A file or nested bytes of torch.save before the zip form: five pickles, then the storages. Source: torch/serialization.py, _legacy_load."""
    file = io.BytesIO(data)
    if FastUnpickler(file).load() != LEGACY_MAGIC:
        raise pickle.UnpicklingError('not a torch file')
    FastUnpickler(file).load()
    FastUnpickler(file).load()
    storages = {}

    def persistent(pid):
        if pid[0] != 'storage':
            raise pickle.UnpicklingError('unknown reference')
        storage = storages.get(pid[2])
        if storage is None:
            storage = Storage(pid[1].path[1] + '@' + str(pid[3]), None)
            storages[pid[2]] = storage
        return storage

    tree = FastUnpickler(file, persistent).load()
    for key in FastUnpickler(file).load():
        count = struct.unpack('<q', file.read(8))[0]
        size = count * torch_item_size(storages[key].kind)
        raw = file.read(size)
        if len(raw) != size:
            raise pickle.UnpicklingError('a storage is cut')
        storages[key].fetch = lambda raw=raw: raw
    return tree


TORCH_SIZES = {'Double': 8, 'Float': 4, 'Half': 2, 'BFloat16': 2, 'Long': 8, 'Int': 4, 'Short': 2, 'Char': 1, 'Byte': 1, 'Bool': 1, 'ComplexDouble': 16, 'ComplexFloat': 8, 'Untyped': 1, 'QInt8': 1, 'QUInt8': 1, 'QInt32': 4}


def torch_item_size(kind):
    name = kind.split('@')[0].replace('Storage', '')
    if name not in TORCH_SIZES:
        raise pickle.UnpicklingError('unknown storage ' + name)
    return TORCH_SIZES[name]
