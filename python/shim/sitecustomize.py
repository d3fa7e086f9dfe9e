"""Starts the recording hooks of trainlock, then the sitecustomize that would have run without them. Does nothing outside a run."""


def _begin():
    import posix

    if b"TRAINLOCK_RUN_DIR" in posix.environ:
        try:
            from trainlock_shim.start import start
        except Exception:  # a damaged installation must not reach the program
            return
        start()


try:
    _begin()
except Exception:  # nothing of ours may reach the program
    pass
del _begin


def _chain():
    """Runs the next sitecustomize on the search path. Its errors are its own: `site` reports them as always."""
    import sys

    ours = __file__.rpartition("/")[0]
    paths = [path for path in sys.path if path.rstrip("/") != ours]
    spec = sys.modules["_frozen_importlib_external"].PathFinder.find_spec("sitecustomize", paths)
    if spec is None or spec.loader is None or spec.origin == __file__:
        return
    module = sys.modules["_frozen_importlib"].module_from_spec(spec)
    sys.modules["sitecustomize"] = module
    spec.loader.exec_module(module)


_chain()
