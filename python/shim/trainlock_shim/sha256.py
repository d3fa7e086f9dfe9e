"""SHA-256 and HMAC from the smallest module that has it."""

try:
    from _sha2 import sha256  # Python 3.12 and newer
except ImportError:
    try:
        from _sha256 import sha256
    except ImportError:
        from hashlib import sha256

_INNER = bytes(number ^ 0x36 for number in range(256))
_OUTER = bytes(number ^ 0x5C for number in range(256))


def hmac(key, message):
    """HMAC-SHA-256 of a key of at most 64 bytes. Source: RFC 2104."""
    key = key.ljust(64, b"\0")
    inner = sha256(key.translate(_INNER) + message).digest()
    return sha256(key.translate(_OUTER) + inner).digest()
