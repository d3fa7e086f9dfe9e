"""Watches the import of an exact set of modules and lets a patch run right after each was loaded."""

import sys
from sys import _getframe

from . import faults
from .here import guard, here

# Module -> (our module, its function). The function gets the loaded module.
PATCHES = {
    "random": ("random_patch", "patch"),
    "numpy": ("numpy_patch", "patch_package"),
    "numpy.random._bit_generator": ("numpy_patch", "patch_bit_generator"),
    "numpy.random.bit_generator": ("numpy_patch", "patch_bit_generator"),
    "numpy.random._mt19937": ("numpy_patch", "patch_mt19937"),
    "numpy.random.mt19937": ("numpy_patch", "patch_mt19937"),
    "numpy.random.mtrand": ("numpy_patch", "patch_mtrand"),
    "numpy.random._generator": ("numpy_patch", "patch_generator"),
    "numpy.random.generator": ("numpy_patch", "patch_generator"),
    "torch": ("torch_patch", "patch_package"),
    "torch.random": ("torch_patch", "patch_random"),
    "torch.cuda.random": ("torch_patch", "patch_cuda_random"),
    "torch.utils.data.sampler": ("sampler_patch", "patch_sampler"),
    "torch.utils.data.dataset": ("sampler_patch", "patch_dataset"),
    "torch.utils.data.dataloader": ("sampler_patch", "patch_dataloader"),
    "sklearn.model_selection._split": ("split_patch", "patch"),
    "sklearn.metrics._classification": ("metric_patch", "patch"),
    "sklearn.metrics._regression": ("metric_patch", "patch"),
    "sklearn.metrics._ranking": ("metric_patch", "patch"),
    "sklearn.metrics.cluster._supervised": ("metric_patch", "patch"),
    "sklearn.metrics.cluster._unsupervised": ("metric_patch", "patch"),
    "torch.serialization": ("native_files", "patch"),
    "torch.jit._serialization": ("native_files", "patch"),
    "torch.jit._script": ("native_files", "patch"),
    "torch.export": ("native_files", "patch"),
    "pyarrow.lib": ("native_files", "patch"),
    "pyarrow.ipc": ("native_files", "patch"),
    "pyarrow.parquet.core": ("native_files", "patch"),
    "pyarrow.dataset": ("native_files", "patch"),
    "pyarrow.feather": ("native_files", "patch"),
    "pyarrow.csv": ("native_files", "patch"),
    "pyarrow.json": ("native_files", "patch"),
    "pyarrow.orc": ("native_files", "patch"),
    "h5py._hl.files": ("native_files", "patch"),
    "lightgbm.basic": ("native_files", "patch"),
    "safetensors": ("native_files", "patch"),
    "argparse": ("argument_patch", "patch_argparse"),
    "click.core": ("argument_patch", "patch_click"),
    "warnings": ("warning_patch", "patch"),
    "multiprocessing.util": ("multiprocessing_patch", "patch"),
    "_posixsubprocess": ("children", "patch_fork_exec"),
    "opacus": ("privacy", "seen"),
    "tensorflow_privacy": ("privacy", "seen"),
    "diffprivlib": ("privacy", "seen"),
    "jax_privacy": ("privacy", "seen"),
    "dp_accounting": ("privacy", "seen"),
    "opendp": ("privacy", "seen"),
    "pydp": ("privacy", "seen"),
    "tmlt": ("privacy", "seen"),
    "snsql": ("privacy", "seen"),
    "autodp": ("privacy", "seen"),
    "private_transformers": ("privacy", "seen"),
    "fastDP": ("privacy", "seen"),
}


def run_patch(name, module):
    """Runs the patch of a module that is loaded now. Never raises an Exception of ours."""
    if not here.alive:
        return
    busy = guard.busy
    guard.busy = True
    try:
        ours, function = PATCHES[name]
        getattr(__import__("trainlock_shim." + ours, fromlist=(function,)), function)(module)
    except Exception as error:
        faults.note("patch of " + name, error)
    finally:
        guard.busy = busy


class _Loader:
    """Loads a module with its own loader, which it puts back first, and then lets the patch run."""

    def __init__(self, loader, name):
        self._loader = loader
        self._name = name

    def __getattr__(self, name):
        return getattr(self._loader, name)

    def create_module(self, spec):
        return self._loader.create_module(spec)

    def exec_module(self, module):
        loader = self._loader
        try:
            module.__loader__ = loader
            module.__spec__.loader = loader
        except AttributeError:
            pass
        loader.exec_module(module)
        run_patch(self._name, sys.modules.get(self._name, module))


class _Finder:
    """Stands first on sys.meta_path and asks the others."""

    def find_spec(self, name, path=None, target=None):
        if name not in PATCHES or not here.alive or guard.finding:
            return None
        # Only for a real import: whoever merely asks for a spec gets the genuine one.
        try:
            caller = _getframe(2).f_code.co_name
        except ValueError:
            return None
        if caller not in ("_find_and_load_unlocked", "reload"):
            return None
        guard.finding = True
        try:
            for finder in sys.meta_path:
                if finder is self:
                    continue
                find = getattr(finder, "find_spec", None)
                if find is None:
                    continue
                spec = find(name, path, target)
                if spec is not None:
                    if spec.loader is not None and hasattr(spec.loader, "exec_module") and hasattr(spec.loader, "create_module"):
                        spec.loader = _Loader(spec.loader, name)
                    return spec
            return None
        finally:
            guard.finding = False


def install():
    """Watches imports from now on; modules that are there already are patched in place."""
    sys.meta_path.insert(0, _Finder())
    for name in PATCHES:
        if name in sys.modules:
            run_patch(name, sys.modules[name])
