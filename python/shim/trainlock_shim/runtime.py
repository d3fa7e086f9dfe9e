"""Settings of the interpreter and of numeric libraries that decide bits, as they stand at the end."""

import sys

from . import log


def tell():
    """The runtime event. A setting that cannot be read is left out."""
    settings = {}
    ask = sys.modules.get("warnings")
    if ask is None:
        _collect(settings)
    else:
        # The very end: a warning that asking may raise must not be shown.
        with ask.catch_warnings():
            ask.simplefilter("ignore")
            _collect(settings)
    if settings:
        log.tell("runtime", settings=settings)


def _collect(settings):
    for gather in (_python, _numpy, _torch, _sklearn, _pandas):
        try:
            gather(settings)
        except Exception as error:
            settings[gather.__name__.strip("_") + ".unreadable"] = type(error).__name__


def _put(settings, name, ask):
    try:
        value = ask()
    except Exception:  # absent in this version
        return
    if isinstance(value, (str, int, float, bool)) or value is None:
        settings[name] = str(value)
    elif isinstance(value, (list, tuple, set, frozenset)):
        settings[name] = " ".join(map(str, value))


def _python(settings):
    flags = sys.flags
    settings["python.flags"] = " ".join("%s=%s" % (name, getattr(flags, name)) for name in ("optimize", "dev_mode", "utf8_mode", "hash_randomization", "safe_path", "int_max_str_digits") if hasattr(flags, name))
    _put(settings, "python.encoding", sys.getfilesystemencoding)
    _put(settings, "python.recursion_limit", sys.getrecursionlimit)
    if hasattr(sys, "_is_gil_enabled"):
        _put(settings, "python.gil", sys._is_gil_enabled)


def _numpy(settings):
    if "numpy" not in sys.modules:
        return
    for name in ("numpy._core._multiarray_umath", "numpy.core._multiarray_umath"):
        core = sys.modules.get(name)
        features = getattr(core, "__dict__", {}).get("__cpu_features__")
        if features is not None:
            _put(settings, "numpy.cpu_features", lambda: sorted(name for name, on in features.items() if on))
            _put(settings, "numpy.cpu_baseline", lambda: core.__cpu_baseline__)
            _put(settings, "numpy.cpu_dispatch", lambda: core.__cpu_dispatch__)
            break


def _torch(settings):
    torch = sys.modules.get("torch")
    if torch is None:
        return
    _put(settings, "torch.num_threads", torch.get_num_threads)
    _put(settings, "torch.num_interop_threads", torch.get_num_interop_threads)
    _put(settings, "torch.default_dtype", lambda: str(torch.get_default_dtype()))
    _put(settings, "torch.deterministic_algorithms", torch.are_deterministic_algorithms_enabled)
    _put(settings, "torch.deterministic_warn_only", lambda: torch.is_deterministic_algorithms_warn_only_enabled())
    _put(settings, "torch.cpu_capability", lambda: torch.backends.cpu.get_cpu_capability())
    _put(settings, "torch.float32_matmul_precision", lambda: torch.get_float32_matmul_precision())
    _put(settings, "torch.mkldnn.enabled", lambda: torch.backends.mkldnn.enabled)
    for name in ("enabled", "deterministic", "benchmark"):
        _put(settings, "torch.cudnn." + name, lambda: getattr(torch.backends.cudnn, name))
    if hasattr(torch.backends.cuda.matmul, "fp32_precision"):
        _put(settings, "torch.cuda.matmul.fp32_precision", lambda: torch.backends.cuda.matmul.fp32_precision)
        _put(settings, "torch.cudnn.fp32_precision", lambda: torch.backends.cudnn.fp32_precision)
    else:
        _put(settings, "torch.cuda.matmul.allow_tf32", lambda: torch.backends.cuda.matmul.allow_tf32)
        _put(settings, "torch.cudnn.allow_tf32", lambda: torch.backends.cudnn.allow_tf32)
    _put(settings, "torch.cuda.version", lambda: torch.version.cuda)
    if torch.cuda.is_initialized():
        _put(settings, "torch.cuda.devices", lambda: [torch.cuda.get_device_name(number) for number in range(torch.cuda.device_count())])
        _put(settings, "torch.cudnn.version", torch.backends.cudnn.version)


def _sklearn(settings):
    sklearn = sys.modules.get("sklearn")
    if sklearn is not None and hasattr(sklearn, "get_config"):
        for name, value in sorted(sklearn.get_config().items()):
            settings["sklearn." + name] = str(value)


def _pandas(settings):
    pandas = sys.modules.get("pandas")
    if pandas is not None and hasattr(pandas, "get_option"):
        _put(settings, "pandas.mode.copy_on_write", lambda: pandas.get_option("mode.copy_on_write"))
