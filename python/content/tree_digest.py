"""Digest of an inert tree: equal for equal classes, arguments, states and numbers, whatever the packing."""
import hashlib
import struct

from inert_pickle import Inert, Storage, load_legacy_torch, torch_item_size, dtype_text


class Unknown(Exception):
    """The content cannot be told; the message says why."""


def node(tag, *parts):
    """Digest of a tagged list of byte strings, each with its length in front."""
    hasher = hashlib.sha256()
    for part in (tag.encode(),) + parts:
        hasher.update(struct.pack('<Q', len(part)))
        hasher.update(part)
    return hasher.digest()


class TreeDigest:
    def __init__(self):
        self.done = {}
        self.open = {}
        self.keep = []

    def of(self, value):
        """Digest of any value that unpickling can give."""
        simple = self.simple(value)
        if simple is not None:
            return simple
        key = id(value)
        if key in self.done:
            return self.done[key]
        if key in self.open:
            return node('back', str(len(self.open) - self.open[key]).encode())
        self.open[key] = len(self.open)
        digest = self.compound(value)
        del self.open[key]
        self.done[key] = digest
        # The id stays taken as long as the value lives.
        self.keep.append(value)
        return digest

    def simple(self, value):
        if value is None or value is True or value is False:
            return node('word', repr(value).encode())
        kind = type(value)
        if kind is int:
            return node('int', hex(value).encode())
        if kind is float:
            return node('float', struct.pack('<d', value))
        if kind is complex:
            return node('complex', struct.pack('<dd', value.real, value.imag))
        if kind is str:
            return node('text', value.encode('utf-8', 'surrogatepass'))
        if kind in (bytes, bytearray):
            return node('bytes', bytes(value))
        return None

    def compound(self, value):
        kind = type(value)
        if kind is tuple or kind is list:
            return node(kind.__name__, *[self.of(item) for item in value])
        if kind is dict:
            return node('dict', *sorted(self.of(key) + self.of(item) for key, item in value.items()))
        if kind is set or kind is frozenset:
            return node('set', *sorted(self.of(item) for item in value))
        if kind is type(None):
            return node('word', b'None')
        if isinstance(value, type) and issubclass(value, Inert):
            return node('global', *[part.encode() for part in value.path])
        if isinstance(value, Storage):
            return node('storage', value.kind.encode(), hashlib.sha256(value.fetch()).digest())
        if isinstance(value, Inert):
            return self.inert(value)
        raise Unknown('a pickle holds a %s' % kind.__name__)

    def inert(self, value):
        array = array_of(value)
        if array is not None:
            return self.array(array)
        tensor = tensor_of(value)
        if tensor is not None:
            return tensor
        if value.path == ('torch.storage', '_load_from_bytes') and len(value.args) == 1:
            return node('torch', self.of(load_legacy_torch(value.args[0])))
        items = sorted(self.of(item) for item in value.items) if value.path == ('builtins', 'set') else [self.of(item) for item in value.items]
        return node('object', *([part.encode() for part in value.path] + [self.of(list(value.args)), self.of(value.named), self.of(value.state)] + items))

    def array(self, array):
        if array[0] == 'objects':
            return node('array', b'objects', repr(array[1]).encode(), self.of(array[2]))
        dtype, shape, order, data = array
        return array_digest(dtype, shape, order, data)


def array_digest(dtype, shape, order, data):
    return node('array', repr(dtype).encode(), repr(tuple(shape)).encode(), order.encode(), hashlib.sha256(data).digest())


def array_of(value):
    """(dtype, shape, order, bytes) of what numpy reduces an array or a scalar to."""
    if value.array is not None:
        return value.array
    if value.path == ('numpy._core.multiarray', '_reconstruct') and isinstance(value.state, tuple) and len(value.state) == 5:
        _, shape, dtype, fortran, data = value.state
        text = dtype_text(dtype)
        if text is None:
            return ('objects', tuple(shape), data)
        if isinstance(data, str):
            data = data.encode('latin-1')
        return (text, tuple(shape), 'F' if fortran and len(shape) > 1 else 'C', data)
    if value.path == ('numpy._core.numeric', '_frombuffer') and len(value.args) == 4:
        data, dtype, shape, order = value.args
        return (dtype_text(dtype), tuple(shape), 'F' if order == 'F' and len(shape) > 1 else 'C', bytes(data))
    return None


def tensor_of(value):
    """Digest of the numbers of a torch tensor alone, where they are one piece of their storage; None for anything else."""
    if value.path != ('torch._utils', '_rebuild_tensor_v2') or len(value.args) < 4 or not isinstance(value.args[0], Storage):
        return None
    storage, offset, size, stride = value.args[:4]
    expected = 1
    for length, step in zip(reversed(size), reversed(stride)):
        if length != 1 and step != expected:
            return None
        expected *= length
    width = torch_item_size(storage.kind)
    data = memoryview(storage.fetch())[offset * width:(offset + expected) * width]
    if len(data) != expected * width:
        raise Unknown('a tensor reaches beyond its storage')
    return node('tensor', storage.kind.encode(), repr(tuple(size)).encode(), hashlib.sha256(data).digest(), repr(bool(value.args[4]) if len(value.args) > 4 else False).encode())


def tree_digest(tree):
    return TreeDigest().of(tree)
