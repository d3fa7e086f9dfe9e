"""What the hooks cost, as ratios of interleaved runs with and without them. Run it by hand: python python/tests/overhead.py [rounds]"""

import os
import statistics
import subprocess
import sys
import time

from harness import Workplace, missing

EMPTY = "pass\n"
OPENS = "import os\nos.makedirs('many', exist_ok=True)\nimport sys\nfor number in range(3000):\n    open('many/%d' % number, 'rb').close()\n"
REPEATED = "for number in range(200000):\n    open('train.py', 'rb').close()\n"
OTHER = "import sys\nimport os\nfor number in range(1000000):\n    sys._getframe(0)\n"
FRAMEWORK = """
import torch, numpy as np
from torch.utils.data import DataLoader, TensorDataset
torch.manual_seed(0)
torch.set_num_threads(1)
rows = torch.rand(20000, 64)
model = torch.nn.Sequential(torch.nn.Linear(64, 256), torch.nn.ReLU(), torch.nn.Linear(256, 1))
optimizer = torch.optim.Adam(model.parameters())
for epoch in range(4):
    for part, in DataLoader(TensorDataset(rows), batch_size=64, shuffle=True):
        loss = model(part).square().mean()
        optimizer.zero_grad(); loss.backward(); optimizer.step()
print(loss.item())
"""


def measure(place, script, rounds, executable=sys.executable):
    """(median seconds without, median seconds with, ratio of medians, difference in ms)."""
    place.write("train.py", script)
    times = {"plain": [], "hooked": []}
    for number in range(rounds + 1):
        for kind in ("plain", "hooked"):
            run = place.prepare() if kind == "hooked" else None
            variables = place.variables(run)
            variables.setdefault("PYTHONHASHSEED", "1")
            begin = time.perf_counter()
            subprocess.run([executable, "train.py"], cwd=place.project, env=variables, check=True, stdout=subprocess.DEVNULL)
            if number:
                times[kind].append(time.perf_counter() - begin)
    plain, hooked = statistics.median(times["plain"]), statistics.median(times["hooked"])
    return plain, hooked, hooked / plain, (hooked - plain) * 1000


def main():
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    with Workplace() as place:
        os.makedirs(os.path.join(place.project, "many"))
        for number in range(3000):
            open(os.path.join(place.project, "many", str(number)), "w").close()
        cases = [("empty script", EMPTY, rounds * 3), ("3,000 different files", OPENS, rounds), ("200,000 times one file", REPEATED, max(3, rounds // 2)), ("1,000,000 other audit events", OTHER, max(3, rounds // 2))]
        if not missing("torch", "numpy"):
            cases.append(("PyTorch training", FRAMEWORK, rounds))
        for name, script, count in cases:
            plain, hooked, ratio, more = measure(place, script, count)
            print("%-30s plain %7.3f s  hooked %7.3f s  x%.3f  %+.1f ms" % (name, plain, hooked, ratio, more), flush=True)


if __name__ == "__main__":
    main()
