"""What no recorder can see, told in a line of Python.

    import trainlock

    trainlock.metric("auc", 0.93, split="test")
    trainlock.data("train", frame, role="train")
    trainlock.output("model.pkl", role="model")

Outside of `trainlock run` every function does nothing; none raises because of trainlock. `trainlock.load` reads a finished
record: that one works anywhere and raises what its description says.
"""

import os
import sys
from typing import Any, Iterable, Optional, Union

from ._load import RecordError, load

__all__ = ["RecordError", "data", "load", "mark", "metric", "output", "parameter", "recording", "seed", "split", "tag"]

_Path = Union[str, bytes, "os.PathLike[str]", "os.PathLike[bytes]"]


def _shim() -> Any:
    """The module that writes our events, or None outside of a run."""
    here = sys.modules.get("trainlock_shim.here")
    if here is None or not here.here.alive:
        return None
    try:
        from trainlock_shim import declare
    except Exception:
        return None
    return declare


def _caller() -> Any:
    frame = sys._getframe(1).f_back
    return frame


def recording() -> bool:
    """Whether this process is being recorded."""
    return _shim() is not None


def metric(name: str, value: Any, *, stage: Optional[str] = None, split: Optional[str] = None, step: Optional[int] = None) -> None:
    """Tells a metric: a number, an array scalar or a tensor with one element. `step` counts from 0."""
    shim = _shim()
    if shim is not None:
        shim.metric(name, value, stage, split, step, _caller())


def data(name: str, obj_or_path: Any, *, role: Optional[str] = None) -> None:
    """Names a data set: a path, or an array, table, tensor or plain value in memory, of which a digest is recorded."""
    shim = _shim()
    if shim is not None:
        shim.data(name, obj_or_path, role, _caller())


def output(path: _Path, *, role: Optional[str] = None) -> None:
    """Names a file or folder that the run makes, for example with role "model"."""
    shim = _shim()
    if shim is not None:
        shim.output(path, role, _caller())


def split(name: str, indices: Iterable[int]) -> None:
    """Tells which rows belong to a part of the data; only digests of the row numbers are recorded."""
    shim = _shim()
    if shim is not None:
        shim.split(name, indices, _caller())


def tag(key: str, value: Any) -> None:
    """Tags the run."""
    shim = _shim()
    if shim is not None:
        shim.declare("tag", key, _caller(), value=_text(value))


def parameter(key: str, value: Any) -> None:
    """Tells a setting of the run."""
    shim = _shim()
    if shim is not None:
        shim.declare("parameter", key, _caller(), value=_text(value), type=_type(value))


def mark(label: str) -> None:
    """Records the states of the random generators at this moment, so that a replay can be compared up to here."""
    shim = _shim()
    if shim is not None:
        shim.mark(label, _caller())


def seed(*, why: str) -> None:
    """Tells why the seeds of this program were chosen."""
    shim = _shim()
    if shim is not None:
        shim.declare("seed", "why", _caller(), value=_text(why))


def _text(value: Any) -> str:
    try:
        return value if isinstance(value, str) else "null" if value is None else ("true" if value else "false") if isinstance(value, bool) else str(value)
    except Exception:
        return "<%s>" % type(value).__qualname__


def _type(value: Any) -> str:
    for kind, name in ((bool, "bool"), (int, "int"), (float, "float"), (str, "text"), ((list, tuple), "list")):
        if isinstance(value, kind):  # type: ignore[arg-type]
            return name
    return "null" if value is None else "other"
