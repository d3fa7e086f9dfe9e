"""Files that libraries open in native code: told by the functions that take their paths."""

import unittest

from harness import missing, ScriptTest


class NativeFiles(ScriptTest):
    def paths(self, result, kind):
        root = self.place.project + "/"
        return [(event["path"].replace(root, ""), event) for event in result.of(kind) if event["path"].startswith(root) and not event["path"].endswith("train.py")]

    def opens(self, script):
        return [(path, event["mode"]) for path, event in self.paths(self.run_script(script), "open")]

    @unittest.skipIf(missing("pyarrow"), missing("pyarrow"))
    def test_arrow(self):
        told = self.opens(
            """
            import os, pathlib
            import pyarrow as pa, pyarrow.csv, pyarrow.dataset, pyarrow.feather, pyarrow.json, pyarrow.parquet as pq
            table = pa.table({'a': [1, 2]})
            pq.write_table(table, 'a.parquet')
            pq.read_table('a.parquet')
            pq.read_table(pathlib.Path('a.parquet'), columns=['a'])
            pq.ParquetFile('a.parquet').close()
            os.mkdir('many'); os.mkdir('many/part'); open('many/_SUCCESS', 'w').close()
            for i in range(2): pq.write_table(table, 'many/part/%d.parquet' % i)
            assert pq.read_table('many').num_rows == 4
            pa.csv.write_csv(table, 'a.csv')
            pa.csv.read_csv('a.csv')
            pa.feather.write_feather(table, 'a.feather')
            pa.feather.read_table('a.feather')
            pa.dataset.dataset(['many/part/0.parquet'])
            pq.read_table(pa.BufferReader(open('a.parquet', 'rb').read()))
            """
        )
        expected = [("a.parquet", "w"), ("a.parquet", "r"), ("many/_SUCCESS", "w"), ("many/part/0.parquet", "w"), ("many/part/1.parquet", "w")]
        expected += [("many/part/0.parquet", "r"), ("many/part/1.parquet", "r"), ("a.csv", "w"), ("a.csv", "r"), ("a.feather", "w"), ("a.feather", "r")]
        self.assertEqual(told, expected)

    @unittest.skipIf(missing("pyarrow"), missing("pyarrow"))
    def test_arrow_by_its_own_streams(self):
        told = self.opens(
            """
            import pyarrow as pa, pyarrow.ipc as ipc, pyarrow.json, pyarrow.orc as orc
            table = pa.table({'a': [1]})
            orc.write_table(table, 'a.orc'); orc.read_table('a.orc')
            ipc.new_file('a.arrow', table.schema).close()
            pa.memory_map('a.arrow').close()
            pa.OSFile('b.bin', 'wb').close(); pa.OSFile(path='b.bin').close()
            pa.output_stream('c.bin').close(); pa.input_stream('c.bin').close()
            pa.input_stream(pa.py_buffer(b'no path but data')).close()
            pa.create_memory_map('d.bin', 8).close()
            open('a.json', 'w').write('{"a": 1}'); pa.json.read_json('a.json')
            """
        )
        modes = {}
        for path, mode in told:
            modes[path] = modes.get(path, "") + mode
        self.assertEqual(modes, {"a.orc": "wr", "a.arrow": "wr", "b.bin": "wr", "c.bin": "wr", "d.bin": "w", "a.json": "wr"})

    @unittest.skipIf(missing("pyarrow"), missing("pyarrow"))
    def test_arrow_tells_the_files_that_it_takes_and_no_others(self):
        told = self.opens(
            """
            import os, pyarrow as pa, pyarrow.dataset as ds, pyarrow.fs as fs, pyarrow.parquet as pq
            table = pa.table({'a': [1]})
            os.makedirs('many/x=1'); os.makedirs('one'); os.makedirs('base')
            pq.write_table(table, 'many/x=1/0.parquet'); pq.write_table(table, 'one/1.parquet')
            pq.read_table(['one/1.parquet']); ds.dataset([ds.dataset('one'), ds.dataset('many/x=1')])
            inside = fs.SubTreeFileSystem('base', fs.LocalFileSystem())
            ds.dataset(table); ds.dataset([table, table]); pq.ParquetDataset(pa.BufferReader(open('one/1.parquet', 'rb').read()))
            pq.write_table(table, 'x.parquet', filesystem=inside)
            pq.read_table('x.parquet', filesystem=inside)
            """
        )
        self.assertEqual(sorted(told), [("many/x=1/0.parquet", "r"), ("many/x=1/0.parquet", "w"), ("one/1.parquet", "r"), ("one/1.parquet", "w")])

    @unittest.skipIf(missing("pyarrow", "torch"), missing("pyarrow", "torch"))
    def test_what_was_looked_for_and_not_found_is_told_and_the_line_of_the_program(self):
        result = self.run_script("import pyarrow.parquet as pq, torch\ntry:\n    pq.read_table('none.parquet')\nexcept FileNotFoundError:\n    torch.save(1, 'a.pt')\n")
        self.assertEqual([path for path, _ in self.paths(result, "absent")], ["none.parquet"])
        self.assertEqual([(path, event["site"]["line"], event["existed"]) for path, event in self.paths(result, "open")], [("a.pt", 5, False)])

    @unittest.skipIf(missing("pyarrow", "pandas"), missing("pyarrow", "pandas"))
    def test_pandas_through_arrow(self):
        told = self.opens(
            """
            import pandas as pd
            frame = pd.DataFrame({'a': [1]})
            frame.to_parquet('a.parquet'); frame.to_feather('a.feather')
            pd.read_parquet('a.parquet'); pd.read_feather('a.feather')
            """
        )
        self.assertEqual(sorted(set(told)), [("a.feather", "r"), ("a.feather", "w"), ("a.parquet", "r"), ("a.parquet", "w")])
        told = self.opens("import os, pandas as pd\nos.environ['HOME'] = os.getcwd()\npd.DataFrame({'a': [1], 'b': [2]}).to_parquet('~/home.parquet')\npd.DataFrame({'a': [1], 'b': [2]}).to_parquet('parts', partition_cols=['b'])\n")
        self.assertEqual(told, [("home.parquet", "w")])

    @unittest.skipIf(missing("torch"), missing("torch"))
    def test_torch(self):
        told = self.opens("import io, torch\ntorch.save({'a': torch.ones(1)}, 'a.pt')\ntorch.save(1, io.BytesIO())\ntorch.load('a.pt')\ntorch.save(obj=1, f='b.pt')\n")
        self.assertEqual(told, [("a.pt", "w"), ("a.pt", "r"), ("b.pt", "w")])

    @unittest.skipIf(missing("torch"), missing("torch"))
    def test_torch_modules(self):
        self.place.write(
            "train.py",
            """
            import torch
            linear = torch.nn.Linear(1, 1)
            scripted = torch.jit.script(linear)
            torch.jit.save(scripted, 'a.pt'); scripted.save('b.pt'); torch.jit.load('a.pt')
            torch.export.save(torch.export.export(linear, (torch.ones(1, 1),)), 'c.pt2'); torch.export.load('c.pt2')
            """,
        )
        result = self.place.run("-W", "ignore", "train.py")
        self.assertEqual((result.code, result.of("fault")), (0, []), result.err.decode())
        told = [(path, event["mode"]) for path, event in self.paths(result, "open")]
        self.assertEqual(told, [("a.pt", "w"), ("b.pt", "w"), ("a.pt", "r"), ("c.pt2", "w"), ("c.pt2", "r")])

    @unittest.skipIf(missing("h5py"), missing("h5py"))
    def test_hdf5(self):
        told = self.opens("import h5py\nh5py.File('a.h5', 'w').close()\nh5py.File('a.h5').close()\nh5py.File('a.h5', mode='a').close()\n")
        self.assertEqual(told, [("a.h5", "w"), ("a.h5", "r"), ("a.h5", "rw")])
        self.assertEqual(self.opens("import h5py\nh5py.File(b'b.h5', 'w').close()\nh5py.File('c.h5', 'w', driver='core').close()\n"), [("b.h5", "w"), ("c.h5", "w")])
        self.assertEqual(self.opens("import h5py, io\nh5py.File('memory', 'w', driver='core', backing_store=False).close()\nh5py.File(io.BytesIO(), 'w').close()\n"), [])

    @unittest.skipIf(missing("lightgbm", "numpy"), missing("lightgbm", "numpy"))
    def test_lightgbm(self):
        self.place.write("given.csv", "".join("%d,%d,%d\n" % (i % 2, i, i * 7 % 5) for i in range(60)))
        result = self.run_script(
            """
            import lightgbm, numpy, shutil
            later = lightgbm.Dataset('later.csv')
            shutil.copy('given.csv', 'later.csv'); open('later.csv.weight', 'w').write('1\\n' * 60)
            model = lightgbm.train({'verbose': -1}, later, 1)
            model.predict('given.csv'); model.predict(numpy.ones((1, 2)))
            later.save_binary('later.bin'); model.save_model('model.txt'); lightgbm.Booster(model_file='model.txt')
            lightgbm.Dataset(numpy.ones((5, 2)), [0, 1, 0, 1, 0]).construct()
            """
        )
        expected = [("given.csv", "r"), ("later.csv", "w"), ("later.csv.weight", "w"), ("later.csv", "r"), ("later.csv.weight", "r"), ("later.bin", "w"), ("model.txt", "w"), ("model.txt", "r")]
        self.assertEqual([(path, event["mode"]) for path, event in self.paths(result, "open")], expected)
        self.assertEqual([path for path, _ in self.paths(result, "absent")], ["later.csv.bin", "later.csv.query", "later.csv.position", "later.csv.init"])

    @unittest.skipIf(missing("safetensors", "numpy"), missing("safetensors", "numpy"))
    def test_safetensors(self):
        told = self.opens("import numpy\nfrom safetensors import safe_open\nfrom safetensors.numpy import load_file, save_file\nsave_file({'a': numpy.ones(2)}, 'a.safetensors')\nload_file('a.safetensors')\nsave_file({}, 'b.safetensors')\nwith safe_open('b.safetensors', 'np') as file:\n    assert isinstance(file, safe_open)\n")
        self.assertEqual(told, [("a.safetensors", "w"), ("a.safetensors", "r"), ("b.safetensors", "w"), ("b.safetensors", "r")])

    @unittest.skipIf(missing("torch"), missing("torch"))
    def test_objects_of_the_program_are_asked_for_their_path_as_often_as_without_us(self):
        script = """
            import os, pathlib, torch
            class Asked:
                count = 0
                def __fspath__(self):
                    Asked.count += 1
                    return 'a.pt'
            class Refusing(pathlib.PosixPath):
                def __fspath__(self):
                    raise LookupError('mine')
            torch.save(1, Asked())
            for _ in range(40):
                try:
                    torch.save(1, Refusing('b.pt'))
                except LookupError as error:
                    told = error
                try:
                    torch.save(1, 'no\\0name')
                except (ValueError, RuntimeError) as error:
                    told = error
            torch.save(1, pathlib.Path('c.pt'))
            print(Asked.count, type(told).__name__)
            """
        result = self.run_script(script)
        self.assertIn(("c.pt", "w"), [(path, event["mode"]) for path, event in self.paths(result, "open")], "the record went on")
        self.assertEqual(result.out, self.place.plain("train.py").out)

    @unittest.skipIf(missing("torch", "pyarrow", "h5py", "safetensors", "lightgbm"), missing("torch", "pyarrow", "h5py", "safetensors", "lightgbm"))
    def test_wrapped_functions_and_classes_are_to_the_program_what_they_were(self):
        self.place.write(
            "train.py",
            """
            import functools, inspect, pickle, traceback, typing
            import h5py, lightgbm, pyarrow as pa, pyarrow.csv, pyarrow.parquet as pq, safetensors, torch
            def attempt(call):
                try:
                    return call()
                except Exception as error:
                    # What Cython and the standard library call for themselves is not counted: inspect asks a stand-in in another way.
                    places = [frame.name for frame in traceback.extract_tb(error.__traceback__) if frame.filename == __file__ or 'site-packages' in frame.filename]
                    return type(error).__name__, str(error), places, error.__cause__, error.__context__ is None
            open('a.csv', 'w').write('1,2\\n')
            functions = [torch.save, torch.jit.save, torch.jit.load, torch.export.save, pa.memory_map, pa.input_stream, pyarrow.csv.read_csv, pq.read_metadata, safetensors.serialize_file]
            for one in functions + [h5py.File, h5py.File.__init__, pq.ParquetFile, pq.ParquetWriter.__init__, lightgbm.Dataset.construct, pa.OSFile, safetensors.safe_open]:
                print(one.__module__, one.__qualname__, one.__doc__, inspect.isclass(one), attempt(lambda: str(inspect.signature(one))))
                print(attempt(lambda: pickle.loads(pickle.dumps(one)) is one), typing.Optional[one] if inspect.isclass(one) else '')
            class Mine(pa.OSFile):
                pass
            for file in (pa.OSFile('a.csv'), Mine('a.csv')):
                print(isinstance(file, pa.OSFile), isinstance(file, pa.NativeFile), issubclass(type(file), pa.OSFile), type(file).__name__, file.read())
            by_kind = functools.singledispatch(lambda file: 'other')
            by_kind.register(pa.OSFile, lambda file: 'system')
            print(by_kind(pa.OSFile('a.csv')), by_kind(pa.memory_map('a.csv')), issubclass(pa.OSFile, pa.NativeFile), issubclass(pa.OSFile, pa.OSFile), pa.OSFile.read.__qualname__)
            print(isinstance(3, pa.OSFile), repr(pa.OSFile), repr(safetensors.safe_open))
            for wrong in (torch.save, lambda: torch.save(1, 'no/such/folder/a.pt'), lambda: torch.save(lambda: 1, 'b.pt'), lambda: h5py.File('none.h5', 'r'), lambda: h5py.File('a.csv', 7), lambda: pyarrow.csv.read_csv('none.csv'),
                          lambda: pq.read_table(3), pa.OSFile, lambda: pa.OSFile('none'), lambda: safetensors.safe_open('none', 'np'), lambda: type('X', (safetensors.safe_open,), {}), lambda: lightgbm.Dataset.construct()):
                print(attempt(wrong))
            """,
        )
        hooked, plain = self.place.run("train.py"), self.place.plain("train.py")
        self.assertEqual((hooked.out.decode().split("\n"), hooked.err, hooked.code), (plain.out.decode().split("\n"), plain.err, 0))
        self.assertEqual(hooked.of("fault"), [])


if __name__ == "__main__":
    unittest.main()
