"""Digests of row numbers: order is SHA-256 over the numbers as int64, little endian; membership the same over the sorted distinct ones."""

import sys
from array import array

from .sha256 import sha256

MOST_SORTED = 2_000_000


class Indices:
    """Takes numbers part by part. `ok` turns False when something else than integers comes."""

    def __init__(self):
        self._digest = sha256()
        self._kept = array("q")
        self.count = 0
        self.ok = True

    def add(self, numbers):
        """Adds integers: a list, a tuple, an array or a tensor of one dimension, or a single integer."""
        if not self.ok:
            return
        part = packed(numbers)
        if part is None:
            self.ok = False
            self._kept = array("q")
            return
        self.count += len(part)
        self._digest.update(as_bytes(part))
        if self._kept is not None:
            if self.count <= MOST_SORTED:
                self._kept.extend(part)
            else:
                self._kept = None

    def order(self):
        """Digest of the numbers in their order."""
        return self._digest.hexdigest()

    def membership(self):
        """Digest of the sorted distinct numbers, or None if there were too many to keep."""
        return None if self._kept is None else membership(self._kept)


def packed(numbers):
    """The numbers as array('q'), or None if they are not integers of 64 bits."""
    try:
        if hasattr(numbers, "tolist") and not isinstance(numbers, array):
            kind = getattr(getattr(numbers, "dtype", None), "kind", "i")
            if kind == "b":
                return None
            numbers = numbers.tolist()
        if hasattr(numbers, "__index__"):
            numbers = (numbers,)
        return array("q", numbers)
    except (TypeError, ValueError, OverflowError):
        return None


def as_bytes(numbers):
    """Little-endian bytes of an array('q')."""
    if sys.byteorder == "big":
        numbers = array("q", numbers)
        numbers.byteswap()
    return numbers.tobytes()


def order(numbers):
    """Digest of an array('q') in its order."""
    return sha256(as_bytes(numbers)).hexdigest()


def membership(numbers):
    """Digest of the sorted distinct numbers of an array('q')."""
    numpy = sys.modules.get("numpy")
    if numpy is not None and len(numbers) > 256:
        return sha256(numpy.unique(numpy.frombuffer(numbers, dtype="i8")).astype("<i8", copy=False).tobytes()).hexdigest()
    return sha256(as_bytes(array("q", sorted(set(numbers))))).hexdigest()


def digests_of(numbers):
    """(count, order, membership or None, the numbers as something that supports overlaps) of an index array; None if they are no integers."""
    kind = getattr(getattr(numbers, "dtype", None), "kind", None)
    if kind in ("i", "u") and getattr(numbers, "ndim", 0) == 1:
        numpy = sys.modules["numpy"]
        data = numpy.ascontiguousarray(numbers, dtype="<i8")
        first = sha256(data).hexdigest()
        if len(data) > MOST_SORTED:
            return len(data), first, None, None
        ordered = len(data) < 2 or bool((data[1:] > data[:-1]).all())
        distinct = data if ordered else numpy.unique(data)
        return len(data), first, first if ordered else sha256(distinct).hexdigest(), distinct
    part = packed(numbers)
    if part is None:
        return None
    if len(part) > MOST_SORTED:
        return len(part), order(part), None, None
    return len(part), order(part), membership(part), part


def overlap(one, other):
    """How many distinct numbers two parts share, or None if not known."""
    if one is None or other is None:
        return None
    numpy = sys.modules.get("numpy")
    if numpy is not None and not isinstance(one, array) and not isinstance(other, array):
        return int(len(numpy.intersect1d(one, other, assume_unique=True)))
    return len(set(one).intersection(other))
