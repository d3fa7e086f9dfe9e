"""Arguments of the program as argparse and click parsed them."""

import functools

from . import faults, log
from .here import guard, here
from .masking import MASK, is_secret_name, mask

_MOST = 2000


def patch_argparse(module):
    """Wraps the one method through which all ways of parsing go."""
    original = module.ArgumentParser.parse_known_args
    if getattr(original, "_trainlock", False):
        return

    @functools.wraps(original)
    def parse_known_args(self, *args, **kwargs):
        if not here.alive or guard.busy or guard.parsing:
            return original(self, *args, **kwargs)
        guard.parsing += 1
        try:
            result = original(self, *args, **kwargs)
        finally:
            guard.parsing -= 1
        _tell(self, result)
        return result

    parse_known_args._trainlock = True
    module.ArgumentParser.parse_known_args = parse_known_args


def _tell(parser, result):
    guard.busy = True
    try:
        values = vars(result[0])
        defaults = {}
        _collect_defaults(parser, defaults, 0)
        entries = []
        for name, value in list(values.items())[:_MOST]:
            entry = _entry(str(name), value)
            if name in defaults:
                entry["isDefault"] = _is_same(value, defaults[name])
            entries.append(entry)
        if entries:
            log.tell("parameters", source="argparse", entries=entries)
    except Exception as error:
        faults.note("argparse", error)
    finally:
        guard.busy = False


def _collect_defaults(parser, defaults, depth):
    for action in parser._actions:
        if isinstance(action.dest, str) and action.dest != "==SUPPRESS==":
            default = parser.get_default(action.dest)
            if default != "==SUPPRESS==":
                defaults.setdefault(action.dest, default)
        choices = getattr(action, "choices", None)
        if depth < 4 and isinstance(choices, dict):
            for choice in choices.values():
                if hasattr(choice, "_actions"):
                    _collect_defaults(choice, defaults, depth + 1)


def _is_same(value, default):
    if value is default:
        return True
    try:
        if bool(value == default):
            return True
    except Exception:
        return False
    return isinstance(default, str) and str(value) == default


def _entry(name, value):
    if value is None:
        text, kind = "null", "null"
    elif isinstance(value, bool):
        text, kind = ("true" if value else "false"), "bool"
    elif isinstance(value, int):
        text, kind = str(value), "int"
    elif isinstance(value, float):
        text, kind = repr(value), "float"
    elif isinstance(value, str):
        text, kind = value, "text"
    elif isinstance(value, (list, tuple)):
        text, kind = _safe_text(value), "list"
    else:
        text, kind = _safe_text(value), "other"
    if kind not in ("null", "bool") and is_secret_name(name):
        text = MASK
    return {"name": name, "value": mask(text[:60_000]), "type": kind}


def _safe_text(value):
    """Text of plain values; of objects of the program only the type: their own methods are not called, and addresses tell nothing."""
    if isinstance(value, (list, tuple)):
        opening, closing = ("[", "]") if isinstance(value, list) else ("(", ")")
        return opening + ", ".join(repr(item) if item is None or isinstance(item, (bool, int, float, str)) else _safe_text(item) for item in value[:1000]) + closing
    module = type(value).__module__
    if module in ("pathlib", "pathlib._local", "torch", "numpy", "datetime", "decimal", "enum"):
        return str(value)
    name = getattr(value, "name", None)
    if isinstance(name, str) and hasattr(value, "read"):
        return name
    return "<%s.%s>" % (module, type(value).__qualname__)


def patch_click(module):
    """Wraps Command.invoke: there the parameters are complete."""
    kind = getattr(module, "Command", None)
    original = None if kind is None else kind.__dict__.get("invoke")
    if original is None or getattr(original, "_trainlock", False):
        return

    @functools.wraps(original)
    def invoke(self, ctx):
        if here.alive and not guard.busy:
            _tell_click(ctx)
        return original(self, ctx)

    invoke._trainlock = True
    kind.invoke = invoke


def _tell_click(ctx):
    guard.busy = True
    try:
        entries = []
        for name, value in list(ctx.params.items())[:_MOST]:
            entry = _entry(str(name), value)
            source = ctx.get_parameter_source(name) if hasattr(ctx, "get_parameter_source") else None
            if source is not None:
                entry["isDefault"] = getattr(source, "name", "") in ("DEFAULT", "DEFAULT_MAP")
            entries.append(entry)
        if entries:
            log.tell("parameters", source="click", entries=entries)
    except Exception as error:
        faults.note("click", error)
    finally:
        guard.busy = False
