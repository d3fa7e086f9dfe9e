import pickle, sys
import numpy as np
model = pickle.load(open(sys.argv[1], "rb"))
rows = np.loadtxt(sys.argv[2], delimiter=",", skiprows=1)
with open(sys.argv[3], "w") as out:
    out.write("a,b\n")
    for row in model.predict_proba(rows[:, :2]):
        out.write(",".join(repr(float(x)) for x in row) + "\n")
