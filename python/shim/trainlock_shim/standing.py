"""Stands in the place of a built-in function: like it, it does not bind when it is an attribute of a class, and it pickles by name."""


class Standing:
    """A callable that takes over name, module and documentation of the function it stands for."""

    def __init__(self, original, call):
        self.__wrapped__ = original
        self.__name__ = original.__name__
        self.__qualname__ = getattr(original, "__qualname__", original.__name__)
        self.__module__ = getattr(original, "__module__", None)
        self.__doc__ = original.__doc__
        self._call = call

    def __call__(self, *args, **kwargs):
        return self._call(*args, **kwargs)

    def __reduce__(self):
        return self.__name__

    def __repr__(self):
        return repr(self.__wrapped__)
