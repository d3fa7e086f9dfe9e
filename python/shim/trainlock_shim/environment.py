"""Which variables the program read: names only."""

import os

_MOST = 5000
_read = set()


class _Watched(dict):
    """The table behind os.environ, noting which names are asked for one by one. A walk over all of them does not count."""

    __slots__ = ("_walk",)

    def __init__(self, table):
        dict.__init__(self, table)
        self._walk = None

    def __iter__(self):
        keys = list(dict.__iter__(self))
        # Whoever copies asks for each name in turn: those are expected, last first.
        self._walk = keys[::-1]
        return iter(keys)

    def __getitem__(self, key):
        walk = self._walk
        if walk:
            if walk[-1] == key:
                walk.pop()
                return dict.__getitem__(self, key)
            self._walk = None
        if len(_read) < _MOST:
            _read.add(key)
        return dict.__getitem__(self, key)

    def __reduce__(self):
        return (dict, (dict(self.items()),))


def install():
    """Puts a watched table behind os.environ and os.environb. What they do stays the same, tracebacks too."""
    table = os.environ._data
    if type(table) is not dict:
        return
    watched = _Watched(table)
    os.environ._data = watched
    if hasattr(os, "environb") and os.environb._data is table:
        os.environb._data = watched


def names_read():
    """Names that were read, sorted, without our own."""
    names = [os.fsdecode(name) for name in list(_read) if isinstance(name, (bytes, str))]
    return sorted(name for name in names if not name.startswith("TRAINLOCK_"))


def after_fork():
    """A copy tells what it reads itself."""
    _read.clear()
