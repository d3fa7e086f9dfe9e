"""Digest of what is inside a file, by format. Each reader raises for anything it does not understand: the content is then unknown."""
import bz2
import gzip
import hashlib
import io
import json
import lzma
import os
import pickle
import re
import struct
import tarfile
import zipfile
import zlib

import inert_pickle
from tree_digest import TreeDigest, Unknown, array_digest, node

CHUNK = 1 << 20
# Largest thing that is unpacked into memory. Unit: byte.
MOST_BYTES = 2 << 30


def read_bounded(stream, limit=MOST_BYTES):
    data = stream.read(limit + 1)
    if len(data) > limit:
        raise Unknown('larger than %d bytes when unpacked' % limit)
    return data


def stream_sha256(stream):
    hasher = hashlib.sha256()
    total = 0
    while True:
        data = stream.read(CHUNK)
        if not data:
            return hasher.digest()
        total += len(data)
        if total > 64 * MOST_BYTES:
            raise Unknown('unpacks without end')
        hasher.update(data)


def npy(stream):
    """Source: numpy/lib/format.py."""
    if stream.read(6) != b'\x93NUMPY':
        raise Unknown('not an npy file')
    major = stream.read(2)[0]
    length = struct.unpack('<H', stream.read(2))[0] if major == 1 else struct.unpack('<I', stream.read(4))[0]
    import ast

    header = ast.literal_eval(stream.read(length).decode('latin-1' if major < 3 else 'utf-8'))
    shape = tuple(int(size) for size in header['shape'])
    dtype = header['descr']
    if isinstance(dtype, str) and dtype.lstrip('|<>=') == 'O':
        return node('npy-objects', repr(shape).encode(), TreeDigest().of(inert_pickle.load(read_bounded(stream))))
    if '|O' in repr(dtype):
        raise Unknown('records of objects')
    order = 'F' if header['fortran_order'] and len(shape) > 1 else 'C'
    return node('array', repr(dtype).encode(), repr(shape).encode(), order.encode(), stream_sha256(stream))


def npz(path):
    with zipfile.ZipFile(path) as archive:
        parts = []
        for name in sorted(archive.namelist()):
            with archive.open(name) as member:
                parts.append(node('member', name.encode(), npy(member) if name.endswith('.npy') else stream_sha256(member)))
    return node('npz', *parts)


def torch_zip(path):
    """Source: torch/serialization.py, _load: data.pkl names storages that lie beside it."""
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        pickles = [name for name in names if name.count('/') == 1 and name.endswith('/data.pkl')]
        if len(pickles) != 1:
            raise Unknown('not a torch file')
        root = pickles[0][: -len('data.pkl')]
        if root + 'constants.pkl' in names:
            return members(archive, lambda name: name[len(root):], skip=lambda name: name.endswith('serialization_id'))
        order = archive.read(root + 'byteorder') if root + 'byteorder' in names else b'little'
        storages = {}

        def persistent(pid):
            if not isinstance(pid, tuple) or pid[0] != 'storage':
                raise Unknown('unknown reference in a torch file')
            _, kind, key, location, _ = pid
            if key not in storages:
                storages[key] = inert_pickle.Storage(kind.path[1] + '@' + str(location), lambda: cached(key))
            return storages[key]

        latest = {}

        def cached(key):
            if key not in latest:
                latest.clear()
                with archive.open(root + 'data/' + str(key)) as member:
                    latest[key] = read_bounded(member)
            return latest[key]

        tree = inert_pickle.FastUnpickler(io.BytesIO(archive.read(pickles[0])), persistent).load()
        return node('torch-file', order, TreeDigest().of(tree))


def members(archive, rename=lambda name: name, skip=lambda name: False):
    parts = []
    for name in sorted(archive.namelist()):
        if not skip(name) and not name.endswith('/'):
            with archive.open(name) as member:
                parts.append(node('member', rename(name).encode(), stream_sha256(member)))
    return node('zip', *parts)


def keras(path):
    """An archive of configuration and weights; the date of saving is no content."""
    with zipfile.ZipFile(path) as archive:
        parts = []
        for name in sorted(archive.namelist()):
            data = read_bounded(archive.open(name))
            if name == 'metadata.json':
                facts = json.loads(data)
                facts.pop('date_saved', None)
                data = json.dumps(facts, sort_keys=True).encode()
            digest = hdf5(io.BytesIO(data)) if name.endswith('.h5') else hashlib.sha256(data).digest()
            parts.append(node('member', name.encode(), digest))
    return node('keras', *parts)


def zipped(path):
    with zipfile.ZipFile(path) as archive:
        return members(archive)


def tarred(path):
    parts = []
    with tarfile.open(path) as archive:
        for member in archive:
            file = archive.extractfile(member) if member.isfile() else None
            digest = stream_sha256(file) if file is not None else member.linkname.encode()
            parts.append(node('member', member.name.encode('utf-8', 'surrogateescape'), member.type, digest))
    return node('tar', *sorted(parts))


def safetensors(path):
    """Source: github.com/huggingface/safetensors, README (format)."""
    with open(path, 'rb') as file:
        length = struct.unpack('<Q', file.read(8))[0]
        if length > 100 << 20:
            raise Unknown('not a safetensors file')
        header = json.loads(file.read(length))
        header.pop('__metadata__', None)
        parts = []
        for name in sorted(header):
            facts = header[name]
            begin, end = facts['data_offsets']
            file.seek(8 + length + begin)
            hasher = hashlib.sha256()
            left = end - begin
            while left > 0:
                data = file.read(min(CHUNK, left))
                if not data:
                    raise Unknown('a tensor is cut')
                hasher.update(data)
                left -= len(data)
            parts.append(node('tensor', name.encode(), facts['dtype'].encode(), repr(tuple(facts['shape'])).encode(), hasher.digest()))
    return node('safetensors', *parts)


def pickled(path):
    """A pickle, plain or compressed, of Python's own kind, of joblib or of the old torch form."""
    with open(path, 'rb') as file:
        data = unpacked(read_bounded(file))
    try:
        return TreeDigest().of(inert_pickle.load_legacy_torch(data))
    except Exception:
        return TreeDigest().of(inert_pickle.load(data))


def unpacked(data):
    """The bytes inside whatever joblib compresses with, as far as the standard library knows it."""
    if data[:2] == b'\x1f\x8b':
        return read_bounded(gzip.GzipFile(fileobj=io.BytesIO(data)))
    if data[:3] == b'BZh':
        return read_bounded(bz2.BZ2File(io.BytesIO(data)))
    if data[:6] == b'\xfd7zXZ\x00' or data[:3] == b'\x5d\x00\x00':
        return read_bounded(lzma.LZMAFile(io.BytesIO(data)))
    if data[:1] == b'\x78' and (data[0] * 256 + data[1]) % 31 == 0:
        inflate = zlib.decompressobj()
        out = inflate.decompress(data, MOST_BYTES)
        if inflate.unconsumed_tail:
            raise Unknown('larger than %d bytes when unpacked' % MOST_BYTES)
        return out
    return data


def gzipped(path):
    """What is inside; the header holds a time and a name."""
    with gzip.open(path) as file:
        return node('gzip', stream_sha256(file))


def png(path):
    """Size, palette and scan lines; not the chunks with texts and times. Source: PNG (third edition) §11."""
    with open(path, 'rb') as file:
        if file.read(8) != b'\x89PNG\r\n\x1a\n':
            raise Unknown('not a PNG')
        hasher, inflate, parts = hashlib.sha256(), zlib.decompressobj(), []
        while True:
            head = file.read(8)
            if len(head) < 8:
                raise Unknown('a PNG is cut')
            length, kind = struct.unpack('>I4s', head)
            data = file.read(length)
            file.read(4)
            if kind == b'IDAT':
                while data:
                    hasher.update(inflate.decompress(data, CHUNK))
                    data = inflate.unconsumed_tail
            elif kind in (b'IHDR', b'PLTE', b'tRNS'):
                parts.append(node('chunk', kind, data))
            elif kind == b'IEND':
                return node('png', *(parts + [hasher.digest()]))


def svg(path):
    """Without the metadata element, with the ids named by their order: drawing programs make ids up."""
    with open(path, 'rb') as file:
        text = read_bounded(file, 64 << 20).decode('utf-8')
    text = re.sub(r'<metadata>.*?</metadata>', '', text, flags=re.S)
    names = {}
    for name in re.findall(r'\bid="([^"]+)"', text):
        names.setdefault(name, 'n%d' % len(names))
    replaced = re.sub(r'(\bid="|#)([A-Za-z_][^")\s]*)', lambda match: match.group(1) + names.get(match.group(2), match.group(2)), text)
    return node('svg', replaced.encode())


def pdf(path):
    """Without the times and the id of its trailer, as far as they stand in the open."""
    with open(path, 'rb') as file:
        data = read_bounded(file, 256 << 20)
    data = re.sub(rb'/(CreationDate|ModDate)\s*\([^)]*\)', rb'/\1 ()', data)
    data = re.sub(rb'/ID\s*\[\s*<[0-9A-Fa-f]*>\s*<[0-9A-Fa-f]*>\s*\]', b'/ID []', data)
    return node('pdf', hashlib.sha256(data).digest())


class HashSink:
    """A file that only hashes what is written to it."""

    def __init__(self):
        self.hasher = hashlib.sha256()
        self.closed = False

    def write(self, data):
        self.hasher.update(data)
        return len(data)

    def flush(self):
        pass

    def writable(self):
        return True

    def readable(self):
        return False

    def seekable(self):
        return False

    def close(self):
        self.closed = True


def table_digest(table):
    import pyarrow

    plain = table.replace_schema_metadata(None).combine_chunks()
    sink = HashSink()
    with pyarrow.ipc.new_stream(pyarrow.PythonFile(sink, mode='w'), plain.schema) as writer:
        writer.write_table(plain, max_chunksize=65536)
    return node('table', sink.hasher.digest())


def parquet(path):
    import pyarrow.parquet

    return table_digest(pyarrow.parquet.read_table(path, use_threads=False))


def arrow(path):
    import pyarrow

    with open(path, 'rb') as file:
        magic = file.read(6)
    if magic == b'ARROW1':
        return table_digest(pyarrow.ipc.open_file(pyarrow.memory_map(path)).read_all())
    return table_digest(pyarrow.ipc.open_stream(pyarrow.memory_map(path)).read_all())


def hdf5(path):
    import h5py

    parts = []

    def facts(item):
        attributes = [node('attribute', name.encode(), plain(item.attrs[name])) for name in sorted(item.attrs)]
        return node('attributes', *attributes)

    def plain(value):
        if hasattr(value, 'tobytes') and getattr(value, 'dtype', None) is not None and not value.dtype.hasobject:
            return array_digest(value.dtype.str, value.shape, 'C', value.tobytes())
        if hasattr(value, 'tolist'):
            value = value.tolist()
        if not isinstance(value, (str, bytes, int, float, list, type(None))):
            raise Unknown('an attribute of HDF5 is a %s' % type(value).__name__)
        return TreeDigest().of(value)

    def visit(name, item):
        if isinstance(item, h5py.Dataset):
            if item.dtype.hasobject:
                if h5py.check_string_dtype(item.dtype) is None:
                    raise Unknown('HDF5 with references')
                body = TreeDigest().of(item[()].tolist() if item.shape else item[()])
            elif item.shape and item.size:
                hasher = hashlib.sha256()
                rows = max(1, CHUNK * 16 // max(1, item.dtype.itemsize * (item.size // item.shape[0])))
                for start in range(0, item.shape[0], rows):
                    hasher.update(item[start:start + rows].tobytes())
                body = hasher.digest()
            else:
                body = plain(item[()]) if item.shape is not None and not item.shape else b''
            parts.append(node('dataset', name.encode(), item.dtype.str.encode(), repr(item.shape).encode(), body, facts(item)))
        else:
            parts.append(node('group', name.encode(), facts(item)))

    with h5py.File(path, 'r') as file:
        visit('/', file)
        file.visititems(lambda name, item: visit(name, item))
    return node('hdf5', *sorted(parts))


def zip_kind(path):
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
    if any(name.count('/') == 1 and name.endswith('/data.pkl') for name in names):
        return 'torch', torch_zip
    if path.endswith('.npz') or (names and all(name.endswith('.npy') for name in names)):
        return 'npz', npz
    if path.endswith('.keras'):
        return 'keras', keras
    return 'zip', zipped


PICKLES = ('.pkl', '.pickle', '.joblib', '.pt', '.pth', '.ckpt', '.bin', '.sav', '.p', '.dump', '.model', '.gz', '.z', '.bz2', '.xz', '.lzma', '.skops')


def reader_of(path):
    """(name of the format, its reader) by the first bytes, then by the name; None if the format is not known."""
    with open(path, 'rb') as file:
        head = file.read(16)
    suffix = os.path.splitext(path)[1].lower()
    if head.startswith(b'\x93NUMPY'):
        return 'npy', lambda name: npy_file(name)
    if head.startswith(b'PK\x03\x04'):
        return zip_kind(path)
    if head.startswith(b'\x89PNG'):
        return 'png', png
    if head.startswith(b'PAR1'):
        return 'parquet', parquet
    if head.startswith(b'ARROW1') or suffix in ('.arrow', '.feather'):
        return 'arrow', arrow
    if head.startswith(b'\x89HDF\r\n\x1a\n'):
        return 'hdf5', hdf5
    if head.startswith(b'%PDF-'):
        return 'pdf', pdf
    if suffix == '.safetensors':
        return 'safetensors', safetensors
    if suffix == '.svg':
        return 'svg', svg
    if suffix == '.tar' or path.endswith(('.tar.gz', '.tgz', '.tar.bz2', '.tar.xz')):
        return 'tar', tarred
    if looks_pickled(head) or suffix in ('.pkl', '.pickle', '.joblib'):
        return 'pickle', pickled
    if suffix in PICKLES and compressed(head):
        inner = os.path.splitext(os.path.splitext(path)[0])[1].lower()
        if suffix == '.gz' and inner not in PICKLES:
            return 'gzip', gzipped
        return 'pickle', pickled
    if head.startswith(b'\x1f\x8b'):
        return 'gzip', gzipped
    return None


def compressed(head):
    return head[:2] in (b'\x1f\x8b', b'BZ', b'\xfd7', b'\x5d\x00') or (head[:1] == b'\x78' and len(head) > 1 and (head[0] * 256 + head[1]) % 31 == 0)


def looks_pickled(head):
    """A pickle of protocol 2 to 5."""
    return len(head) > 2 and head[0] == 0x80 and 2 <= head[1] <= 5


def npy_file(path):
    with open(path, 'rb') as file:
        return npy(file)
