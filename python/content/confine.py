"""Starts a program that cannot reach the network or write outside some folders, where mounts are not permitted.

confine.py [--no-network] [--loopback] [--write FOLDER]... -- PROGRAM ARGUMENT...
--no-network forbids internet sockets; --loopback brings up the loopback device of a new network namespace and gives the rights back.
Exit 125 if the kernel cannot do it: then nothing was started.
"""
import ctypes
import fcntl
import os
import socket
import struct
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from restrict import contain_writes, forbid_network  # noqa: E402


SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP = 0x8913, 0x8914, 1
PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL = 47, 4


def raise_loopback():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as handle:
        request = struct.pack('16sh14x', b'lo', 0)
        flags = struct.unpack('16sh14x', fcntl.ioctl(handle, SIOCGIFFLAGS, request))[1]
        fcntl.ioctl(handle, SIOCSIFFLAGS, struct.pack('16sh14x', b'lo', flags | IFF_UP))
    ctypes.CDLL(None).prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0)


def main(words):
    network, loopback, folders = False, False, []
    while words and words[0] != '--':
        word = words.pop(0)
        if word == '--no-network':
            network = True
        elif word == '--loopback':
            loopback = True
        elif word == '--write':
            folders.append(words.pop(0))
    command = words[1:]
    try:
        if loopback:
            raise_loopback()
        if folders:
            contain_writes(folders)
        if network:
            forbid_network()
    except OSError as error:
        sys.stderr.write('confine: %s\n' % error)
        return 125
    try:
        os.execvp(command[0], command)
    except OSError as error:
        sys.stderr.write('confine: %s: %s\n' % (command[0], error))
        return 127 if isinstance(error, FileNotFoundError) else 126


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
