"""A fault of ours never reaches the program."""

import json
import os
import random
import shutil
import subprocess
import sys
import unittest

from harness import SHIM, Workplace, missing, read_events

WORK = """
    import os, random, sys, subprocess, argparse, warnings
    random.seed(1)
    print(random.random(), random.Random(3).random())
    open('made.txt', 'w').close()
    subprocess.check_call([sys.executable, '-c', 'print(1)'])
    if os.fork() == 0:
        os._exit(0)
    os.wait()
    warnings.warn("careful")
"""


class Robustness(unittest.TestCase):
    def setUp(self):
        self.place = Workplace()
        self.addCleanup(self.place.__exit__)
        self.place.write("train.py", WORK)
        self.plain = self.place.plain("train.py")

    def assertSame(self, result):
        self.assertEqual((result.out, result.err, result.code), (self.plain.out, self.plain.err, self.plain.code))

    def start(self, run, **more):
        return self.place.start(None, self.place.variables(run, **more), ["train.py"])

    def test_without_settings(self):
        run = self.place.prepare()
        os.remove(os.path.join(run, "shim.conf"))
        self.assertSame(self.start(run))
        self.assertEqual(os.listdir(os.path.join(run, "events")), [])

    def test_without_a_run_folder(self):
        run = self.place.prepare()
        shutil.rmtree(run)
        self.assertSame(self.start(run))

    def test_without_an_events_folder(self):
        run = self.place.prepare()
        shutil.rmtree(os.path.join(run, "events"))
        self.assertSame(self.start(run))

    def test_with_settings_that_are_nonsense(self):
        run = self.place.prepare()
        for content in (b"", b"\0\xff\xfe", b"version=9\n", b"version=1\n=\nmap=x\nentropy=own\n", b"version=1\nevents=/dev/null\n"):
            with open(os.path.join(run, "shim.conf"), "wb") as file:
                file.write(content)
            self.assertSame(self.start(run))

    def test_with_process_ids_that_are_nonsense(self):
        for process in ("", "../../x", "a", "0" * 300, "\udcff"):
            run = self.place.prepare()
            result = self.place.start(None, self.place.variables(run, process=process), ["train.py"])
            self.assertSame(result)
            self.assertEqual(os.listdir(os.path.join(run, "events")), [])

    @unittest.skipIf(os.geteuid() == 0 and not shutil.which("setpriv"), "needs a user without rights, or setpriv")
    def test_in_a_folder_that_cannot_be_written(self):
        run = self.place.prepare()
        os.chmod(os.path.join(run, "events"), 0o555)
        python = sys.executable if os.geteuid() != 0 or not os.path.exists("/usr/bin/python3") else "/usr/bin/python3"
        command = ["setpriv", "--reuid=65534", "--clear-groups", python] if os.geteuid() == 0 else [python]
        os.chmod(self.place.folder, 0o755)
        os.chmod(run, 0o755)
        os.chmod(os.path.join(run, "shim.conf"), 0o644)
        probe = subprocess.run(command + ["-c", "1"], stderr=subprocess.PIPE)
        if probe.returncode != 0:
            self.skipTest("another user cannot run this interpreter")
        done = subprocess.run(command + ["-c", "print(1)"], env=self.place.variables(run), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.assertEqual((done.stdout, done.stderr), (b"1\n", b""))

    def test_with_a_full_disk(self):
        run = self.place.prepare()
        limited = self.place.write("limited.py", "import os, resource, signal, sys\nsignal.signal(signal.SIGXFSZ, signal.SIG_IGN)\nresource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))\nos.execve(sys.executable, [sys.executable, 'train.py'], dict(os.environ, PYTHONPATH=%r, TRAINLOCK_RUN_DIR=%r, TRAINLOCK_PROCESS='0', PYTHONDONTWRITEBYTECODE='1'))\n" % (SHIM, run))
        self.assertSame(self.place.start(None, self.place.variables(None), [limited]))
        with open(os.path.join(run, "events", "0.jsonl"), "rb") as file:
            lines = file.read().split(b"\n")
        for line in lines[:-1]:
            json.loads(line.decode("utf-8"))

    def test_when_the_disk_has_room_again_the_cut_line_does_not_spoil_the_next(self):
        self.place.write(
            "t.py",
            """
            import resource, signal
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (3000, resource.RLIM_INFINITY))
            for number in range(40):
                open('/nonexistent-%d' % number) if False else None
                try:
                    open('/nonexistent-%d' % number)
                except OSError:
                    pass
            resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
            try:
                open('/nonexistent-last')
            except OSError:
                pass
            """,
        )
        run = self.place.prepare()
        result = self.place.start(None, self.place.variables(run), ["t.py"])
        self.assertEqual((result.code, result.err), (0, b""))
        with open(os.path.join(run, "events", "0.jsonl"), "rb") as file:
            lines = file.read().split(b"\n")
        self.assertTrue(any(b"nonexistent-last" in line and line.startswith(b'{"seq"') and line.endswith(b"}") for line in lines))

    def test_a_program_that_closes_all_descriptors_is_still_recorded(self):
        self.place.write("t.py", "import os\nos.closerange(3, 4096)\nfiles = [open('f%d' % n, 'w') for n in range(300)]\nfor file in files:\n    file.write('x')\nfor file in files:\n    file.close()\nprint(all(open('f%d' % n).read() == 'x' for n in range(300)))\n")
        result = self.place.run("t.py")
        self.assertEqual((result.out, result.err, result.code), (b"True\n", b"", 0))
        self.assertEqual(result.events["0"][-1]["kind"], "end")
        self.assertGreaterEqual(len(result.of("open")), 600)

    def test_a_descriptor_that_the_program_took_over_is_never_written_to(self):
        self.place.write("t.py", "import os\nos.closerange(3, 4096)\nvictim = os.open('victim.txt', os.O_RDWR | os.O_CREAT)\nfor number in range(100, 300):\n    os.dup2(victim, number)\nfor n in range(50):\n    open('f%d' % n, 'w').close()\nprint(os.path.getsize('victim.txt'))\n")
        result = self.place.run("t.py")
        self.assertEqual((result.out, result.err, result.code), (b"0\n", b"", 0))
        self.assertEqual(result.events["0"][-1]["kind"], "end")

    def test_a_run_folder_that_is_removed_meanwhile_stays_removed(self):
        run = self.place.prepare()
        self.place.write("t.py", "import os, shutil\nshutil.rmtree(%r)\nos.closerange(3, 4096)\nopen('x', 'w').close()\nimport random\nprint(random.Random(3).random())\nos.system('true')\n" % run)
        result = self.place.start(None, self.place.variables(run), ["t.py"])
        self.assertEqual((result.out, result.err, result.code), (b"%r\n" % random.Random(3).random(), b"", 0))
        self.assertFalse(os.path.exists(run))

    def test_with_few_descriptors(self):
        self.place.write("limit.py", "import os, resource, sys\nresource.setrlimit(resource.RLIMIT_NOFILE, (30, 30))\nos.execv(sys.executable, [sys.executable, 'train.py'])\n")
        run = self.place.prepare()
        result = self.place.start(run, self.place.variables(run), ["limit.py"])
        self.assertSame(result)
        self.assertIn("end", [event["kind"] for event in result.events["0+1"]])

    def test_low_descriptors_stay_the_programs(self):
        self.place.write("t.py", "import os\nprint(os.open('a', os.O_CREAT | os.O_WRONLY), os.open('b', os.O_CREAT | os.O_WRONLY))\n")
        self.assertEqual(self.place.run("t.py").out, self.place.plain("t.py").out)

    def test_descriptors_are_not_inherited(self):
        self.place.write("t.py", "import subprocess\nprint(subprocess.check_output(['ls', '/proc/self/fd'], close_fds=False))\n")
        self.assertEqual(self.place.run("t.py").out, self.place.plain("t.py").out)

    def test_hooks_that_fail_are_told_once_and_fall_silent(self):
        self.place.write(
            "t.py",
            """
            import trainlock_shim.opened as opened, trainlock_shim.audit as audit
            def broken(args):
                raise RuntimeError('ours')
            audit.HANDLERS['open'] = broken
            for number in range(100):
                open('f%d' % number, 'w').close()
            import random
            print(random.Random(3).random())
            """,
        )
        result = self.place.run("t.py")
        self.assertEqual((result.out, result.err, result.code), (b"%r\n" % random.Random(3).random(), b"", 0))
        self.assertEqual([(event["what"], event["message"].partition(" (")[0]) for event in result.of("fault")], [("open", "RuntimeError: ours")])

    def test_threads_that_open_files_at_once(self):
        self.place.write(
            "t.py",
            """
            import threading, random
            def work(name):
                for number in range(100):
                    open('%s-%d' % (name, number), 'w').close()
                    random.Random(number)
            threads = [threading.Thread(target=work, args=(name,)) for name in 'abcdefgh']
            for thread in threads: thread.start()
            for thread in threads: thread.join()
            """,
        )
        result = self.place.run("t.py")
        self.assertEqual((result.err, result.code), (b"", 0))
        self.assertEqual(len([event for event in result.of("open") if event["mode"] == "w"]), 800)

    def test_a_thread_that_is_interrupted_at_any_line_while_it_writes_does_not_lose_its_turn(self):
        self.place.write(
            "t.py",
            """
            import random, threading, time
            import trainlock_shim.log as log
            chance = random.Random(1)
            def at_every_line(frame, event, arg):
                if chance.random() < 0.3:
                    time.sleep(0.002)  # lets the others run
                return at_every_line
            def trace(frame, event, arg):
                return at_every_line if frame.f_code is log.emit.__code__ else None
            def work():
                for number in range(100):
                    log.emit('absent', ',"path":"/x"')
                    time.sleep(chance.random() * 0.004)
            threading.settrace(trace)
            threads = [threading.Thread(target=work) for _ in range(4)]
            for thread in threads: thread.start()
            for thread in threads: thread.join()
            """,
        )
        result = self.place.run("t.py")  # the harness demands that lines are numbered without holes
        self.assertEqual((result.err, result.code), (b"", 0))
        self.assertEqual(len([event for event in result.of("absent") if event["path"] == "/x"]), 400)

    def test_many_events_that_wait_for_a_slow_writer_are_no_reason_to_write_beside_it(self):
        self.place.write(
            "t.py",
            """
            import threading, time
            import trainlock_shim.log as log
            append = log._append
            def slow(rest):
                if 'first' in rest:
                    inside.set()
                    time.sleep(0.5)
                return append(rest)
            log._append = slow
            inside = threading.Event()
            thread = threading.Thread(target=lambda: open('first', 'w').close())
            thread.start()
            inside.wait()
            for number in range(1000):
                open('f%d' % number, 'w').close()
            thread.join()
            """,
        )
        result = self.place.run("t.py")
        self.assertEqual((result.err, result.code), (b"", 0))
        told = [event["path"].rpartition("/")[2] for event in result.of("open") if event["mode"] == "w"]
        self.assertEqual(told, ["first"] + ["f%d" % number for number in range(1000)])

    def test_a_writer_that_was_torn_away_is_followed_by_another(self):
        self.place.write(
            "t.py",
            """
            import _thread, sys, threading
            import trainlock_shim.log as log
            def lost(ident):
                log._turn.setdefault('log', [ident])  # as an exception leaves it that a signal handler raises in just this place
            lost(_thread.get_ident())
            open('same', 'w').close()
            thread = threading.Thread(target=lambda: lost(_thread.get_ident()))
            thread.start()
            thread.join()
            for number in range(600):
                open('f%d' % number, 'w').close()
            """,
        )
        result = self.place.run("t.py")
        self.assertEqual((result.err, result.code), (b"", 0))
        self.assertEqual([event["path"].rpartition("/")[2] for event in result.of("open") if event["mode"] == "w"], ["same"] + ["f%d" % number for number in range(600)])
        self.assertEqual(result.events["0"][-1]["kind"], "end")

    def test_forks_while_other_threads_write_events(self):
        self.place.write(
            "t.py",
            """
            import os, threading
            stop = []
            def work(name):
                number = 0
                while not stop:
                    number += 1
                    open('%s-%d' % (name, number % 50), 'w').close()
                    os.replace('%s-%d' % (name, number % 50), name)
            threads = [threading.Thread(target=work, args=(name,)) for name in 'abc']
            for thread in threads: thread.start()
            for _ in range(30):
                child = os.fork()
                if child == 0:
                    open('child', 'w').close()
                    os._exit(0)
                assert os.waitpid(child, 0)[1] == 0
            stop.append(1)
            for thread in threads: thread.join()
            print('done')
            """,
        )
        result = self.place.run("t.py", "-W", "ignore", timeout=60)
        self.assertEqual(result.out, b"done\n", result.err.decode())
        self.assertEqual(len(result.events), 31)

    def test_signal_handlers_that_open_files(self):
        self.place.write(
            "t.py",
            """
            import signal
            count = 0
            inside = False
            def handler(number, frame):
                global count, inside
                if inside:  # a storm of signals must not nest without end
                    return
                inside = True
                count += 1
                open('handler-%d' % count, 'w').close()
                inside = False
            signal.signal(signal.SIGALRM, handler)
            signal.setitimer(signal.ITIMER_REAL, 0.002, 0.002)
            for number in range(1000):
                open('f%d' % number, 'w').close()
            signal.setitimer(signal.ITIMER_REAL, 0)
            print('done')
            """,
        )
        result = self.place.run("t.py", timeout=60)
        self.assertEqual((result.out, result.err), (b"done\n", b""))
        self.assertEqual(len([event for event in result.of("open") if "/f" in event["path"]]), 1000)

    def test_wrapped_builtins_still_behave_as_builtins(self):
        self.place.write(
            "t.py",
            """
            import inspect, os, pickle, posix
            class Holder:
                system = os.system
                execve = os.execve
                spawn = os.posix_spawn
            assert Holder().system('exit 3') >> 8 == 3
            assert pickle.loads(pickle.dumps(os.system)) is os.system is posix.system
            assert os.system.__name__ == 'system' and os.system.__doc__
            print(inspect.signature(os.system), os.system)
            """,
        )
        result, plain = self.place.run("t.py"), self.place.plain("t.py")
        self.assertEqual((result.out, result.err), (plain.out.replace(b"posix", b"posix"), b""))

    def test_sources_specs_and_loaders_of_watched_modules_are_genuine(self):
        self.place.write(
            "t.py",
            """
            import importlib, importlib.util, inspect, pkgutil, random, argparse, warnings, sys
            for module in (random, argparse, warnings):
                assert module.__spec__.loader is module.__loader__ and 'trainlock' not in type(module.__loader__).__module__, module
                assert len(inspect.getsource(module)) > 1000
                assert importlib.util.find_spec(module.__name__).origin == module.__file__
            print(inspect.signature(random.Random.seed), inspect.signature(random.seed), inspect.signature(argparse.ArgumentParser.parse_known_args))
            importlib.reload(random)
            print(type(random.seed).__name__, random.Random.seed.__name__, random.Random.seed.__qualname__)
            assert importlib.util.find_spec('multiprocessing.util').loader.__class__.__module__ != 'trainlock_shim.imports'
            """,
        )
        self.assertEqual(self.place.run("t.py").out, self.place.plain("t.py").out)

    def test_modules_that_were_there_before_us_are_patched_in_place(self):
        self.place.write("mine/early.py", "import random, argparse, warnings, subprocess, multiprocessing.util\n")
        self.place.write("t.py", "import random, sys, subprocess\nprint(random.random(), random.Random().random())\nprint(subprocess.check_output([sys.executable, '-c', '1'], env={}) if False else '')\n")
        bootstrap = "import sys; sys.path.insert(0, %r); import early; sys.path.insert(0, %r); import trainlock_shim.start as s; s.start(); exec(compile(open('t.py').read(), 't.py', 'exec'))" % (os.path.join(self.place.project, "mine"), SHIM)
        results = []
        for _ in range(2):
            run = self.place.prepare()
            variables = self.place.variables(run)
            del variables["PYTHONPATH"]
            result = self.place.start(run, variables, ["-c", bootstrap])
            self.assertEqual((result.err, result.code), (b"", 0))
            self.assertEqual(result.of("fault"), [])
            results.append(result.out)
        self.assertEqual(results[0], results[1])

    @unittest.skipIf(missing("numpy"), missing("numpy"))
    def test_numpy_that_was_there_before_us_is_patched_in_place(self):
        bootstrap = "import sys, numpy as np; sys.path.insert(0, %r); import trainlock_shim.start as s; s.start(); print(np.random.rand(), np.random.default_rng().random(), np.random.RandomState().rand())" % SHIM
        outputs = []
        for _ in range(2):
            run = self.place.prepare()
            variables = self.place.variables(run)
            del variables["PYTHONPATH"]
            result = self.place.start(run, variables, ["-c", bootstrap])
            self.assertEqual((result.err, result.of("fault")), (b"", []))
            outputs.append(result.out)
        self.assertEqual(outputs[0], outputs[1])

    def test_an_empty_program_loads_little(self):
        self.place.write("t.py", "import sys\nprint('\\n'.join(sorted(sys.modules)))\n")
        plain = set(self.place.plain("t.py").out.decode().split("\n"))
        ours = set(self.place.run("t.py").out.decode().split("\n")) - plain
        self.assertEqual({name for name in ours if not name.startswith(("trainlock_shim", "sitecustomize"))} - {"atexit", "_collections", "_sha2", "_sha256", "errno", "binascii", "functools", "collections", "reprlib", "_functools", "keyword", "operator", "_operator", "itertools"}, set())

    def test_two_runs_at_once_do_not_mix(self):
        runs = [self.place.prepare() for _ in range(2)]
        children = [subprocess.Popen([sys.executable, "train.py"], cwd=self.place.project, env=self.place.variables(run), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) for run in runs]
        for child in children:
            child.wait(60)
        for run in runs:
            self.assertEqual(sorted(read_events(run)), ["0", "0.0", "0.1"])


if __name__ == "__main__":
    unittest.main()
