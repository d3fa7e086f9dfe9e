"""Connections and requests of the program: where to, never what."""

from .json_text import quote
from .log import emit
from .places import user_site_text

_MOST = 5000
_told = set()


def forget():
    """Starts anew: in a child after a fork."""
    _told.clear()


def _tell(api, target):
    if (api, target) in _told or len(_told) > _MOST:
        return
    _told.add((api, target))
    emit("network", ',"api":%s,"target":%s%s' % (quote(api), quote(target[:4000]), user_site_text()))


def _host(host, port):
    if isinstance(host, (bytes, bytearray)):
        host = bytes(host).decode("utf-8", "replace")
    host = str(host).rpartition("@")[2]  # a URL that was not understood may have left credentials in it
    if ":" in host and not host.startswith("["):
        host = "[" + host + "]"
    return host if port is None or port == "" else "%s:%s" % (host, port)


def on_connect(args):
    """Audit event socket.connect(socket, address). Local sockets are passed over."""
    address = args[1]
    if type(address) is tuple and len(address) >= 2:
        _tell("socket.connect", _host(address[0], address[1]))


def on_lookup(args):
    """Audit event socket.getaddrinfo(host, port, …)."""
    host, port = args[0], args[1]
    if host is not None:
        _tell("socket.getaddrinfo", _host(host, port))


def on_http(args):
    """Audit event http.client.connect(client, host, port)."""
    _tell("http.client", _host(args[1], args[2]))


def on_request(args):
    """Audit event urllib.Request(url, data, headers, method)."""
    _tell("urllib", bare_url(str(args[0])))


def bare_url(url):
    """A URL without credentials, query and fragment."""
    url = url.partition("#")[0].partition("?")[0]
    scheme, mark, rest = url.partition("://")
    if not mark:
        return url.partition(":")[0] + ":" if url.startswith("data:") else url
    host, slash, path = rest.partition("/")
    return scheme + mark + host.rpartition("@")[2] + slash + path
