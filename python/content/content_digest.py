"""Reads files named on standard input and tells the digest of what is inside them.

One JSON object per line in: {"path": …} or {"raw": base64 of the bytes of the path}; one per line out, in the same order:
{"format": …, "sha256": …} or {"unknown": reason}. The files are hostile: before the first one is opened, the process gives up
network, new programs, and memory and time without bound. Nothing that a file names is imported or run.
"""
import base64
import json
import os
import signal
import sys
import threading

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
import formats  # noqa: E402
import restrict  # noqa: E402
from tree_digest import Unknown  # noqa: E402

MEMORY_BYTES = 12 << 30
CPU_SECONDS = 600


def answer(line):
    asked = json.loads(line)
    path = os.fsdecode(base64.b64decode(asked['raw'])) if 'raw' in asked else asked['path']
    try:
        reader = formats.reader_of(path)
        if reader is None:
            return {'unknown': 'the format is not known'}
        return {'format': reader[0], 'sha256': reader[1](path).hex()}
    except Unknown as error:
        return {'unknown': str(error)}
    except RecursionError:
        return {'unknown': 'nested too deep'}
    except MemoryError:
        return {'unknown': 'needs too much memory'}
    except ImportError as error:
        return {'unknown': 'needs ' + str(error.name)}
    except Exception as error:
        return {'unknown': '%s: %s' % (type(error).__name__, str(error)[:200])}


def work(seconds):
    out = sys.stdout
    for line in sys.stdin:
        # The default action of the alarm ends the process: a reader in native code cannot hold it up.
        signal.alarm(seconds)
        result = answer(line)
        signal.alarm(0)
        out.write(json.dumps(result) + '\n')
        out.flush()


def main():
    seconds = int(sys.argv[1]) if len(sys.argv) > 1 else 60
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    # Optional readers are loaded first: they may look at the machine in ways that are given up below.
    for name in sys.argv[2:]:
        try:
            __import__(name)
        except Exception:
            pass
    restrict.bound_resources(MEMORY_BYTES, CPU_SECONDS)
    try:
        restrict.forbid_network(forbid_programs=True)
    except OSError as error:
        sys.stderr.write('not confined by the kernel: %s\n' % error)
    sys.setrecursionlimit(20000)
    threading.stack_size(512 << 20)
    thread = threading.Thread(target=work, args=(seconds,))
    thread.start()
    thread.join()


if __name__ == '__main__':
    main()
