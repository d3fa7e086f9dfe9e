"""scikit-learn and PyTorch: splits, orders, scores, states; and what must go on working over our wrappers."""

import hashlib
import struct
import unittest

from harness import EVERYTHING, missing, ROOT_B, ScriptTest


def packed(numbers):
    return hashlib.sha256(struct.pack("<%dq" % len(numbers), *numbers)).hexdigest()


@unittest.skipIf(missing("sklearn"), missing("sklearn"))
class ScikitLearn(ScriptTest):
    def test_train_test_split_is_told_with_digests_and_settings(self):
        result = self.run_script(
            """
            import numpy as np
            from sklearn.model_selection import train_test_split
            rows = np.arange(20)
            train, test = train_test_split(rows, test_size=0.25, random_state=1)
            print(list(train), list(test))
            train_test_split(rows, shuffle=False)
            train_test_split(rows, rows, stratify=rows % 2, random_state=2)
            """
        )
        first, plain, stratified = result.of("split")
        train, test = eval(result.out.replace(b"np.int64", b"int").replace(b"] [", b"],["))
        self.assertEqual((first["method"], first["total"], first["overlapCount"]), ("sklearn.train_test_split", 20, 0))
        self.assertEqual(first["parts"][0], {"name": "train", "count": 15, "orderSha256": packed(train), "membershipSha256": packed(sorted(train))})
        self.assertEqual(first["parts"][1]["orderSha256"], packed(test))
        self.assertEqual((first["settings"]["test_size"], first["settings"]["random_state"], first["settings"]["stratify"]), ("0.25", "1", "None"))
        self.assertEqual(first["site"]["line"], 5)
        self.assertEqual(plain["parts"][0]["orderSha256"], packed(range(15)))
        self.assertEqual((stratified["settings"]["stratify"], stratified["ordinal"]), ("a ndarray", 2))

    def test_splitters_are_told_fold_by_fold_only_once_and_lazily(self):
        result = self.run_script(
            """
            import numpy as np, types
            from sklearn.model_selection import KFold, StratifiedKFold, RepeatedKFold, ShuffleSplit, TimeSeriesSplit, GroupKFold, cross_val_score, GridSearchCV
            rows = np.arange(12).reshape(-1, 1); labels = np.arange(12) % 2
            folds = KFold(3).split(rows)
            assert isinstance(folds, types.GeneratorType)
            next(folds)
            for splitter in (StratifiedKFold(2), RepeatedKFold(n_splits=2, n_repeats=2, random_state=0), ShuffleSplit(2, random_state=0), TimeSeriesSplit(2)):
                list(splitter.split(rows, labels))
            list(GroupKFold(2).split(rows, labels, groups=labels))
            try:
                KFold(20).split(rows).__next__()
            except ValueError as error:
                print(error)
            """
        )
        methods = [event["method"] for event in result.of("split")]
        self.assertEqual([methods.count("sklearn." + name) for name in ("KFold", "StratifiedKFold", "RepeatedKFold", "ShuffleSplit", "TimeSeriesSplit", "GroupKFold")], [1, 2, 4, 2, 2, 2])
        self.assertEqual(result.out, self.place.plain("train.py").out)

    def test_scores_are_observed_once_and_pickling_goes_on(self):
        result = self.run_script(
            """
            import pickle, inspect
            import numpy as np
            from sklearn.linear_model import LogisticRegression
            from sklearn.metrics import accuracy_score, f1_score, mean_squared_error, make_scorer, get_scorer, confusion_matrix, roc_auc_score
            from sklearn.model_selection import GridSearchCV, cross_val_score
            rng = np.random.default_rng(0); X = rng.random((80, 3)); y = (X[:, 0] > 0.5).astype(int)
            model = LogisticRegression().fit(X, y)
            print(repr(accuracy_score(y, model.predict(X))), f1_score(y, model.predict(X)), model.score(X, y))
            mean_squared_error(y, model.predict(X), multioutput='raw_values')
            for scorer in (make_scorer(f1_score), get_scorer('accuracy'), accuracy_score, roc_auc_score):
                assert pickle.loads(pickle.dumps(scorer)) is not None
            print(inspect.signature(accuracy_score), accuracy_score.__module__)
            print(GridSearchCV(LogisticRegression(), {'C': [0.1, 1]}, scoring='accuracy', n_jobs=2).fit(X, y).best_params_, cross_val_score(model, X, y, scoring=make_scorer(f1_score)).shape)
            """
        )
        self.assertEqual([(event["name"], event["source"], event["site"]["line"]) for event in result.of("metric", "0")], [("sklearn.accuracy_score", "observed", 9), ("sklearn.f1_score", "observed", 9), ("sklearn.accuracy_score", "observed", 9)])
        self.assertEqual(result.of("metric", "0")[0]["value"], result.out.split()[0].decode().replace("np.float64(", "").rstrip(")"))
        self.assertEqual(len(result.of("metric", "0")[0]["bits"]), 16)
        self.assertEqual(result.out, self.place.plain("train.py").out)

    def test_estimators_and_pipelines_pickle_to_the_same_bytes(self):
        script = """
            import hashlib, pickle, numpy as np
            from sklearn.ensemble import GradientBoostingClassifier
            from sklearn.pipeline import make_pipeline
            from sklearn.preprocessing import StandardScaler
            from sklearn.model_selection import KFold, GridSearchCV
            rng = np.random.default_rng(0); X = rng.random((60, 3)); y = X[:, 0] > 0.5
            search = GridSearchCV(make_pipeline(StandardScaler(), GradientBoostingClassifier(n_estimators=3, random_state=np.random.RandomState(1))), {'gradientboostingclassifier__max_depth': [1, 2]}, cv=KFold(3, shuffle=True, random_state=2)).fit(X, y)
            print(hashlib.sha256(pickle.dumps(search.best_estimator_)).hexdigest())
            """
        self.assertEqual(self.run_script(script, env={"PYTHONHASHSEED": "1"}).out, self.place.plain("train.py", env={"PYTHONHASHSEED": "1"}).out)

    def test_libraries_threads_and_settings_are_told_at_the_end(self):
        result = self.run_script("import sklearn.linear_model, numpy as np\nnp.ones((50, 50)) @ np.ones((50, 50))\n")
        names = {event["name"]: event for event in result.of("library")}
        self.assertLessEqual({"numpy", "scipy", "sklearn"}, set(names))
        self.assertIn("configuration", names["numpy"])
        pools = result.of("threads")[-1]["pools"]
        self.assertTrue([pool for pool in pools if pool["api"] in ("openblas", "mkl", "blis") and pool["threads"] >= 1])
        self.assertTrue([pool for pool in pools if pool["api"] == "openblas" and pool.get("kernel")] or not [pool for pool in pools if pool["api"] == "openblas"])
        settings = result.of("runtime")[-1]["settings"]
        self.assertIn("numpy.cpu_features", settings)
        self.assertIn("sklearn.assume_finite", settings)
        self.assertTrue([path for path in result.of("maps")[-1]["libraries"] if "libc" in path])
        self.assertEqual(result.of("modules")[-1]["files"], [self.place.project + "/train.py"])

    def test_nothing_is_imported_to_ask(self):
        result = self.run_script("import numpy\n")
        self.assertNotIn("scipy", result.of("modules")[-1]["names"])
        self.assertNotIn("sklearn", result.of("modules")[-1]["names"])

    def test_what_a_killed_training_can_tell_is_told_early(self):
        self.place.write("train.py", "import os, signal, numpy as np\nfrom sklearn.model_selection import train_test_split\ntrain_test_split(np.arange(9))\nos.kill(os.getpid(), signal.SIGKILL)\n")
        result = self.place.run("train.py")
        self.assertEqual(result.code, -9)
        for kind in ("search-path", "modules", "maps", "library", "split"):
            self.assertTrue(result.of(kind), kind)


@unittest.skipIf(missing("torch", "numpy"), missing("torch", "numpy"))
class PyTorch(ScriptTest):
    def test_an_unseeded_training_with_workers_repeats_with_its_root_only(self):
        script = """
            import sys, random, numpy as np, torch
            from torch.utils.data import DataLoader, Dataset
            class Rows(Dataset):
                def __len__(self): return 64
                def __getitem__(self, i): return torch.rand(2) + random.random() + np.random.rand() + i
            def main():
                model = torch.nn.Linear(2, 1); optimizer = torch.optim.SGD(model.parameters(), 1e-6)
                for rows in DataLoader(Rows(), batch_size=8, shuffle=True, num_workers=2, multiprocessing_context=sys.argv[1]):
                    loss = model(rows).square().mean(); optimizer.zero_grad(); loss.backward(); optimizer.step()
                print(loss.item(), model.weight.tolist(), torch.seed(), torch.rand(1).item(), torch.initial_seed())
            if __name__ == '__main__':
                main()
            """
        # Spawned workers import PyTorch anew in each process, which takes long; seeded ones are in test_non_interference.
        for method in ("fork", "spawn") if EVERYTHING else ("fork",):
            with self.subTest(method):
                first = self.run_script(script, method)
                self.assertEqual(self.place.run("train.py", method).out, first.out)
                if method == "fork":  # starting processes anew takes long, and the root is the same matter
                    self.assertNotEqual(self.place.run("train.py", method, root=ROOT_B).out, first.out)
                owned = [event["api"] for event in first.of("seed", "0") if event["how"] == "owned" and event.get("site", {}).get("file", "").endswith("train.py") or event["api"] == "torch"]
                self.assertEqual(owned, ["torch", "torch", "torch.seed"])

    def test_seeds_from_the_clock_are_on_the_tape(self):
        script = "import time, torch\ntorch.manual_seed(time.time_ns())\nprint(torch.rand(1).item())\n"
        first = self.run_script(script)
        tape = [{"process": "0", "api": event["api"], "site": event["site"], "seed": event["seed"]} for event in first.of("seed") if event["how"] == "tape"]
        self.assertEqual([entry["api"] for entry in tape], ["torch.manual_seed"])
        self.assertEqual(self.place.run("train.py", tape=tape).out, first.out)

    def test_orders_and_states_are_told_epoch_by_epoch(self):
        result = self.run_script(
            """
            import torch
            from torch.utils.data import DataLoader, TensorDataset, RandomSampler, random_split
            torch.manual_seed(0)
            rows = TensorDataset(torch.arange(10))
            loader = DataLoader(rows, batch_size=4, shuffle=True)
            for epoch in range(2):
                print([value for part, in loader for value in part.tolist()])
            for part, in loader:
                break
            print([value.item() for value, in DataLoader(rows, batch_size=None, sampler=RandomSampler(rows, generator=torch.Generator().manual_seed(5)))])
            class Mine:
                def __iter__(self): return iter([[3, 1], [2]])
                def __len__(self): return 2
            print([part.tolist() for part, in DataLoader(rows, batch_sampler=Mine())])
            parts = random_split(rows, [7, 3], generator=torch.Generator().manual_seed(1))
            print(list(parts[0].indices), list(parts[1].indices))
            """
        )
        lines = result.out.decode().split("\n")
        orders = result.of("order")
        batches = [event for event in orders if event["method"] == "torch.utils.data.BatchSampler"]
        self.assertEqual([event["orderSha256"] for event in batches[:2]], [packed(eval(line)) for line in lines[:2]])
        self.assertEqual([(event["ordinal"], event["count"], event["complete"]) for event in batches], [(0, 10, True), (1, 10, True), (2, 4, False)])
        self.assertEqual(batches[0]["membershipSha256"], packed(range(10)))
        sampler = [event for event in orders if event["method"] == "torch.utils.data.RandomSampler"]
        self.assertEqual([event["orderSha256"] for event in sampler], [packed(eval(lines[2]))])
        mine = [event for event in orders if event["method"].endswith("Mine")]
        self.assertEqual([(event["count"], event["orderSha256"], event["complete"]) for event in mine], [(3, packed([3, 1, 2]), True)])
        split = result.of("split")[0]
        self.assertEqual((split["method"], split["total"], split["overlapCount"]), ("torch.utils.data.random_split", 10, 0))
        self.assertEqual([event["ordinal"] for event in result.of("state") if event["at"] == "epoch" and event["library"] == "torch"], [0, 1, 2, 3, 4])
        self.assertEqual([event["seed"]["value"] for event in result.of("seed") if event["api"] == "torch.Generator"], ["5"])
        self.assertEqual(result.out, self.place.plain("train.py").out)

    def test_iterable_data_and_samplers_by_hand_go_on_as_always(self):
        script = """
            import torch, types
            from torch.utils.data import DataLoader, IterableDataset, BatchSampler, SequentialSampler, WeightedRandomSampler, SubsetRandomSampler
            torch.manual_seed(0)
            class Stream(IterableDataset):
                def __iter__(self): return iter(range(5))
            print([part.tolist() for part in DataLoader(Stream(), batch_size=2)])
            batches = BatchSampler(SequentialSampler(range(5)), 2, False)
            print(list(batches), len(batches), list(WeightedRandomSampler([0.1, 0.9], 4)), sorted(SubsetRandomSampler([1, 2])))
            walk = iter(batches); print(next(walk)); walk = None
            try:
                list(BatchSampler([0, 'a', None], 2, False))
            except Exception as error:
                print(error)
            loader = DataLoader(range(6), batch_size=2, shuffle=True, persistent_workers=True, num_workers=1)
            for _ in range(2):
                print([part.tolist() for part in loader])
            """
        self.assertEqual(self.run_script(script).out, self.place.plain("train.py").out)

    @unittest.skipUnless(EVERYTHING, "in the full run")
    def test_scripting_compiling_and_pickling_go_on_as_always(self):
        script = """
            import inspect, pickle, torch
            @torch.jit.script
            def scripted(x: torch.Tensor):
                return x * 2
            def seeded(x):
                torch.manual_seed(1)
                return x + torch.rand(2)
            def plain(x):
                return x + 1
            print(scripted(torch.ones(2)).tolist(), torch.compile(seeded, backend='eager')(torch.ones(2)).tolist(), torch.compile(plain, backend='eager', fullgraph=True)(torch.ones(2)).tolist())
            try:
                print(torch.compile(seeded, backend='eager', fullgraph=True)(torch.ones(2)).tolist())
            except Exception as error:
                print(type(error).__name__)
            print(pickle.loads(pickle.dumps(torch.manual_seed)) is torch.manual_seed, inspect.signature(torch.manual_seed), torch.manual_seed.__module__, torch.random.manual_seed is torch.manual_seed, isinstance(torch.manual_seed(3), torch.Generator))
            with torch.random.fork_rng():
                torch.manual_seed(9)
            print(torch.rand(1).item(), torch.initial_seed())
            """
        import warnings

        self.place.write("train.py", script)
        hooked, plain = self.place.run("train.py", "-W", "ignore"), self.place.plain("train.py", "-W", "ignore")
        warnings.simplefilter("ignore")
        self.assertEqual((hooked.out, hooked.code), (plain.out, plain.code), hooked.err.decode())
        self.assertEqual(hooked.of("fault"), [])

    def test_deterministic_algorithms_on_request(self):
        result = self.run_script("import torch\nprint(torch.are_deterministic_algorithms_enabled(), torch.is_deterministic_algorithms_warn_only_enabled())\n", deterministic="1")
        self.assertEqual(result.out, b"True True\n")
        self.assertIn("trainlock.deterministic", result.of("runtime")[0]["settings"])

    def test_settings_are_told_at_the_end(self):
        settings = self.run_script("import torch\ntorch.set_num_threads(1)\n").of("runtime")[-1]["settings"]
        self.assertEqual(settings["torch.num_threads"], "1")
        for name in ("torch.cpu_capability", "torch.deterministic_algorithms", "torch.float32_matmul_precision", "torch.cudnn.deterministic"):
            self.assertIn(name, settings)

    def test_torch_without_numpy_in_use(self):
        self.run_script("import torch\nprint(torch.rand(1).item())\n")


if __name__ == "__main__":
    unittest.main()
