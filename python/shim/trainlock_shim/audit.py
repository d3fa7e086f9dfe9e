"""The audit hook. It cannot be taken away again, so it looks first whether we are still alive."""

import sys

from . import children, faults, network, opened
from .here import guard, here


def _on_script(args):
    """Audit event cpython.run_file(name): the interpreter forgets the name of its script before exit handlers run."""
    here.script = str(args[0])


HANDLERS = {
    "cpython.run_file": _on_script,
    "open": opened.on_open,
    "os.chdir": opened.on_folder_change,
    "os.fchdir": opened.on_folder_change,
    "os.rename": opened.on_rename,
    "os.link": opened.on_rename,
    "os.remove": opened.on_remove,
    "os.listdir": opened.on_list,
    "os.scandir": opened.on_list,
    "sqlite3.connect": opened.on_database,
    "socket.connect": network.on_connect,
    "socket.getaddrinfo": network.on_lookup,
    "http.client.connect": network.on_http,
    "urllib.Request": network.on_request,
    "os.exec": children.on_exec,
}


def install():
    """Adds the hook for the life of this interpreter."""
    handlers = HANDLERS
    known = opened.known

    def hook(event, args):
        if event not in handlers:
            return
        if event == "open":
            try:
                if args in known:
                    return
            except TypeError:  # a path that cannot be hashed
                pass
        if not here.alive or guard.busy:
            return
        guard.busy = True
        try:
            handlers[event](args)
        except Exception as error:
            faults.note(event, error)
        finally:
            guard.busy = False

    sys.addaudithook(hook)
