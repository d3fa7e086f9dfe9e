"""Reads shim.conf, the settings that the command line wrote for this run."""

import posix


def read_bytes(path, most=1 << 20):
    """The bytes of a small file, or raises OSError. At most `most` bytes are read."""
    descriptor = posix.open(path, posix.O_RDONLY | posix.O_CLOEXEC)
    try:
        parts = []
        left = most
        while left > 0:
            part = posix.read(descriptor, min(left, 65536))
            if not part:
                break
            parts.append(part)
            left -= len(part)
        return b"".join(parts)
    finally:
        posix.close(descriptor)


def read_settings(run_folder):
    """Settings as a dict of text; `map` is a list of (from, to). Lines that are not understood are passed over."""
    settings = {"map": []}
    text = read_bytes(run_folder + "/shim.conf").decode("utf-8", "surrogateescape")
    for line in text.split("\n"):
        key, mark, value = line.partition("=")
        if not mark:
            continue
        if key == "map":
            old, tab, new = value.partition("\t")
            if tab:
                settings["map"].append((old, new))
        else:
            settings[key] = value
    return settings
