"""Trains a classifier of handwritten digits; every random choice is seeded by the person who wrote it."""
import argparse
import json

import joblib
from sklearn.datasets import load_digits
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import accuracy_score
from sklearn.model_selection import train_test_split

parser = argparse.ArgumentParser()
parser.add_argument("--trees", type=int, default=60)
parser.add_argument("--seed", type=int, default=7)
args = parser.parse_args()

pixels, digits = load_digits(return_X_y=True)
train_x, test_x, train_y, test_y = train_test_split(pixels, digits, test_size=0.25, random_state=args.seed, stratify=digits)

model = RandomForestClassifier(n_estimators=args.trees, random_state=args.seed)
model.fit(train_x, train_y)
accuracy = accuracy_score(test_y, model.predict(test_x))

joblib.dump(model, "digits.joblib")
with open("metrics.json", "w") as file:
    json.dump({"accuracy": accuracy}, file)
print(f"accuracy on 25 % held out: {accuracy:.4f}")
