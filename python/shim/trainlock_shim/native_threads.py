"""BLAS and OpenMP libraries: asked through ctypes, only if they are mapped already; nothing is loaded."""

from . import log
from .mapped import mapped_files

_NO_LOAD = 0x4 | 0x2  # RTLD_NOLOAD | RTLD_NOW
_PREFIXES = ("", "scipy_", "flexiblas_")
_SUFFIXES = ("", "64_", "_64", "_")


def tell():
    """The threads event, if there is any such library."""
    found = []
    libraries, _ = mapped_files()
    for path in libraries:
        name = path.rpartition("/")[2]
        api = _api(name)
        if api is not None:
            found.append((api, path))
    if not found:
        return
    import ctypes

    pools = []
    for api, path in found:
        try:
            library = ctypes.CDLL(path, mode=_NO_LOAD)
        except OSError:
            continue
        pool = {"api": api, "path": path}
        pool.update(_ASK[api](ctypes, library))
        pools.append({key: value for key, value in pool.items() if value is not None})
    if pools:
        log.tell("threads", pools=pools)


def _api(name):
    if "openblas" in name:
        return "openblas"
    if name.startswith("libmkl_rt"):
        return "mkl"
    if name.startswith("libblis"):
        return "blis"
    if name.startswith(("libgomp", "libiomp", "libomp.", "libomp-")):
        return "openmp"
    return None


def _number(ctypes, library, name):
    try:
        function = getattr(library, name)
    except AttributeError:
        return None
    function.restype = ctypes.c_int
    function.argtypes = []
    value = function()
    return value if value >= 0 else None


def _text(ctypes, library, name):
    try:
        function = getattr(library, name)
    except AttributeError:
        return None
    function.restype = ctypes.c_char_p
    function.argtypes = []
    value = function()
    return None if value is None else value.decode("utf-8", "replace")


def _first(ask, ctypes, library, base):
    for prefix in _PREFIXES:
        for suffix in _SUFFIXES:
            value = ask(ctypes, library, prefix + base + suffix)
            if value is not None:
                return value
    return None


def _openblas(ctypes, library):
    configuration = _first(_text, ctypes, library, "openblas_get_config")
    version = None
    if configuration and configuration.startswith("OpenBLAS "):
        version = configuration.split()[1]
    parallel = _first(_number, ctypes, library, "openblas_get_parallel")
    if configuration and parallel is not None:
        configuration += " / " + ("sequential", "pthreads", "openmp")[parallel if parallel < 3 else 0]
    return {
        "threads": _first(_number, ctypes, library, "openblas_get_num_threads"),
        "kernel": _first(_text, ctypes, library, "openblas_get_corename"),
        "version": version,
        "configuration": configuration,
    }


def _mkl(ctypes, library):
    version = None
    try:
        buffer = ctypes.create_string_buffer(200)
        library.MKL_Get_Version_String(buffer, 200)
        version = buffer.value.decode("utf-8", "replace").strip()
    except AttributeError:
        pass
    return {"threads": _number(ctypes, library, "MKL_Get_Max_Threads"), "version": version}


def _blis(ctypes, library):
    return {"threads": _number(ctypes, library, "bli_thread_get_num_threads"), "version": _text(ctypes, library, "bli_info_get_version_str")}


def _openmp(ctypes, library):
    return {"threads": _number(ctypes, library, "omp_get_max_threads")}


_ASK = {"openblas": _openblas, "mkl": _mkl, "blis": _blis, "openmp": _openmp}
