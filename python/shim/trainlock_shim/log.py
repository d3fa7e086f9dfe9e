"""The event log of this process: one file, one write(2) per event, nothing kept back."""

import errno
import posix
import sys
import time
from _collections import deque
from _thread import get_ident
from sys import _getframe

from .here import guard, here
from .json_text import members

_HIGH = 200
_FLAGS = posix.O_WRONLY | posix.O_APPEND | posix.O_CREAT | posix.O_CLOEXEC
_MOST_BYTES = 256 << 20
_MOST_FAILURES = 200
_MOST_REOPENED = 8
_MANY_PENDING = 512


class _Log:
    descriptor = None
    inode = device = -1
    path = ""
    seq = 0
    size = 0
    failures = 0
    reopened = 0
    cut = False


_log = _Log()
_pending = deque()
# Who writes, under its one key. A turn is [thread]; taking one with setdefault names its holder in the same step.
_turn = {}
_micro = time.time_ns

# Tells of what is still waiting in this thread; set by whoever lets things wait in guard.pending.
settle = None


def claim(wanted):
    """Creates the log; creating it is the claim of the process id. A taken id gets +1, +2 … Returns the id. Raises OSError."""
    number = 0
    process = wanted
    while True:
        path = here.events + "/" + process + ".jsonl"
        try:
            descriptor = posix.open(path, _FLAGS | posix.O_EXCL, 0o600)
            break
        except FileExistsError:
            number += 1
            if number > 99_999:
                raise
            process = wanted + "+" + str(number)
    _log.path = path
    _log.seq = _log.size = _log.failures = _log.reopened = 0
    _log.cut = False
    _use(descriptor)
    return process


def _use(descriptor):
    """Moves the descriptor out of the way of programs that count on low numbers, and remembers which file it is."""
    descriptor = _moved(descriptor)
    found = posix.fstat(descriptor)
    _log.inode, _log.device = found[1], found[2]
    _log.descriptor = descriptor


def _moved(descriptor):
    for number in (_HIGH, 100, 60, 40):
        if descriptor >= number:
            return descriptor
        for offset in range(8):
            try:
                posix.fstat(number + offset)
            except OSError:  # free
                try:
                    posix.dup2(descriptor, number + offset, False)
                except OSError:  # above the limit of this process
                    break
                posix.close(descriptor)
                return number + offset
    return descriptor


def emit(kind, text=""):
    """Appends one event. `text` holds further members, each with a comma in front. Never raises OSError."""
    if guard.pending is not None:
        settle()
    _pending.append(',"timeUs":%d,"kind":"%s"%s}\n' % (_micro() // 1000, kind, text))
    # Whoever has the turn writes for all: nobody waits, and a signal handler inside the writer cannot block.
    while _pending:
        mine = [get_ident()]
        holder = _turn.setdefault("log", mine)
        if holder is not mine:
            if not _is_torn(holder):
                return
            holder.append(mine)
            if holder[1] is not mine:  # another thread was first to end that turn, and writes
                return
            if _turn.get("log") is holder:  # else it was given back meanwhile
                _turn.pop("log", None)
            continue
        try:
            while _pending:
                _append(_pending.popleft())
        finally:
            _turn.pop("log", None)


def _is_torn(holder):
    """Whether the holder of the turn was torn away by an exception of the program, or is no more: it does not write now."""
    thread = holder[0]
    if thread == get_ident():
        frame = _getframe(1).f_back
    elif len(_pending) % _MANY_PENDING == 0:  # looking at other threads takes long: only now and then
        frame = sys._current_frames().get(thread)
    else:
        return False
    while frame is not None:
        if frame.f_code is emit.__code__:
            return False
        frame = frame.f_back
    return True


def tell(kind, **fields):
    """Appends one event with the given members; those that are None are left out."""
    emit(kind, members(fields))


def _append(rest):
    log = _log
    if log.descriptor is None and not _reopen():
        return
    data = ('{"seq":%d%s' % (log.seq, rest)).encode("utf-8", "replace")
    log.seq += 1
    log.size += len(data)
    if log.cut or log.size > _MOST_BYTES:
        data = _unusual(data)
    try:
        # The program may have closed our descriptor and opened another file in its place: never write there.
        found = posix.fstat(log.descriptor)
        if found[1] != log.inode or found[2] != log.device:
            raise OSError(errno.EBADF, "not ours")
        written = posix.write(log.descriptor, data)
        if written < len(data):
            log.cut = True
            log.cut = written + posix.write(log.descriptor, data[written:]) < len(data)
        log.failures = 0
    except OSError as error:
        _failed(error, data)


def _unusual(data):
    """After a line that was cut, a new one begins; a log that is full says so."""
    log = _log
    if log.cut:
        log.cut = False
        data = b"\n" + data
    if log.size > _MOST_BYTES:
        here.alive = False
        data = b'{"seq":%d,"timeUs":%d,"kind":"fault","what":"log","message":"the event log is full"}\n' % (log.seq - 1, _micro() // 1000)
    return data


def _failed(error, data):
    """Once more with a new descriptor if ours is gone; else the line is lost, and its number tells so."""
    log = _log
    if error.errno == errno.EBADF:
        log.descriptor = None
        if not _reopen():
            return
        try:
            log.cut = posix.write(log.descriptor, data) < len(data)
            return
        except OSError:
            pass
    elif data[:1] == b"\n":  # the line before is still cut
        log.cut = True
    log.failures += 1
    if log.failures > _MOST_FAILURES:
        here.alive = False


def _is_ours():
    try:
        found = posix.fstat(_log.descriptor)
    except OSError:
        return False
    return found[1] == _log.inode and found[2] == _log.device


def _reopen():
    if not _log.path or _log.reopened >= _MOST_REOPENED:
        here.alive = False
        return False
    _log.reopened += 1
    try:
        # Without O_CREAT: a run folder that was removed stays removed.
        _use(posix.open(_log.path, _FLAGS & ~posix.O_CREAT))
        return True
    except OSError:
        here.alive = False
        return False


def close():
    """Closes the log if the descriptor is still ours."""
    descriptor = _log.descriptor
    if descriptor is not None:
        ours = _is_ours()
        _log.descriptor = None
        if ours:
            try:
                posix.close(descriptor)
            except OSError:
                pass


def leave():
    """In a child after a fork: lets go of the parent's log and of a turn that another thread may have had."""
    _turn.clear()
    _pending.clear()
    close()
    _log.path = ""
