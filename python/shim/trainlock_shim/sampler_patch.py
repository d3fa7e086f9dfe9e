"""PyTorch's samplers: the order of row numbers in each epoch, and the generators' states at its start. Values and laziness stay."""

import functools
from sys import _getframe

from . import faults, seeds, states
from .here import guard, here
from .indices import Indices, digests_of, overlap
from .json_text import encode, quote
from .log import emit
from .places import site_of, user_frame

_MOST_EPOCHS = 10_000
_SAMPLERS = ("SequentialSampler", "RandomSampler", "SubsetRandomSampler", "WeightedRandomSampler", "BatchSampler")
_ordinals = {}
_generators_told = {}
_open = {}


def after_fork():
    """A copy counts its own epochs."""
    _ordinals.clear()
    _generators_told.clear()
    _open.clear()


class _Epoch:
    """One pass over a sampler."""

    def __init__(self, method, site):
        self.method = method
        self.site = site
        self.ordinal = _ordinals.get(method, 0)
        _ordinals[method] = self.ordinal + 1
        self.indices = Indices()
        self.told = False
        _open[id(self)] = self

    def add(self, item):
        if guard.busy:
            return
        guard.busy = True
        try:
            self.indices.add(item)
        except Exception as error:
            faults.note("order", error)
        finally:
            guard.busy = False

    def finish(self, complete):
        if self.told:
            return
        self.told = True
        _open.pop(id(self), None)
        if not self.indices.ok or not here.alive or (not complete and self.indices.count == 0):
            return
        busy = guard.busy
        guard.busy = True
        try:
            membership = self.indices.membership()
            emit(
                "order",
                ',"method":%s,"ordinal":%d,"count":%d,"orderSha256":"%s"%s,"complete":%s%s'
                % (
                    quote(self.method),
                    self.ordinal,
                    self.indices.count,
                    self.indices.order(),
                    ',"membershipSha256":"%s"' % membership if membership else "",
                    "true" if complete else "false",
                    ',"site":' + encode(self.site) if self.site else "",
                ),
            )
        except Exception as error:
            faults.note("order", error)
        finally:
            guard.busy = busy


def tell_unfinished():
    """At the end: passes that were broken off."""
    for epoch in list(_open.values()):
        epoch.finish(False)


def _begin(sampler, method, site):
    """A new epoch, or None if it is not to be watched."""
    if not here.alive or guard.busy or _ordinals.get(method, 0) >= _MOST_EPOCHS:
        return None
    from .end import early

    early()
    states.tell("epoch")
    guard.busy = True
    try:
        _tell_generator(sampler)
        return _Epoch(method, site)
    except Exception as error:
        faults.note("epoch", error)
        return None
    finally:
        guard.busy = False


def _tell_generator(sampler):
    """A generator that the program gave to a loader can be asked for its seed."""
    for holder in (sampler, getattr(sampler, "sampler", None)):
        generator = getattr(holder, "generator", None)
        if generator is None or not hasattr(generator, "initial_seed"):
            continue
        seed = generator.initial_seed()
        if _generators_told.get(id(generator)) == seed or len(_generators_told) > 1000:
            continue
        _generators_told[id(generator)] = seed
        seeds.tell("torch", "torch.Generator", "explicit", seed)


def _walk(iterator, sampler, site):
    """
    Hands on what the sampler gives; the epoch begins with the first number. Samplers inside of this one are not watched for
    themselves.
    """
    epoch = _begin(sampler, "torch.utils.data." + type(sampler).__name__, site)
    complete = False
    try:
        while True:
            guard.sampling += 1
            try:
                item = next(iterator)
            except StopIteration:
                complete = True
                return
            finally:
                guard.sampling -= 1
            if epoch is not None:
                epoch.add(item)
            yield item
    finally:
        if epoch is not None:
            epoch.finish(complete)


def _site(frame):
    try:
        return site_of(user_frame(frame))
    except Exception as error:
        faults.note("epoch", error)
        return None


def _wrap_iter(original, name):
    @functools.wraps(original)
    def __iter__(self):
        iterator = original(self)
        if guard.sampling or not here.alive or not hasattr(iterator, "__next__"):
            return iterator
        return _walk(iterator, self, _site(_getframe().f_back))

    __iter__._trainlock = True
    return __iter__


def patch_sampler(module):
    """Wraps __iter__ of PyTorch's own samplers."""
    for name in _SAMPLERS:
        kind = getattr(module, name, None)
        original = None if kind is None else kind.__dict__.get("__iter__")
        if original is not None and not getattr(original, "_trainlock", False):
            kind.__iter__ = _wrap_iter(original, name)


def patch_dataloader(module):
    """Samplers that are not PyTorch's own are watched where the loader asks them."""
    kind = getattr(module, "_BaseDataLoaderIter", None)
    original = None if kind is None else kind.__dict__.get("_next_index")
    reset = None if kind is None else kind.__dict__.get("_reset")
    if original is None or reset is None or getattr(original, "_trainlock", False):
        return

    @functools.wraps(original)
    def _next_index(self):
        epoch = _loader_epoch(self)
        if epoch is None:
            return original(self)
        try:
            item = original(self)
        except StopIteration:
            epoch.finish(True)
            raise
        epoch.add(item)
        return item

    @functools.wraps(reset)
    def _reset(self, *args, **kwargs):
        epoch = self.__dict__.pop("_trainlock_epoch", None)
        if epoch is not None:
            epoch.finish(False)
        return reset(self, *args, **kwargs)

    _next_index._trainlock = True
    kind._next_index = _next_index
    kind._reset = _reset


def _loader_epoch(iterator):
    """The epoch of a loader with a sampler of the program's own; None for PyTorch's samplers, which are watched themselves."""
    if not here.alive or guard.busy:
        return None
    table = iterator.__dict__
    if "_trainlock_epoch" not in table:
        sampler = table.get("_index_sampler")
        method = type(sampler).__iter__ if hasattr(type(sampler), "__iter__") else None
        if method is None or getattr(method, "_trainlock", False) or type(sampler).__name__ == "_InfiniteConstantSampler":
            table["_trainlock_epoch"] = None
        else:
            table["_trainlock_epoch"] = _begin(sampler, type(sampler).__module__ + "." + type(sampler).__qualname__, _site(_getframe().f_back))
    return table["_trainlock_epoch"]


def patch_dataset(module):
    """random_split(dataset, lengths)."""
    original = getattr(module, "random_split", None)
    if original is None or getattr(original, "_trainlock", False):
        return

    @functools.wraps(original)
    def random_split(*args, **kwargs):
        result = original(*args, **kwargs)
        if here.alive and not guard.busy:
            _tell_random_split(result, _getframe().f_back)
        return result

    random_split._trainlock = True
    module.random_split = random_split


def _tell_random_split(subsets, frame):
    guard.busy = True
    try:
        parts = []
        sets = []
        for number, subset in enumerate(subsets):
            found = digests_of(subset.indices)
            if found is None:
                return
            count, order, membership, rows = found
            part = {"name": str(number), "count": count, "orderSha256": order}
            if membership:
                part["membershipSha256"] = membership
            parts.append(part)
            sets.append(rows)
        ordinal = _ordinals.get("random_split", 0)
        _ordinals["random_split"] = ordinal + 1
        shared = sum(overlap(one, other) or 0 for index, one in enumerate(sets) for other in sets[index + 1 :]) if len(sets) <= 8 else None
        emit(
            "split",
            ',"method":"torch.utils.data.random_split","ordinal":%d,"total":%d,"parts":%s%s,"site":%s'
            % (ordinal, sum(part["count"] for part in parts), encode(parts), "" if shared is None else ',"overlapCount":%d' % shared, encode(site_of(user_frame(frame)) or {"file": "?"})),
        )
    except Exception as error:
        faults.note("random_split", error)
    finally:
        guard.busy = False
