"""Prepares a run folder as the command line does, starts programs under the hooks, and reads their events."""

import hashlib
import hmac
import json
import os
import shutil
import subprocess
import sys
import tempfile
import textwrap
import unittest

SHIM = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", "shim"))
# Whether nothing is to be left out, however long it takes: in `npm run test:full`.
EVERYTHING = os.environ.get("TRAINLOCK_TEST_TOOLS") == "all"
ROOT_A = bytes(range(32))
ROOT_B = bytes(range(32, 64))


class Result:
    """What a program left: output, code and the events of each process."""

    def __init__(self, code, out, err, events):
        self.code = code
        self.out = out
        self.err = err
        self.events = events

    def of(self, kind, process=None):
        """All events of a kind, of one process or of all."""
        return [event for name, lines in sorted(self.events.items()) if process in (None, name) for event in lines if event["kind"] == kind]

    def start(self, process="0"):
        """The first event of a process."""
        return self.events[process][0]


class Workplace:
    """A temporary project. To be used with `with`."""

    def __init__(self):
        self.folder = os.path.realpath(tempfile.mkdtemp(prefix="trainlock-shim-"))
        self.project = os.path.join(self.folder, "project")
        os.mkdir(self.project)
        self._runs = 0
        self.last_run = None
        self.whole = True

    def __enter__(self):
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.folder, ignore_errors=True)

    def write(self, name, text):
        """Writes a file of the project and gives its path."""
        path = os.path.join(self.project, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(textwrap.dedent(text))
        return path

    def prepare(self, root=ROOT_A, mode="own", tape=None, project=None, **more):
        """A run folder with settings and root. Gives its path."""
        self._runs += 1
        run = os.path.join(self.folder, "run%d" % self._runs)
        os.makedirs(os.path.join(run, "events"), mode=0o700)
        settings = {"version": "1", "entropy": mode, "project": project or self.project, "working": self.project, "shim": SHIM, "events": os.path.join(run, "events"), "deterministic": "0", "replay": "0"}
        if mode == "own":
            settings["root_file"] = os.path.join(run, "root")
            with open(settings["root_file"], "wb") as file:
                file.write(root)
            os.chmod(settings["root_file"], 0o600)
        if tape is not None:
            settings["tape"] = os.path.join(run, "tape")
            settings["replay"] = "1"
            with open(settings["tape"], "w", encoding="utf-8") as file:
                for entry in tape:
                    file.write(json.dumps(entry) + "\n")
        settings.update(more)
        with open(os.path.join(run, "shim.conf"), "w", encoding="utf-8", errors="surrogateescape") as file:
            for key, value in settings.items():
                file.write("%s=%s\n" % (key, value))
        self.last_run = run
        return run

    def variables(self, run, root=ROOT_A, mode="own", process="0", **more):
        """The variables of the child."""
        variables = clean_variables()
        if run is not None:
            variables.update(TRAINLOCK_RUN_DIR=run, TRAINLOCK_PROCESS=process, PYTHONPATH=SHIM)
            if mode == "own":
                variables["PYTHONHASHSEED"] = str(int.from_bytes(hmac.new(root, b"trainlock-hash-seed-v1", hashlib.sha256).digest(), "big") % 4294967295 + 1)
        variables.update(more)
        return variables

    def run(self, *arguments, root=ROOT_A, mode="own", tape=None, env=None, executable=None, timeout=240, cwd=None, project=None, **settings):
        """Runs Python under the hooks."""
        run = self.prepare(root, mode, tape, project, **settings)
        return self.start(run, self.variables(run, root, mode, **(env or {})), arguments, executable, timeout, cwd or project)

    def plain(self, *arguments, env=None, executable=None, timeout=240, cwd=None):
        """Runs Python without hooks."""
        return self.start(None, self.variables(None, **(env or {})), arguments, executable, timeout, cwd)

    def start(self, run, variables, arguments, executable=None, timeout=240, cwd=None):
        """Starts a program and waits for it."""
        command = [executable or sys.executable] + list(arguments)
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=variables, cwd=cwd or self.project, timeout=timeout)
        return Result(done.returncode, done.stdout, done.stderr, read_events(run, self.whole) if run else {})


def clean_variables():
    """The variables of this process without those of a run."""
    return {key: value for key, value in os.environ.items() if not key.startswith("TRAINLOCK_") and key not in ("PYTHONPATH", "PYTHONHASHSEED", "PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED", "RANK", "LOCAL_RANK", "WORLD_SIZE")}


def read_events(run, whole=True):
    """Events of each process; every line must be whole, numbered without holes, and fit the schema."""
    from event_schema import check

    folder = os.path.join(run, "events")
    events = {}
    for name in sorted(os.listdir(folder)) if os.path.isdir(folder) else []:
        with open(os.path.join(folder, name), "rb") as file:
            lines = file.read().split(b"\n")
        assert lines[-1] == b"", "%s: the last line is cut: %r" % (name, lines[-1][:200])
        read = [json.loads(line.decode("utf-8")) for line in lines[:-1]]
        for number, event in enumerate(read):
            assert event["seq"] == number or not whole, "%s: line %d has number %d" % (name, number, event["seq"])
            problem = check(event)
            assert problem is None, "%s line %d: %s in %s" % (name, number, problem, json.dumps(event)[:500])
        events[name[: -len(".jsonl")]] = read
    return events


def missing(*modules):
    """The reason to skip a test, or an empty text."""
    import importlib.util

    absent = [module for module in modules if importlib.util.find_spec(module) is None]
    return "not installed: " + ", ".join(absent) if absent else ""


class ScriptTest(unittest.TestCase):
    """Tests that run one script under the hooks, in a project of its own. No fault of the hooks is allowed, and no words on stderr."""

    silent = True

    def setUp(self):
        self.place = Workplace()
        self.addCleanup(self.place.__exit__)

    def run_script(self, script, *arguments, **options):
        self.place.write("train.py", script)
        result = self.place.run("train.py", *arguments, **options)
        if self.silent:
            self.assertEqual((result.err.decode(), result.code), ("", 0))
        self.assertEqual(result.of("fault"), [])
        return result
