"""Trains gradient boosting without any seed, as many scripts do: two plain runs give two results."""
import json

import joblib
import numpy as np
from sklearn.datasets import load_digits
from sklearn.ensemble import GradientBoostingClassifier
from sklearn.model_selection import train_test_split

pixels, digits = load_digits(n_class=4, return_X_y=True)
noisy = pixels + np.random.default_rng().normal(scale=2.0, size=pixels.shape)
train_x, test_x, train_y, test_y = train_test_split(noisy, digits, test_size=0.3)

model = GradientBoostingClassifier(n_estimators=15, subsample=0.5, max_features="sqrt")
model.fit(train_x, train_y)
accuracy = model.score(test_x, test_y)

joblib.dump(model, "boosting.joblib")
with open("metrics.json", "w") as file:
    json.dump({"accuracy": accuracy}, file)
print(f"accuracy: {accuracy!r}")
