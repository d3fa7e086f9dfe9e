"""A seeded program computes exactly the bits that it computes without us."""

import unittest

from harness import EVERYTHING, ROOT_A, ROOT_B, Workplace, missing

STANDARD_LIBRARY = """
    import random, sys
    random.seed(1)
    generator = random.Random(2)
    print(random.random(), generator.random(), random.sample(range(100), 5), {"a", "b", "cc", "ddd"})
    print(sys.argv, __file__, __name__)
    sys.stderr.write("to the other stream\\n")
    sys.exit(3)
"""

FULL = """
    import hashlib, random, sys
    import numpy as np
    import torch
    from torch.utils.data import DataLoader, Dataset

    class Rows(Dataset):
        def __len__(self):
            return 128

        def __getitem__(self, i):
            return torch.tensor([float(i), random.random(), np.random.rand()]) + torch.rand(3), float(i % 2)

    def main():
        random.seed(1); np.random.seed(2); torch.manual_seed(3)
        model = torch.nn.Sequential(torch.nn.Linear(3, 8), torch.nn.Dropout(0.3), torch.nn.Linear(8, 1))
        optimizer = torch.optim.Adam(model.parameters())
        loader = DataLoader(Rows(), batch_size=32, shuffle=True, num_workers=2, multiprocessing_context=sys.argv[1], persistent_workers=sys.argv[1] == "spawn")
        for epoch in range(2):
            for rows, labels in loader:
                loss = torch.nn.functional.mse_loss(model(rows).squeeze(1), labels.float())
                optimizer.zero_grad(); loss.backward(); optimizer.step()
        from sklearn.ensemble import RandomForestClassifier
        from sklearn.model_selection import KFold, train_test_split

        data = np.random.default_rng(5).random((200, 4))
        train, test = train_test_split(data, random_state=6)
        folds = [part.sum() for fold in KFold(3, shuffle=True, random_state=7).split(data) for part in fold]
        forest = RandomForestClassifier(20, random_state=4, n_jobs=2).fit(train, train[:, 0] > 0.5)
        digest = hashlib.sha256()
        for value in model.state_dict().values():
            digest.update(value.numpy().tobytes())
        digest.update(forest.predict_proba(test).tobytes())
        print(digest.hexdigest(), loss.item(), folds, random.random(), np.random.rand(), torch.rand(1).item(), {"a", "b", "cc", "d"})

    if __name__ == "__main__":
        main()
"""

SAME_HASHES = {"PYTHONHASHSEED": "7"}
MODES = ({"root": ROOT_A}, {"root": ROOT_B}, {"mode": "observe"})


class NonInterference(unittest.TestCase):
    def check(self, script, *arguments, modes=MODES):
        with Workplace() as place:
            place.write("train.py", script)
            plain = place.plain("train.py", *arguments, env=SAME_HASHES)
            for settings in modes:
                with self.subTest(**{key: str(value)[:12] for key, value in settings.items()}):
                    hooked = place.run("train.py", *arguments, env=SAME_HASHES, **settings)
                    self.assertEqual((hooked.out, hooked.err, hooked.code), (plain.out, plain.err, plain.code))
                    self.assertEqual(hooked.of("fault"), [])

    def test_a_seeded_script_of_the_standard_library_prints_the_same(self):
        self.check(STANDARD_LIBRARY)

    @unittest.skipIf(missing("numpy", "torch", "sklearn"), missing("numpy", "torch", "sklearn"))
    def test_a_seeded_training_with_forked_loaders_gives_the_same_bits(self):
        self.check(FULL, "fork", modes=MODES if EVERYTHING else MODES[1:])

    # Each spawned process imports everything anew.
    @unittest.skipUnless(EVERYTHING, "in the full run")
    @unittest.skipIf(missing("numpy", "torch", "sklearn"), missing("numpy", "torch", "sklearn"))
    def test_a_seeded_training_with_spawned_loaders_gives_the_same_bits(self):
        self.check(FULL, "spawn", modes=MODES[:1])

    @unittest.skipIf(missing("numpy"), missing("numpy"))
    def test_seeded_numpy_gives_the_same_bits(self):
        self.check(
            """
            import pickle, hashlib
            import numpy as np
            from numpy.random import RandomState, default_rng, seed
            seed(3)
            values = [np.random.rand(), RandomState(4).rand(), RandomState([5, 6]).rand(), default_rng(7).random(), np.random.Generator(np.random.PCG64(8)).random(), RandomState(np.random.MT19937(9)).rand()]
            generator = RandomState(10)
            generator.seed(11)
            values.append(generator.rand())
            print(values, hashlib.sha256(pickle.dumps(generator)).hexdigest(), hashlib.sha256(pickle.dumps(default_rng(12))).hexdigest())
            print(type(generator._bit_generator), np.random.get_state()[1][:3], isinstance(generator, RandomState))
            """
        )

    def test_tracebacks_of_missing_variables_look_as_always(self):
        with Workplace() as place:
            place.write("t.py", "import os\nos.environ['NOT_THERE']\n")
            self.assertEqual(place.run("t.py").err, place.plain("t.py").err)

    def test_the_variables_behave_as_always(self):
        self.check(
            """
            import os, copy, pickle
            os.environ["A"] = "1"
            assert os.getenv("A") == "1" and os.environ.get("B", "x") == "x" and "A" in os.environ and os.environb[b"A"] == b"1"
            del os.environ["A"]
            assert "A" not in os.environ and os.environb.get(b"A") is None
            assert dict(os.environ) == os.environ.copy() == {**os.environ}
            assert sorted(os.environ) == sorted(os.environ.keys())
            os.environ.setdefault("C", "3")
            assert os.environ.pop("C") == "3"
            os.environb[b"D"] = b"\\xff"
            assert os.environ["D"] == "\\udcff"
            print(type(os.environ).__name__, len([key for key, value in os.environ.items() if key == "PATH"]))
            """
        )


if __name__ == "__main__":
    unittest.main()
