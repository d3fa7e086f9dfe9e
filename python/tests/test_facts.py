"""Arguments, variables, warnings and the end of a process."""

import sys
import unittest

from harness import missing, ScriptTest


class Facts(ScriptTest):
    silent = False

    def test_arguments_are_told_with_type_and_default(self):
        result = self.run_script(
            """
            import argparse, pathlib
            parser = argparse.ArgumentParser()
            parser.add_argument('--rate', type=float, default=0.1)
            parser.add_argument('--epochs', type=int, default='3')
            parser.add_argument('--fast', action='store_true')
            parser.add_argument('--names', nargs='*', default=['a'])
            parser.add_argument('--data', type=pathlib.Path, default='x')
            parser.add_argument('--none')
            parser.add_argument('--api-key')
            parser.add_argument('--tokenizer', default='bert')
            commands = parser.add_subparsers(dest='command')
            commands.add_parser('fit').add_argument('--depth', type=int, default=5)
            print(parser.parse_args())
            """,
            "--rate", "0.5", "--api-key", "sk-0123456789abcdef0123", "fit", "--depth", "7",
        )  # fmt: skip
        self.assertEqual(len(result.of("parameters")), 1)
        entries = {entry["name"]: (entry["value"], entry["type"], entry["isDefault"]) for entry in result.of("parameters")[0]["entries"]}
        self.assertEqual(
            entries,
            {
                "rate": ("0.5", "float", False), "epochs": ("3", "int", True), "fast": ("false", "bool", True), "names": ("['a']", "list", True), "data": ("x", "other", True),
                "none": ("null", "null", True), "api_key": ("***", "text", False), "tokenizer": ("bert", "text", True), "command": ("fit", "text", False), "depth": ("7", "int", False),
            },
        )  # fmt: skip
        self.assertNotIn("sk-0123456789abcdef0123", str(result.events))

    def test_wrong_arguments_end_as_always(self):
        result = self.run_script("import argparse\nargparse.ArgumentParser().parse_args()\n", "--what")
        plain = self.place.plain("train.py", "--what")
        self.assertEqual((result.code, result.err), (plain.code, plain.err))

    @unittest.skipIf(missing("click"), missing("click"))
    def test_click(self):
        result = self.run_script("import click\n@click.command()\n@click.option('--rate', default=0.1)\n@click.option('--name', default='x')\ndef main(rate, name):\n    print(rate)\nmain()\n", "--rate", "0.2")
        entries = {entry["name"]: (entry["value"], entry["isDefault"]) for entry in result.of("parameters")[0]["entries"]}
        self.assertEqual(entries, {"rate": ("0.2", False), "name": ("x", True)})

    def test_secrets_on_the_command_line_are_masked(self):
        result = self.run_script("import subprocess\nsubprocess.call(['true', '--password', 'hunter22', '--token=abcdef', 'postgres://ann:pw123@host/db', 'WANDB_API_KEY=xyz987'])\n", "--password", "hunter22", "--lr", "0.1")
        text = str(result.events)
        for secret in ("hunter22", "abcdef'", "pw123", "xyz987"):
            self.assertNotIn(secret, text)
        self.assertEqual(result.start()["argv"][-4:], ["--password", "***", "--lr", "0.1"])
        self.assertEqual(result.of("spawn")[0]["argv"], ["true", "--password", "***", "--token=***", "postgres://***@host/db", "WANDB_API_KEY=***"])

    def test_names_of_variables_that_were_read_one_by_one(self):
        result = self.run_script("import os\nos.environ.get('ASKED')\nos.getenv('ALSO')\nos.environ['SET'] = '1'\n'HELD' in os.environ\ndict(os.environ); os.environ.copy(); list(os.environ.items()); {**os.environ}\n", env={"NOT_ASKED": "1", "ASKED": "2"})
        names = result.of("environment-read")[-1]["names"]
        self.assertLessEqual({"ASKED", "ALSO", "HELD"}, set(names))
        self.assertNotIn("NOT_ASKED", names)
        self.assertFalse([name for name in names if name.startswith("TRAINLOCK")])

    def test_warnings_that_are_shown_and_only_those(self):
        result = self.run_script(
            """
            import warnings
            warnings.warn('first')
            warnings.warn('old', DeprecationWarning)
            with warnings.catch_warnings(record=True):
                warnings.simplefilter('always')
                warnings.warn('caught')
            with warnings.catch_warnings():
                warnings.simplefilter('ignore')
                warnings.warn('ignored')
            warnings.simplefilter('always')
            for _ in range(50):
                warnings.warn('again', FutureWarning)
            """
        )
        self.assertEqual(result.err, self.place.plain("train.py").err)
        told = result.of("warning")
        counts = {}
        for event in told:
            counts[(event["category"], event["message"])] = counts.get((event["category"], event["message"]), 0) + event.get("count", 1)
        self.assertEqual(counts, {("UserWarning", "first"): 1, ("DeprecationWarning", "old"): 1, ("FutureWarning", "again"): 50})
        self.assertEqual(told[0]["line"], 3)
        self.assertTrue(told[1]["deprecation"])

    def test_the_search_path_is_told_without_our_folder(self):
        from harness import SHIM

        paths = self.run_script("import sys\nsys.path.append('/added')\n").of("search-path")[-1]["paths"]
        self.assertIn("/added", paths)
        self.assertNotIn(SHIM, paths)
        self.assertEqual(paths[0], self.place.project)

    def test_every_kind_of_event_is_in_the_schema(self):
        import os
        import re

        from event_schema import kinds

        told = set()
        folder = os.path.join(os.path.dirname(__file__), "..", "shim", "trainlock_shim")
        for name in os.listdir(folder):
            if name.endswith(".py"):
                with open(os.path.join(folder, name), encoding="utf-8") as file:
                    told.update(re.findall(r"(?:emit|tell)\(\s*\"([a-z-]+)\"", file.read()))
        self.assertLessEqual(told - {"epoch", "mark", "torch", "numpy", "random", "urllib"}, kinds())


if __name__ == "__main__":
    unittest.main()
