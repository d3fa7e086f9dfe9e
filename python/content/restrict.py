"""Takes from this process what reading a file does not need: network, memory without bound, time without bound, new programs."""
import ctypes
import platform
import resource
import struct

PR_SET_NO_NEW_PRIVS = 38
PR_SET_SECCOMP = 22
SECCOMP_MODE_FILTER = 2
ALLOW = 0x7FFF0000
ERRNO = 0x00050000
ENETUNREACH = 101
EPERM = 1
AF_INET = 2
AF_INET6 = 10

# Per machine: audit architecture, socket, io_uring_setup, and (execve, execveat). Source: linux/audit.h, asm/unistd.h.
MACHINES = {
    'x86_64': (0xC000003E, 41, 425, (59, 322)),
    'aarch64': (0xC00000B7, 198, 425, (221, 281)),
}


def _statement(code, jump_true, jump_false, value):
    return struct.pack('<HBBI', code, jump_true, jump_false, value)


LOAD, EQUAL, AT_LEAST, RETURN = 0x20, 0x15, 0x35, 0x06


def _filter(machine, forbid_programs):
    """A classic BPF program over struct seccomp_data. Internet sockets fail as if the network were down; the rest goes on."""
    arch, socket_call, uring_call, exec_calls = machine
    lines = [
        _statement(LOAD, 0, 0, 4),
        _statement(EQUAL, 1, 0, arch),
        # Another instruction set in the same process would go around the filter.
        _statement(RETURN, 0, 0, ERRNO | EPERM),
        _statement(LOAD, 0, 0, 0),
    ]
    if arch == 0xC000003E:
        lines += [_statement(AT_LEAST, 0, 1, 0x40000000), _statement(RETURN, 0, 0, ERRNO | EPERM)]
    # io_uring opens sockets without the socket call.
    lines += [_statement(EQUAL, 0, 1, uring_call), _statement(RETURN, 0, 0, ERRNO | EPERM)]
    if forbid_programs:
        for call in exec_calls:
            lines += [_statement(EQUAL, 0, 1, call), _statement(RETURN, 0, 0, ERRNO | EPERM)]
    lines += [
        _statement(EQUAL, 0, 4, socket_call),
        _statement(LOAD, 0, 0, 16),
        _statement(EQUAL, 1, 0, AF_INET),
        _statement(EQUAL, 0, 1, AF_INET6),
        _statement(RETURN, 0, 0, ERRNO | ENETUNREACH),
        _statement(RETURN, 0, 0, ALLOW),
    ]
    return b''.join(lines)


class _Program(ctypes.Structure):
    _fields_ = [('length', ctypes.c_ushort), ('filter', ctypes.c_void_p)]


def forbid_network(forbid_programs=False):
    """No socket of the internet families in this process and its children from now on. Raises OSError where the kernel refuses."""
    machine = MACHINES.get(platform.machine())
    if machine is None:
        raise OSError('no filter for ' + platform.machine())
    code = _filter(machine, forbid_programs)
    buffer = ctypes.create_string_buffer(code, len(code))
    program = _Program(len(code) // 8, ctypes.cast(buffer, ctypes.c_void_p))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 or libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.byref(program), 0, 0) != 0:
        raise OSError(ctypes.get_errno(), 'the kernel refuses a filter')


LANDLOCK_CREATE, LANDLOCK_ADD, LANDLOCK_RESTRICT = 444, 445, 446
# Everything that changes the file system. Source: linux/landlock.h, LANDLOCK_ACCESS_FS_*.
WRITES = (1 << 1) | (1 << 4) | (1 << 5) | (1 << 6) | (1 << 7) | (1 << 8) | (1 << 9) | (1 << 10) | (1 << 11) | (1 << 12)
REFER, TRUNCATE = 1 << 13, 1 << 14
# What can be allowed on a path that is not a folder.
ON_FILES = (1 << 1) | TRUNCATE


def contain_writes(folders):
    """Files can be changed only below these paths from now on, in this process and its children. Raises OSError where the kernel cannot."""
    import os

    libc = ctypes.CDLL(None, use_errno=True)
    version = libc.syscall(LANDLOCK_CREATE, None, 0, 1)
    if version < 3:
        raise OSError('the kernel has no landlock that covers truncation')
    handled = WRITES | REFER | TRUNCATE
    attribute = ctypes.create_string_buffer(struct.pack('<Q', handled))
    rules = libc.syscall(LANDLOCK_CREATE, attribute, 8, 0)
    if rules < 0:
        raise OSError(ctypes.get_errno(), 'landlock refuses')
    for folder in folders:
        if not os.path.exists(folder):
            continue
        handle = os.open(folder, os.O_PATH | os.O_CLOEXEC)
        rule = ctypes.create_string_buffer(struct.pack('<Qi', handled if os.path.isdir(folder) else handled & ON_FILES, handle))
        failed = libc.syscall(LANDLOCK_ADD, rules, 1, rule, 0) != 0
        os.close(handle)
        if failed:
            raise OSError(ctypes.get_errno(), 'landlock refuses ' + folder)
    if libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 or libc.syscall(LANDLOCK_RESTRICT, rules, 0) != 0:
        raise OSError(ctypes.get_errno(), 'landlock refuses')
    os.close(rules)


def bound_resources(memory_bytes, cpu_seconds):
    """No more memory and time than this; no core files; nothing is written."""
    for kind, limit in ((resource.RLIMIT_AS, memory_bytes), (resource.RLIMIT_CPU, cpu_seconds), (resource.RLIMIT_CORE, 0), (resource.RLIMIT_FSIZE, 0)):
        hard = resource.getrlimit(kind)[1]
        resource.setrlimit(kind, (limit if hard == resource.RLIM_INFINITY else min(limit, hard), hard))
