"""Writes JSON without importing a module for it."""

_ESCAPES = {number: "\\u%04x" % number for number in range(32)}
_ESCAPES[0x22] = '\\"'
_ESCAPES[0x5C] = "\\\\"
_ESCAPES[0x7F] = "\\u007f"

MOST_TEXT = 200_000


def quote(text):
    """A JSON string. Lone surrogates (bytes that are not UTF-8) become U+FFFD; text is cut at 200,000 characters."""
    if len(text) > MOST_TEXT:
        text = text[:MOST_TEXT]
    if text.isprintable() and '"' not in text and "\\" not in text:
        return '"' + text + '"'
    text = text.translate(_ESCAPES)
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        text = "".join("\ufffd" if "\ud800" <= letter <= "\udfff" else letter for letter in text)
    return '"' + text + '"'


def has_bad_bytes(text):
    """Whether a path has bytes that are not UTF-8 (they stand in it as lone surrogates)."""
    if text.isascii():
        return False
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return True
    return False


def encode(value):
    """JSON of None, bool, int, str, list, tuple and dict; everything else as its text."""
    kind = type(value)
    if kind is str:
        return quote(value)
    if value is None:
        return "null"
    if kind is bool:
        return "true" if value else "false"
    if kind is int:
        return "%d" % value
    if kind is dict:
        return "{" + ",".join(quote(str(key)) + ":" + encode(item) for key, item in value.items()) + "}"
    if kind is list or kind is tuple:
        return "[" + ",".join(map(encode, value)) + "]"
    return quote(str(value))


def members(fields):
    """The members of an object behind others: `,"key":value…`; None is left out."""
    return "".join(["," + quote(key) + ":" + encode(value) for key, value in fields.items() if value is not None])


def path_members(path, key="path", raw="raw"):
    """A path and, if its bytes are not UTF-8, the bytes in base64."""
    if path.isascii() and path.isprintable() and len(path) < 16_000 and '"' not in path and "\\" not in path:
        return ',"%s":"%s"' % (key, path)
    if len(path) > 16_000:
        path = path[:16_000]
    text = "," + quote(key) + ":" + quote(path)
    if has_bad_bytes(path):
        from binascii import b2a_base64

        text += "," + quote(raw) + ":" + quote(b2a_base64(path.encode("utf-8", "surrogateescape"), newline=False).decode("ascii"))
    return text
