"""Every process of a run is seen, and none is disturbed."""

import os
import signal
import stat
import sys
import textwrap
import time
import unittest

from harness import ROOT_B, SHIM, Workplace, missing

DRAW = "import random\nprint(random.random())\n"


class Coverage(unittest.TestCase):
    def run_script(self, script, *arguments, **options):
        self.place = Workplace()
        self.addCleanup(self.place.__exit__)
        self.place.write("draw.py", DRAW)
        self.place.write("train.py", script)
        return self.place.run("train.py", *arguments, **options)

    def again(self, **options):
        return self.place.run("train.py", **options)

    def assertFine(self, result):
        self.assertEqual((result.err.decode(), result.code), ("", 0))
        self.assertEqual(result.of("fault"), [])

    def test_a_program_starts_under_the_id_it_was_given(self):
        result = self.run_script("import sys\nprint(sys.argv)\n", "--rate", "0.1")
        start = result.start()
        self.assertEqual((start["process"], start["parent"], start["how"]), ("0", "", "exec"))
        self.assertEqual(start["argv"][1:], ["train.py", "--rate", "0.1"])
        self.assertEqual(start["cwd"], self.place.project)
        self.assertEqual(start["pythonVersion"], sys.version.split()[0])
        self.assertEqual(result.events["0"][-1]["kind"], "end")
        self.assertIn("peakMemoryBytes", result.events["0"][-1])

    def test_subprocesses_draw_apart_and_repeat(self):
        result = self.run_script("import subprocess, sys\nfor _ in range(3):\n    print(subprocess.check_output([sys.executable, 'draw.py']))\n")
        self.assertFine(result)
        self.assertEqual(sorted(result.events), ["0", "0.0", "0.1", "0.2"])
        self.assertEqual(len(set(result.out.split(b"\n"))), 4)
        self.assertEqual(self.again().out, result.out)
        self.assertNotEqual(self.again(root=ROOT_B).out, result.out)
        self.assertEqual([(event["child"], event["hooks"]) for event in result.of("spawn")], [("0.0", "passed"), ("0.1", "passed"), ("0.2", "passed")])
        self.assertEqual([event["pid"] for event in result.of("spawn")], [result.start(name)["pid"] for name in ("0.0", "0.1", "0.2")])
        self.assertEqual(result.start("0.1")["parent"], "0")

    def test_a_cleaned_environment_keeps_the_hooks(self):
        result = self.run_script("import subprocess, sys\nprint(subprocess.check_output([sys.executable, 'draw.py'], env={'PATH': '/usr/bin:/bin', 'LD_LIBRARY_PATH': __import__('os').environ.get('LD_LIBRARY_PATH', '')}))\n")
        self.assertFine(result)
        self.assertEqual(sorted(result.events), ["0", "0.0"])
        self.assertEqual(self.again().out, result.out)
        self.assertEqual(result.start("0.0")["hashSeed"], result.start()["hashSeed"])

    def test_variables_that_the_program_removed_are_given_back_to_children(self):
        result = self.run_script("import os, subprocess, sys\nos.environ['PYTHONPATH'] = '/elsewhere'\ndel os.environ['TRAINLOCK_RUN_DIR']\nprint(subprocess.check_output([sys.executable, 'draw.py']))\n")
        self.assertFine(result)
        self.assertEqual(sorted(result.events), ["0", "0.0"])
        self.assertIn("/elsewhere", result.of("search-path", "0.0")[-1]["paths"])

    def test_another_recorded_run_inside_is_left_alone(self):
        result = self.run_script("import os, subprocess, sys\nenv = dict(os.environ, TRAINLOCK_RUN_DIR='/other', TRAINLOCK_PROCESS='7')\nprint(subprocess.check_output([sys.executable, '-c', 'import os; print(os.environ[\"TRAINLOCK_RUN_DIR\"], os.environ[\"TRAINLOCK_PROCESS\"])'], env=env))\n")
        self.assertFine(result)
        self.assertIn(b"/other 7", result.out)

    def test_a_raw_fork_is_seen_and_the_child_may_leave_at_once(self):
        result = self.run_script("import os, random\nchild = os.fork()\nos.write(1, b'%r\\n' % random.random())\nif child == 0:\n    open('child.txt', 'w').close()\n    os._exit(0)\nos.waitpid(child, 0)\n")
        self.assertFine(result)
        self.assertEqual(sorted(result.events), ["0", "0.0"])
        self.assertEqual(result.start("0.0")["how"], "fork")
        self.assertTrue([event for event in result.of("open", "0.0") if event["path"].endswith("child.txt")])
        self.assertEqual(len(set(result.out.split())), 2)
        self.assertEqual(sorted(self.again().out.split()), sorted(result.out.split()))

    def test_a_forked_child_of_a_seeded_parent_draws_from_the_root(self):
        result = self.run_script("import os, random\nrandom.seed(1)\nif os.fork() == 0:\n    print(random.random(), flush=True)\n    os._exit(0)\nos.wait()\n")
        self.assertFine(result)
        self.assertEqual(self.again().out, result.out)
        self.assertNotEqual(self.again(root=ROOT_B).out, result.out)

    def multiprocessing_script(self, method):
        return textwrap.dedent(
            """
            import multiprocessing, random
            def draw(queue):
                queue.put((multiprocessing.current_process().name, random.random()))
            if __name__ == "__main__":
                context = multiprocessing.get_context("%s")
                queue = context.SimpleQueue()
                found = []
                for _ in range(2):
                    process = context.Process(target=draw, args=(queue,))
                    process.start()
                    found.append(queue.get()[1])
                    process.join()
                print(found, random.random())
            """
            % method
        )

    def check_multiprocessing(self, method):
        result = self.run_script(self.multiprocessing_script(method))
        self.assertFine(result)
        values = result.out.replace(b"[", b"").replace(b"]", b"").replace(b",", b"").split()
        self.assertEqual(len(set(values)), 3)
        self.assertEqual(self.again().out, result.out)
        self.assertNotEqual(self.again(root=ROOT_B).out, result.out)
        return result

    def test_multiprocessing_with_fork(self):
        result = self.check_multiprocessing("fork")
        self.assertEqual([result.events[name][-1]["kind"] for name in sorted(result.events)], ["end"] * 3, "children tell their end")

    def test_multiprocessing_with_spawn(self):
        self.check_multiprocessing("spawn")

    def test_multiprocessing_with_forkserver(self):
        result = self.check_multiprocessing("forkserver")
        self.assertTrue([name for name in result.events if name.count(".") == 2])

    def test_pools(self):
        for method in ("fork", "spawn", "forkserver"):
            result = self.run_script("import multiprocessing, os\ndef work(n):\n    return n * n\nif __name__ == '__main__':\n    with multiprocessing.get_context('%s').Pool(2) as pool:\n        print(pool.map(work, range(5)))\n" % method)
            self.assertFine(result)
            self.assertEqual(result.out, b"[0, 1, 4, 9, 16]\n")

    def test_concurrent_futures(self):
        result = self.run_script("from concurrent.futures import ProcessPoolExecutor\ndef work(n):\n    return n + 1\nif __name__ == '__main__':\n    with ProcessPoolExecutor(2) as pool:\n        print(list(pool.map(work, range(4))))\n")
        self.assertFine(result)
        self.assertEqual(result.out, b"[1, 2, 3, 4]\n")

    @unittest.skipIf(missing("joblib", "numpy"), missing("joblib", "numpy"))
    def test_loky(self):
        result = self.run_script("import joblib, numpy as np\ndef work(n):\n    return np.random.RandomState().rand()\nprint(len(set(joblib.Parallel(2)(joblib.delayed(work)(n) for n in range(6)))))\n")
        self.assertFine(result)
        self.assertEqual(result.out, b"6\n")
        self.assertGreaterEqual(len([name for name in result.events if result.of("library", name)]), 1)
        self.assertGreaterEqual(len(result.events), 3)

    def test_exec_in_place_takes_the_next_free_id(self):
        result = self.run_script("import os, sys\nos.execv(sys.executable, [sys.executable, 'draw.py'])\n")
        self.assertFine(result)
        self.assertEqual(sorted(result.events), ["0", "0+1"])
        self.assertEqual(result.events["0"][-1]["kind"], "exec")
        self.assertEqual(result.start()["pid"], result.start("0+1")["pid"])
        self.assertEqual(self.again().out, result.out)

    def test_exec_with_a_cleaned_environment_and_with_a_search_along_the_path(self):
        result = self.run_script("import os, sys\nos.execvpe(os.path.basename(sys.executable), ['python', 'draw.py'], {'PATH': '/nonexistent:' + os.path.dirname(sys.executable), 'LD_LIBRARY_PATH': os.environ.get('LD_LIBRARY_PATH', '')})\n")
        self.assertFine(result)
        self.assertEqual(sorted(result.events), ["0", "0+1"])
        self.assertEqual(len(result.of("exec")), 1)

    def test_spawnv_posix_spawn_and_system(self):
        result = self.run_script("import os, sys\nos.spawnv(os.P_WAIT, sys.executable, [sys.executable, 'draw.py'])\nos.waitpid(os.posix_spawn(sys.executable, [sys.executable, 'draw.py'], {'LD_LIBRARY_PATH': os.environ.get('LD_LIBRARY_PATH', '')}), 0)\nos.system(sys.executable + ' draw.py; ' + sys.executable + ' draw.py')\nprint(os.popen(sys.executable + ' draw.py').read(), flush=True)\n")
        self.assertFine(result)
        self.assertEqual(sorted(result.events), ["0", "0.0", "0.0+1", "0.1", "0.2", "0.2+1", "0.3"])
        self.assertEqual(len(set(result.out.split())), 5)
        self.assertEqual(self.again().out, result.out)

    def test_a_preexec_function_runs_as_always(self):
        result = self.run_script("import os, subprocess, sys\nprint(subprocess.check_output([sys.executable, 'draw.py'], preexec_fn=lambda: os.environ.update(X='1')))\n")
        self.assertFine(result)
        self.assertEqual(sorted(result.events), ["0", "0.0"])

    def test_hooks_that_are_lost_are_told_with_their_reason(self):
        script = self.run_script
        for option, reason in (("-I", "python -I ignores PYTHONPATH"), ("-E", "python -E ignores PYTHONPATH"), ("-S", "python -S does not run sitecustomize"), ("-uE", "python -E ignores PYTHONPATH")):
            result = script("import subprocess, sys\nprint(subprocess.check_output([sys.executable, %r, '-c', 'print(1)']))\n" % option)
            self.assertFine(result)
            spawn = result.of("spawn")[0]
            self.assertEqual((spawn["hooks"], spawn["reason"]), ("lost", reason))
        result = script("import subprocess, sys\nprint(subprocess.check_output([sys.executable, '-u', '-W', 'ignore', '-c', 'print(1)', '-E']))\n")
        self.assertEqual(result.of("spawn")[0]["hooks"], "passed")

    def test_a_first_line_that_loses_the_hooks_is_told(self):
        result = self.run_script("import os, subprocess, sys\nopen('x.py', 'w').write('#!' + sys.executable + ' -E\\nprint(2)\\n')\nos.chmod('x.py', 0o755)\nprint(subprocess.check_output(['./x.py']))\n")
        self.assertFine(result)
        self.assertIn("python -E ignores PYTHONPATH (in the first line of ./x.py)", result.of("spawn")[0]["reason"])

    def test_a_shell_that_starts_two_pythons(self):
        place = Workplace()
        self.addCleanup(place.__exit__)
        place.write("draw.py", DRAW)
        run = place.prepare()
        result = place.start(run, place.variables(run), ["-c", "%s draw.py; %s draw.py" % (sys.executable, sys.executable)], "/bin/sh")
        self.assertEqual(sorted(result.events), ["0", "0+1"])
        self.assertEqual(len(set(result.out.split())), 2)

    def test_a_killed_process_leaves_all_events_before_its_death(self):
        result = self.run_script("import os, signal\nopen('made.txt', 'w').close()\nos.kill(os.getpid(), signal.SIGKILL)\n")
        self.assertEqual(result.code, -signal.SIGKILL)
        self.assertTrue([event for event in result.of("open") if event["path"].endswith("made.txt")])
        self.assertEqual(result.of("end"), [])

    def test_exit_codes_and_uncaught_errors_are_the_programs_own(self):
        result = self.run_script("import os\nos._exit(3)\n")
        self.assertEqual(result.code, 3)
        result = self.run_script("raise ValueError('its own')\n")
        self.assertEqual(result.code, 1)
        self.assertEqual(result.err, self.place.plain("train.py").err)
        self.assertEqual(len(result.of("end")), 1)

    @unittest.skipIf(missing("torch"), missing("torch"))
    def test_two_ranks_under_torchrun(self):
        place = Workplace()
        self.addCleanup(place.__exit__)
        place.write("train.py", "import os, random, torch, torch.distributed as dist\ndist.init_process_group('gloo')\nvalue = torch.rand(1)\nparts = [torch.zeros(1) for _ in range(2)]\ndist.all_gather(parts, value)\nif dist.get_rank() == 0:\n    print([part.item() for part in parts], random.random(), flush=True)\ndist.destroy_process_group()\n")
        results = [place.run("-m", "torch.distributed.run", "--nproc_per_node=2", "--master_port=%d" % (20000 + os.getpid() % 10000 + number), "train.py") for number in range(2)]
        self.assertEqual(results[0].code, 0, results[0].err.decode())
        self.assertEqual(results[0].out, results[1].out)
        values = results[0].out.replace(b"[", b"").replace(b"]", b"").replace(b",", b"").split()
        self.assertNotEqual(values[0], values[1])
        ranks = {event["rank"]: event for event in results[0].of("start") if "rank" in event}
        self.assertEqual((sorted(ranks), ranks[1]["worldSize"], ranks[0]["launcher"]), ([0, 1], 2, "torchrun"))


class Chain(unittest.TestCase):
    def test_the_next_sitecustomize_runs_as_always(self):
        with Workplace() as place:
            place.write("mine/sitecustomize.py", "import builtins\nbuiltins.chained = __name__\n")
            place.write("t.py", "import sitecustomize\nprint(chained, sitecustomize.__file__)\n")
            result = place.run("t.py", env={"PYTHONPATH": SHIM + ":" + os.path.join(place.project, "mine")})
            self.assertEqual(result.out.decode(), "sitecustomize %s/mine/sitecustomize.py\n" % place.project)

    def test_its_errors_are_reported_as_always(self):
        with Workplace() as place:
            place.write("mine/sitecustomize.py", "raise RuntimeError('broken')\n")
            place.write("t.py", "print(1)\n")
            mine = os.path.join(place.project, "mine")
            hooked, plain = place.run("t.py", env={"PYTHONPATH": SHIM + ":" + mine}), place.plain("t.py", env={"PYTHONPATH": mine})
            self.assertEqual((hooked.out, hooked.code, hooked.err), (plain.out, plain.code, plain.err))

    def test_outside_of_a_run_nothing_of_ours_is_loaded(self):
        with Workplace() as place:
            place.write("t.py", "import sys\nprint([name for name in sys.modules if name.startswith('trainlock')])\n")
            self.assertEqual(place.plain("t.py", env={"PYTHONPATH": SHIM}).out, b"[]\n")


class Interrupts(unittest.TestCase):
    def test_an_interrupt_reaches_the_program_and_the_end_is_told(self):
        import subprocess

        with Workplace() as place:
            place.write("t.py", "import random, time\nprint('ready', flush=True)\ntry:\n    while True:\n        random.Random(1)\n        open('/dev/null').close()\nexcept KeyboardInterrupt:\n    print('stopped', flush=True)\n")
            run = place.prepare()
            child = subprocess.Popen([sys.executable, "t.py"], cwd=place.project, env=place.variables(run), stdout=subprocess.PIPE)
            child.stdout.readline()
            time.sleep(0.3)
            child.send_signal(signal.SIGINT)
            self.assertEqual(child.communicate(timeout=20)[0], b"stopped\n")
            self.assertEqual(child.returncode, 0)

    def test_an_exception_of_a_signal_handler_is_never_swallowed(self):
        with Workplace() as place:
            place.whole = False  # an event may be torn by an exception
            place.write(
                "t.py",
                """
                import random, signal
                class Timeout(Exception):
                    pass
                def handler(number, frame):
                    raise Timeout()
                signal.signal(signal.SIGALRM, handler)
                caught = 0
                for _ in range(60):
                    try:
                        signal.setitimer(signal.ITIMER_REAL, 0.003)
                        while True:
                            random.Random(1)
                            open('/tmp', 'rb') if False else None
                            try:
                                open('/nonexistent/%d' % _)
                            except FileNotFoundError:
                                pass
                    except Timeout:
                        caught += 1
                print(caught)
                """,
            )
            result = place.run("t.py")
            self.assertEqual((result.out, result.code), (b"60\n", 0), result.err.decode())


if __name__ == "__main__":
    unittest.main()
