"""Files that a program opens, lists, renames and removes; connections that it makes."""

import os
import sys
import unittest

from harness import missing, ScriptTest


class Files(ScriptTest):
    def opens(self, result, process="0"):
        root = self.place.project + "/"
        return [(event["path"].replace(root, ""), event["mode"], event.get("existed")) for event in result.of("open", process) if event["path"].startswith(root) and not event["path"].endswith("train.py")]

    def test_every_way_of_opening_is_told_once_with_what_was_found_before(self):
        path = self.place.write("data.csv", "1,2\n")
        os.utime(path, ns=(5, 1_700_000_000_123_456_789))
        result = self.run_script(
            """
            import io, os, pathlib
            open('data.csv').read()
            open('./data.csv').read()
            open(b'data.csv').close()
            pathlib.Path('data.csv').read_text()
            os.close(os.open('data.csv', os.O_RDONLY))
            io.FileIO(os.path.abspath('data.csv')).close()
            open(os.dup(0), closefd=True).close()
            open('out.txt', 'w').close()
            open('out.txt', 'a').close()
            open('out.txt', 'r+').close()
            open('new.bin', 'xb').close()
            open('both.bin', 'wb+').close()
            """
        )
        self.assertEqual(self.opens(result), [("data.csv", "r", True), ("out.txt", "w", False), ("out.txt", "rw", True), ("new.bin", "w", False), ("both.bin", "rw", False)])
        event = [event for event in result.of("open") if event["path"].endswith("data.csv")][0]
        self.assertEqual((event["sizeBytes"], event["mtimeNs"]), (4, "1700000000123456789"))
        self.assertEqual((event["inode"], event["device"]), (str(os.stat(path).st_ino), str(os.stat(path).st_dev)))
        self.assertEqual((event["site"]["file"], event["site"]["line"], event["site"]["function"]), (os.path.join(self.place.project, "train.py"), 3, "<module>"))

    def test_what_was_looked_for_and_not_found_is_told(self):
        result = self.run_script("for name in ('a.bin', 'a.bin', 'no/b'):\n    try:\n        open(name)\n    except OSError:\n        pass\n")
        self.assertEqual([os.path.relpath(event["path"], self.place.project) for event in result.of("absent")], ["a.bin", "no/b"])

    def test_relative_names_follow_the_working_folder(self):
        self.place.write("one/x.txt", "1")
        self.place.write("two/x.txt", "2")
        result = self.run_script("import os\nos.chdir('one')\nopen('x.txt').close()\nos.chdir('../two')\nopen('x.txt').close()\nopen('../one/./x.txt').close()\nopen('../one//x.txt', 'a').close()\n")
        self.assertEqual(self.opens(result), [("one/x.txt", "r", True), ("two/x.txt", "r", True), ("one/x.txt", "w", True)])

    def test_a_parent_of_a_link_is_not_taken_for_the_parent_of_its_name(self):
        self.place.write("far/deep/x.txt", "1")
        self.place.write("far/y.txt", "1")
        os.symlink("far/deep", os.path.join(self.place.project, "link"))
        result = self.run_script("open('link/../y.txt').close()\n")
        self.assertEqual(self.opens(result), [("link/../y.txt", "r", True)])

    def test_names_that_are_not_utf8_are_kept_in_base64(self):
        result = self.run_script("open(b'a\\xff.txt', 'w').close()\nimport os\nos.rename(b'a\\xff.txt', b'b\\xfe.txt')\nos.remove(b'b\\xfe.txt')\n")
        event = [event for event in result.of("open") if "raw" in event][0]
        self.assertTrue(event["path"].endswith("a\ufffd.txt"))
        import base64

        self.assertTrue(base64.b64decode(event["raw"]).endswith(b"/a\xff.txt"))
        self.assertTrue(base64.b64decode(result.of("rename")[0]["rawTo"]).endswith(b"/b\xfe.txt"))
        self.assertTrue(base64.b64decode(result.of("remove")[0]["raw"]).endswith(b"/b\xfe.txt"))

    def test_a_file_written_beside_and_renamed_is_told_each_time(self):
        result = self.run_script("import os\nfor number in range(2):\n    open('model.tmp', 'w').close()\n    os.replace('model.tmp', 'model')\nos.link('model', 'again')\nos.unlink('again')\n")
        self.assertEqual([path for path, _, _ in self.opens(result)], ["model.tmp", "model.tmp"])
        self.assertEqual([os.path.basename(event["to"]) for event in result.of("rename")], ["model", "model", "again"])
        self.assertEqual([os.path.basename(event["path"]) for event in result.of("remove")], ["again"])

    def test_imported_code_of_the_project_is_told_by_its_source_whether_compiled_or_not(self):
        self.place.write("helper.py", "VALUE = 1\n")
        for _ in range(2):
            result = self.run_script("import helper\nprint(helper.VALUE)\n")
            self.assertIn(("helper.py", "r", True), self.opens(result))
            self.assertFalse([path for path, _, _ in self.opens(result) if "pycache" in path])
            self.assertIn(os.path.join(self.place.project, "helper.py"), result.of("modules")[-1]["files"])

    def test_interpreter_and_packages_are_quiet_but_not_writes_into_them(self):
        site = os.path.join(self.place.project, "lib/python/site-packages")
        self.place.write("lib/python/site-packages/pack/__init__.py", "")
        self.place.write("lib/python/site-packages/pack/data.csv", "1")
        result = self.run_script("import sys\nsys.path.append(%r)\nimport pack, json, sqlite3\nopen(pack.__file__.replace('__init__.py', 'data.csv')).close()\nopen(pack.__file__.replace('__init__.py', 'new.csv'), 'w').close()\nopen('/proc/self/stat').close()\nopen('/dev/null', 'w').close()\nopen('/dev/urandom', 'rb').close()\n" % site)
        self.assertEqual([path for path, _, _ in self.opens(result)], ["lib/python/site-packages/pack/new.csv"])
        self.assertEqual([event["path"] for event in result.of("open") if not event["path"].startswith(self.place.project)], ["/dev/urandom"])

    def test_data_under_the_prefix_is_not_taken_for_the_interpreter(self):
        result = self.run_script("import sys\ntry:\n    open(sys.prefix + '/share/no-such-data.csv')\nexcept OSError:\n    pass\n")
        self.assertEqual([event["path"] for event in result.of("absent")], [sys.prefix + "/share/no-such-data.csv"])

    def test_listings_are_told_once_with_their_site(self):
        self.place.write("images/a.png", "")
        result = self.run_script("import glob, os, pathlib\nos.listdir('images')\nos.listdir('images')\nlist(os.scandir('images'))\nglob.glob('images/*')\nlist(pathlib.Path('images').iterdir())\n")
        self.assertEqual([os.path.relpath(event["path"], self.place.project) for event in result.of("list")], ["images"])

    def test_databases(self):
        result = self.run_script("import sqlite3\nsqlite3.connect('a.db').close()\nsqlite3.connect(':memory:').close()\nsqlite3.connect('file:b.db?mode=rwc', uri=True).close()\nsqlite3.connect('file:x?mode=memory', uri=True).close()\n")
        self.assertEqual([(os.path.basename(event["path"]), event["api"]) for event in result.of("database")], [("a.db", "sqlite3"), ("b.db", "sqlite3")])

    def test_connections_without_credentials_and_query(self):
        result = self.run_script(
            """
            import socket, urllib.request, http.client
            for attempt in (lambda: urllib.request.urlopen('http://ann:secret@127.0.0.1:9/path?token=abc', timeout=1), lambda: socket.create_connection(('127.0.0.1', 9), 1), lambda: http.client.HTTPConnection('127.0.0.1', 9, timeout=1).connect()):
                try:
                    attempt()
                except OSError:
                    pass
                except http.client.InvalidURL:
                    pass
            """
        )
        targets = {(event["api"], event["target"]) for event in result.of("network")}
        self.assertIn(("urllib", "http://127.0.0.1:9/path"), targets)
        self.assertIn(("socket.connect", "127.0.0.1:9"), targets)
        self.assertNotIn("secret", str(targets))
        self.assertNotIn("abc", str(targets))

    def test_paths_of_odd_types_do_no_harm(self):
        result = self.run_script(
            """
            class Path:
                __hash__ = None
                def __fspath__(self):
                    return 'odd.txt'
            open(Path(), 'w').close()
            for bad in (object(), None, '\\0', 'x' * 5000):
                try:
                    open(bad)
                except (TypeError, ValueError, OSError) as error:
                    print(type(error).__name__)
            """
        )
        self.assertEqual(self.opens(result)[0][0], "odd.txt")

    def test_folder_descriptors_are_not_mistaken_for_the_working_folder(self):
        self.place.write("tree/a.txt", "")
        result = self.run_script("import os, shutil\nfolder = os.open('tree', os.O_RDONLY)\nos.close(os.open('a.txt', os.O_RDONLY, dir_fd=folder))\nos.close(folder)\nshutil.rmtree('tree')\n")
        self.assertEqual(result.of("absent"), [])

    @unittest.skipIf(missing("pandas", "numpy"), missing("pandas", "numpy"))
    def test_readers_of_numpy_and_pandas_are_seen_with_the_line_that_called_them(self):
        result = self.run_script("import numpy as np, pandas as pd\npd.DataFrame({'a': [1]}).to_csv('a.csv')\npd.read_csv('a.csv')\nnp.save('a.npy', np.zeros(3))\nnp.load('a.npy')\n")
        lines = {(os.path.basename(event["path"]), event["mode"]): event["site"]["line"] for event in result.of("open") if event["path"].startswith(self.place.project) and "site" in event}
        self.assertEqual(lines[("a.csv", "w")], 2)
        self.assertEqual(lines[("a.csv", "r")], 3)
        self.assertEqual(lines[("a.npy", "r")], 5)


if __name__ == "__main__":
    unittest.main()
