"""Files that libraries open in native code: told by the functions that take their paths."""

import unittest

from harness import Workplace, missing


class NativeFiles(unittest.TestCase):
    def setUp(self):
        self.place = Workplace()
        self.addCleanup(self.place.__exit__)

    def opens(self, script):
        self.place.write("train.py", script)
        result = self.place.run("train.py")
        self.assertEqual((result.err.decode(), result.code), ("", 0))
        self.assertEqual(result.of("fault"), [])
        root = self.place.project + "/"
        return [(event["path"].replace(root, ""), event["mode"]) for event in result.of("open") if event["path"].startswith(root) and not event["path"].endswith("train.py")]

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

    @unittest.skipIf(missing("torch"), missing("torch"))
    def test_torch(self):
        told = self.opens("import io, torch\ntorch.save({'a': torch.ones(1)}, 'a.pt')\ntorch.save(1, io.BytesIO())\ntorch.load('a.pt')\ntorch.save(obj=1, f='b.pt')\n")
        self.assertEqual(told, [("a.pt", "w"), ("a.pt", "r"), ("b.pt", "w")])

    @unittest.skipIf(missing("h5py"), missing("h5py"))
    def test_hdf5(self):
        told = self.opens("import h5py\nh5py.File('a.h5', 'w').close()\nh5py.File('a.h5').close()\nh5py.File('a.h5', mode='a').close()\n")
        self.assertEqual(told, [("a.h5", "w"), ("a.h5", "r"), ("a.h5", "rw")])

    @unittest.skipIf(missing("lightgbm", "numpy"), missing("lightgbm", "numpy"))
    def test_lightgbm(self):
        self.place.write("train.csv", "".join("%d,%d,%d\n" % (i % 2, i, i * 7 % 5) for i in range(60)))
        told = self.opens("import lightgbm, numpy\nlightgbm.train({'verbose': -1}, lightgbm.Dataset('train.csv'), 1)\nlightgbm.Dataset(numpy.ones((5, 2)), [0, 1, 0, 1, 0])\n")
        self.assertEqual(told, [("train.csv", "r")])

    @unittest.skipIf(missing("safetensors", "numpy"), missing("safetensors", "numpy"))
    def test_safetensors(self):
        told = self.opens("import numpy\nfrom safetensors.numpy import load_file, save_file\nsave_file({'a': numpy.ones(2)}, 'a.safetensors')\nload_file('a.safetensors')\n")
        self.assertEqual(told[0], ("a.safetensors", "w"))
        self.assertIn(("a.safetensors", "r"), told)

    @unittest.skipIf(missing("torch", "pyarrow", "h5py"), missing("torch", "pyarrow", "h5py"))
    def test_wrapped_functions_pickle_and_describe_themselves_as_before(self):
        self.opens(
            """
            import inspect, pickle, multiprocessing
            import h5py, pyarrow.csv, pyarrow.parquet, torch
            for function in (torch.save, pyarrow.csv.read_csv, pyarrow.parquet.read_metadata):
                assert pickle.loads(pickle.dumps(function)) is function
            assert list(inspect.signature(torch.save).parameters)[:2] == ['obj', 'f'], inspect.signature(torch.save)
            assert torch.save.__doc__ and torch.save.__module__ == 'torch.serialization'
            for call in (lambda: torch.save(), lambda: h5py.File('none.h5', 'r'), lambda: pyarrow.csv.read_csv('none.csv')):
                try:
                    call()
                except (TypeError, FileNotFoundError):
                    pass
                else:
                    raise AssertionError
            """
        )


if __name__ == "__main__":
    unittest.main()
