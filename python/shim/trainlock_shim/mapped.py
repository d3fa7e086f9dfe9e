"""Files mapped into memory: libraries and others."""

from . import log
from .settings import read_bytes

_MOST = 20_000


def mapped_files():
    """(libraries, other files), sorted. Raises OSError where /proc is not there."""
    libraries = set()
    others = set()
    for line in read_bytes("/proc/self/maps", 64 << 20).split(b"\n"):
        parts = line.split(None, 5)
        if len(parts) < 6:
            continue
        path = parts[5]
        if not path.startswith(b"/") or path.endswith(b" (deleted)") or path.startswith((b"/dev/", b"/memfd:", b"/SYSV", b"/anon_hugepage")):
            continue
        if b"\\" in path:
            path = path.replace(b"\\012", b"\n")
        text = path.decode("utf-8", "surrogateescape")
        if b"x" in parts[1]:
            libraries.add(text)
        else:
            others.add(text)
    return sorted(libraries)[:_MOST], sorted(others - libraries)[:_MOST]


def tell():
    """The maps event."""
    libraries, others = mapped_files()
    log.tell("maps", libraries=[path[:16_000] for path in libraries], files=[path[:16_000] for path in others])
