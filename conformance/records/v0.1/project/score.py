import numpy
print("sum", numpy.random.default_rng(3).normal(size=4).sum())
