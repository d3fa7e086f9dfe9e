"""Digests of data in memory: arrays, tables, tensors, plain values. The form that is hashed is written out in `digest_of`."""

import sys

from .sha256 import sha256


def digest_of(value):
    """
    (type, SHA-256 or None, rows or None). An array is hashed as `array`, its type, its shape and its bytes in C order, little
    endian; a table as `table` and then name and array of each column in order; plain values by their JSON-like text.
    """
    kind = type(value).__module__.partition(".")[0] + "." + type(value).__qualname__
    digest = sha256()
    count = _add(digest, value)
    if count is None:
        return kind, None, None
    return kind, digest.hexdigest(), count


def _add(digest, value):
    """Adds a value to the digest. Gives its number of rows; None if it cannot be hashed."""
    if hasattr(value, "columns") and hasattr(value, "iloc"):
        digest.update(b"table\0")
        for position, name in enumerate(value.columns):
            digest.update(repr(name).encode("utf-8", "surrogatepass") + b"\0")
            if _add(digest, value.iloc[:, position].to_numpy()) is None:
                return None
        return len(value)
    if hasattr(value, "detach") and hasattr(value, "numpy"):
        value = value.detach().cpu()
        if str(value.dtype) == "torch.bfloat16":
            value = value.view(sys.modules["torch"].int16)
        value = value.numpy()
    elif hasattr(value, "to_numpy") and not hasattr(value, "__array_interface__"):
        value = value.to_numpy()
    if hasattr(value, "__array_interface__"):
        return _add_array(digest, sys.modules["numpy"].asarray(value))
    if value is None or isinstance(value, (bool, int, float, str)):
        digest.update(repr(value).encode("utf-8", "surrogatepass") + b"\0")
        return 1
    if isinstance(value, (bytes, bytearray, memoryview)):
        digest.update(b"bytes\0" + bytes(value))
        return len(value)
    if isinstance(value, (list, tuple)):
        digest.update(b"list\0%d\0" % len(value))
        return len(value) if all([_add(digest, item) is not None for item in value]) else None
    if isinstance(value, dict):
        digest.update(b"dict\0%d\0" % len(value))
        return len(value) if all([_add(digest, part) is not None for item in value.items() for part in item]) else None
    return None


def _add_array(digest, array):
    if array.dtype.kind in "OSUV" and array.dtype.fields is None:
        digest.update(("array\0text\0%r\0" % (array.shape,)).encode("ascii"))
        for item in array.ravel().tolist():
            if not (item is None or isinstance(item, (bool, int, float, str, bytes))):
                item = str(item)
            digest.update(repr(item).encode("utf-8", "surrogatepass") + b"\0")
    else:
        array = array.astype(array.dtype.newbyteorder("<"), copy=False)
        digest.update(("array\0%s\0%r\0" % (array.dtype.str, array.shape)).encode("utf-8"))
        digest.update(sys.modules["numpy"].ascontiguousarray(array).tobytes())
    return int(array.shape[0]) if array.ndim else 1
