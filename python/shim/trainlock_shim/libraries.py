"""Numeric libraries in use, with their own words about their build. Only what is imported already is asked."""

import sys

from . import log
from .json_text import encode

_NAMES = (
    "numpy", "scipy", "sklearn", "pandas", "torch", "torchvision", "torchaudio", "tensorflow", "keras", "jax", "jaxlib", "flax", "lightgbm", "xgboost",
    "catboost", "numba", "pyarrow", "polars", "h5py", "statsmodels", "transformers", "datasets", "accelerate", "lightning", "pytorch_lightning",
    "cupy", "triton", "onnx", "onnxruntime", "joblib", "PIL", "cv2", "skimage", "matplotlib", "mxnet", "paddle",
)  # fmt: skip
_MOST = 100_000


def tell():
    """One library event each."""
    for name in _NAMES:
        module = sys.modules.get(name)
        if module is None:
            continue
        version = getattr(module, "__version__", None)
        if version is None:
            continue
        configuration = None
        ask = _CONFIGURATION.get(name)
        if ask is not None:
            try:
                configuration = ask(module)
            except Exception as error:  # of another version than we know: its absence is no fault
                configuration = "not readable: " + type(error).__name__
        log.tell("library", name=name, version=str(version)[:1000], configuration=configuration and configuration[:_MOST])


def _build_configuration(module):
    """NumPy and SciPy built with Meson keep a table; older ones have named dicts."""
    config = sys.modules.get(module.__name__ + ".__config__")
    table = getattr(config, "CONFIG", None)
    if table is not None:
        return encode(table)
    old = {name: value for name, value in vars(config).items() if name.endswith("_info") and isinstance(value, dict)} if config else {}
    return encode(old) if old else None


def _torch(module):
    return module.__config__.show()


_CONFIGURATION = {"numpy": _build_configuration, "scipy": _build_configuration, "torch": _torch}
