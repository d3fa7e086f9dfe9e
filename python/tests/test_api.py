"""The optional module `trainlock`: inside a run, outside of one, and reading records."""

import json
import os
import subprocess
import sys
import tempfile
import unittest

from harness import SHIM, Workplace, missing

USE = """
    import trainlock
    trainlock.metric('auc', 0.93, stage='final', split='test', step=3)
    trainlock.metric('count', 5)
    trainlock.metric('bad', float('nan'))
    trainlock.data('train', 'data.csv', role='train')
    trainlock.data('memory', [[1, 2], [3, 4]])
    trainlock.output('model.pkl', role='model')
    trainlock.split('validation', [5, 3, 4])
    trainlock.tag('team', 'vision')
    trainlock.parameter('rate', 0.1)
    trainlock.parameter('api_key', 'abc')
    trainlock.seed(why='fixed by the protocol')
    import random; random.seed(1)
    trainlock.mark('after warm-up')
    print(trainlock.recording())
"""


class Api(unittest.TestCase):
    def setUp(self):
        self.place = Workplace()
        self.addCleanup(self.place.__exit__)
        self.place.write("data.csv", "1\n")

    def test_inside_a_run_each_call_is_an_event(self):
        self.place.write("train.py", USE)
        result = self.place.run("train.py")
        self.assertEqual((result.out, result.err, result.of("fault")), (b"True\n", b"", []))
        metrics = [{key: event.get(key) for key in ("name", "value", "bits", "stage", "split", "step", "source")} for event in result.of("metric")]
        self.assertEqual(metrics[0], {"name": "auc", "value": "0.93", "bits": "3fedc28f5c28f5c3", "stage": "final", "split": "test", "step": 3, "source": "api"})
        self.assertEqual([metric["value"] for metric in metrics[1:]], ["5", "NaN"])
        told = {(event["what"], event["name"]): event for event in result.of("declare")}
        self.assertEqual(told[("data", "train")]["path"], self.place.project + "/data.csv")
        self.assertEqual((told[("data", "memory")]["count"], len(told[("data", "memory")]["sha256"])), (2, 64))
        self.assertEqual((told[("output", "model.pkl")]["path"], told[("output", "model.pkl")]["role"]), (self.place.project + "/model.pkl", "model"))
        self.assertEqual(told[("split", "validation")]["count"], 3)
        self.assertEqual((told[("parameter", "rate")]["value"], told[("parameter", "rate")]["type"]), ("0.1", "float"))
        self.assertEqual(told[("parameter", "api_key")]["value"], "***")
        self.assertEqual(told[("seed", "why")]["value"], "fixed by the protocol")
        self.assertEqual([event["library"] for event in result.of("state") if event["at"] == "mark"], ["random"])
        self.assertEqual(told[("tag", "team")]["site"]["line"], 10)

    def test_outside_of_a_run_nothing_happens(self):
        self.place.write("train.py", USE)
        result = self.place.plain("train.py", env={"PYTHONPATH": SHIM})
        self.assertEqual((result.out, result.err), (b"False\n", b""))

    def test_nothing_that_is_passed_makes_it_raise(self):
        self.place.write(
            "train.py",
            """
            import trainlock
            class Evil:
                def __str__(self): raise RuntimeError('evil')
                __repr__ = __float__ = __str__
            for call in (lambda: trainlock.metric('x', Evil()), lambda: trainlock.metric(Evil(), 1), lambda: trainlock.data('x', Evil()), lambda: trainlock.data('x', None), lambda: trainlock.output(Evil()),
                         lambda: trainlock.split('x', ['a']), lambda: trainlock.split('x', Evil()), lambda: trainlock.tag('x', Evil()), lambda: trainlock.parameter('x', Evil()), lambda: trainlock.metric('x', 'not a number'), lambda: trainlock.metric('x', 1, step='y')):
                call()
            print('fine')
            """,
        )
        result = self.place.run("train.py")
        self.assertEqual((result.out, result.err, result.code), (b"fine\n", b"", 0))

    @unittest.skipIf(missing("numpy", "pandas"), missing("numpy", "pandas"))
    def test_tables_and_arrays_have_digests_of_their_content(self):
        self.place.write(
            "train.py",
            """
            import numpy as np, pandas as pd, trainlock
            trainlock.data('a', np.arange(6).reshape(3, 2))
            trainlock.data('b', np.asfortranarray(np.arange(6).reshape(3, 2)))
            trainlock.data('c', pd.DataFrame({'x': [1, 2], 'y': ['p', None]}))
            trainlock.data('d', pd.DataFrame({'x': [1, 2], 'y': ['p', 'q']}))
            trainlock.split('s', np.array([2, 1]))
            trainlock.metric('m', np.float32(0.5))
            """,
        )
        result = self.place.run("train.py")
        self.assertEqual(result.of("fault"), [])
        digests = {event["name"]: event.get("sha256") for event in result.of("declare")}
        self.assertEqual(digests["a"], digests["b"])
        self.assertNotEqual(digests["c"], digests["d"])
        self.assertEqual(result.of("metric")[0]["value"], "0.5")


class Load(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp()
        self.addCleanup(lambda: subprocess.call(["rm", "-rf", self.folder]))
        sys.path.insert(0, SHIM)
        self.addCleanup(lambda: sys.path.remove(SHIM))
        import trainlock

        self.trainlock = trainlock
        self.runs = os.path.join(self.folder, "store", "runs")
        self.store = os.path.join(self.folder, "store")

    def add(self, folder_name, run_id, finished=True, text=None, **facts):
        folder = os.path.join(self.runs, folder_name)
        os.makedirs(folder)
        if finished:
            statement = {"_type": "https://in-toto.io/Statement/v1", "subject": [], "predicateType": "https://trainlock.dev/training-run/v0", "predicate": {"schemaVersion": "0.1", "critical": [], "run": dict(id=run_id, **facts)}}
            with open(os.path.join(folder, "statement.json"), "w", encoding="utf-8") as file:
                file.write(json.dumps(statement) if text is None else text)
        return folder

    def test_runs_are_found_by_every_name(self):
        first = self.add("20250101T000000Z-aaaaaaaa", "aaaaaaaa-0000-4000-8000-000000000001", name="baseline")
        self.add("20250102T000000Z-bbbbbbbb", "bbbbbbbb-0000-4000-8000-000000000002")
        self.add("20250103T000000Z-cccccccc", "cccccccc", finished=False)
        load = self.trainlock.load
        self.assertEqual(load("last", self.store)["run"]["id"][:8], "bbbbbbbb")
        for reference in ("last~1", "baseline", "aaaaaaaa", "aaaaaa", "aaaaaaaa-0000", "20250101T000000Z-aaaaaaaa", first, os.path.join(first, "statement.json")):
            self.assertEqual(load(reference, self.store)["run"]["id"][:8], "aaaaaaaa", reference)
        model = os.path.join(self.folder, "model.bin")
        open(model, "w").close()
        os.link(os.path.join(first, "statement.json"), model + ".trainlock.json")
        self.assertEqual(load(model)["run"]["name"], "baseline")

    def test_errors_name_the_path_and_the_reason(self):
        self.add("20250101T000000Z-aaaaaaaa", "aaaaaaaa")
        self.add("20250102T000000Z-aaaaaabb", "aaaaaabb")
        self.add("20250103T000000Z-cccccccc", "cccccccc", finished=False)
        for reference, reason in (("last~5", "2 finished runs"), ("zzzzzz", "no such run"), ("aaaaaa", "ambiguous"), ("aaa", "no such run"), (os.path.join(self.runs, "20250103T000000Z-cccccccc"), "not finished")):
            with self.assertRaises(self.trainlock.RecordError) as caught:
                self.trainlock.load(reference, self.store)
            self.assertIn(reason, str(caught.exception))

    def test_records_are_read_strictly(self):
        good = '{"_type":"https://in-toto.io/Statement/v1","subject":[],"predicateType":"https://trainlock.dev/training-run/v1","predicate":%s}'
        cases = {
            "twice": good % '{"a":1,"a":2}', "real": good % '{"a":1.5}', "safe integer": good % '{"a":9007199254740993}', "NaN": good % '{"a":NaN}', "surrogate": good % '{"a":"\\ud800"}',
            "in-toto": '{"_type":"x"}', "predicateType": good.replace("run/v1", "run/v9") % "{}", "no object": good % "[]", "line 1": good[:30], "deeply": good % ("[" * 5000 + "]" * 5000),
        }  # fmt: skip
        for number, (reason, text) in enumerate(cases.items()):
            folder = self.add("20250101T0000%02dZ-%08x" % (number, number), "x", text=text)
            with self.assertRaises(self.trainlock.RecordError) as caught:
                self.trainlock.load(folder)
            self.assertIn(reason, str(caught.exception))
        folder = self.add("20250102T000000Z-00000000", "x")
        with open(os.path.join(folder, "statement.json"), "wb") as file:
            file.write(b'{"_type":"\xff"}')
        with self.assertRaisesRegex(self.trainlock.RecordError, "UTF-8"):
            self.trainlock.load(folder)

    def test_nothing_is_half_read(self):
        text = '{"_type":"https://in-toto.io/Statement/v1","subject":[],"predicateType":"https://trainlock.dev/training-run/v%s","predicate":{"run":{"id":"x","name":"wanted"}%s}}'
        for number, (reason, major, more) in enumerate((
            ("schemaVersion '9.0'", "1", ',"schemaVersion":"9.0","critical":[]'),
            ("schemaVersion '0.1'", "1", ',"schemaVersion":"0.1","critical":[]'),
            ("schemaVersion '1.0'", "0", ',"schemaVersion":"1.0","critical":[]'),
            ("schemaVersion None", "1", ""),
            ("schemaVersion 1", "1", ',"schemaVersion":1'),
            ("schemaVersion '1.0 '", "1", ',"schemaVersion":"1.0 "'),
            ("schemaVersion '01.0'", "1", ',"schemaVersion":"01.0"'),
            ("'/future' must be understood", "1", ',"schemaVersion":"1.0","critical":["/future"]'),
            ("'/run/id' must be understood", "1", ',"schemaVersion":"1.0","critical":["/run/id"]'),
            ("critical is no list", "1", ',"schemaVersion":"1.0","critical":"/future"'),
            ("critical is no list", "1", ',"schemaVersion":"1.0","critical":null'),
            ("predicateType", "2", ',"schemaVersion":"2.0","critical":[]'),
        )):  # fmt: skip
            folder = self.add("20250101T0000%02dZ-%08x" % (number, number), "x", text=text % (major, more))
            for reference in (folder, "wanted"):
                with self.assertRaises(self.trainlock.RecordError) as caught:
                    self.trainlock.load(reference, self.store)
                self.assertIn(reason, str(caught.exception))
            os.remove(os.path.join(folder, "statement.json"))
        for number, (major, version) in enumerate((("0", "0.1"), ("0", "0.7"), ("1", "1.0"), ("1", "1.12"))):
            folder = self.add("20250102T0000%02dZ-%08x" % (number, number), "x", text=text % (major, ',"schemaVersion":"%s","critical":[]' % version))
            self.assertEqual(self.trainlock.load(folder)["run"]["name"], "wanted")

    def test_real_records_of_each_version_are_read(self):
        records = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "conformance", "records")
        for version in ("v0.1", "v1.0"):
            kept = os.path.join(records, version, "kept")
            for name in os.listdir(kept):
                if name.endswith((".statement.json", ".sigstore.json")):
                    self.assertIn("schemaVersion", self.trainlock.load(os.path.join(kept, name)), name)


if __name__ == "__main__":
    unittest.main()
