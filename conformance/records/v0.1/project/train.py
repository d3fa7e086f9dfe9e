import argparse, json, pickle, random, subprocess, sys, time
import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split

parser = argparse.ArgumentParser()
parser.add_argument("--c", type=float, default=1.0)
options = parser.parse_args()
rows = np.loadtxt("data/points.csv", delimiter=",", skiprows=1)
train, test = train_test_split(rows, test_size=0.25, random_state=7)
noise = random.random() * 1e-9
model = LogisticRegression(C=options.c).fit(train[:, :2] + noise, train[:, 2])
subprocess.run([sys.executable, "score.py"], check=True)
time.sleep(0.8)
pickle.dump(model, open("model.pkl", "wb"))
json.dump({"accuracy": model.score(test[:, :2], test[:, 2])}, open("metrics.json", "w"))
