"""Tells whether a seed was taken from the clock or from the process id."""

import posix
import time

_DAY = 86_400
_SCALES = (1, 1_000, 1_000_000, 1_000_000_000)  # s, ms, us, ns
_MODULI = (2**32, 2**31, 2**32 - 1, 2**31 - 1)
# Windows behind now for values that were cut by a modulus, in ns: short, so that few constants look like the clock.
_CUT_WINDOW_NS = {1_000: 2_000_000_000, 1_000_000: 100_000_000, 1_000_000_000: 300_000}


def is_from_clock(seed, own_code):
    """
    Whether a seed lies so near the present that it must come from a clock. `own_code`: the call stands in the program's own
    code, where also cut values, microseconds of the second and process ids count.
    """
    number = _number(seed)
    if number is None or number < 1:
        return False
    now = time.time_ns()
    for scale in _SCALES:
        present = now * scale // 1_000_000_000
        if present - _DAY * scale <= number <= present + scale:
            return True
    if not own_code or type(seed) is float or number != int(number):
        return False
    number = int(number)
    if number == posix.getpid():
        return True
    for scale, window in _CUT_WINDOW_NS.items():
        present = now * scale // 1_000_000_000
        back = max(1, window * scale // 1_000_000_000)
        for modulus in _MODULI:
            if 1_000_000 <= number < modulus and (present - number) % modulus <= back:
                return True
    for reading in (time.monotonic_ns(), time.perf_counter_ns()):
        if number > 1_000_000_000 and 0 <= reading - number <= 500_000_000:
            return True
    return 1_000 <= number < 1_000_000 and (now // 1_000 - number) % 1_000_000 <= 300


def _number(seed):
    if isinstance(seed, bool):
        return None
    if isinstance(seed, (int, float)):
        return seed if seed == seed and seed not in (float("inf"), float("-inf")) else None
    if hasattr(seed, "item") and getattr(seed, "ndim", None) == 0:
        return _number(seed.item())
    if isinstance(seed, (str, bytes)) and 9 <= len(seed) <= 32:
        try:
            return float(seed)
        except ValueError:
            return None
    return None
