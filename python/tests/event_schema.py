"""Checks an event against schema/events/v0.schema.json: the part of JSON Schema that this file uses, nothing more."""

import json
import os
import re

_PATH = os.path.join(os.path.dirname(__file__), "..", "..", "schema", "events", "v0.schema.json")
with open(_PATH, encoding="utf-8") as _file:
    _SCHEMA = json.load(_file)
_KINDS = {}
for _definition in _SCHEMA["$defs"].values():
    _const = _definition.get("properties", {}).get("kind", {}).get("const") if isinstance(_definition, dict) else None
    if _const is not None:
        _KINDS[_const] = _definition

_TYPES = {"object": dict, "array": list, "string": str, "boolean": bool}


def kinds():
    """All kinds of events."""
    return frozenset(_KINDS)


def check(event):
    """What is wrong with an event, or None."""
    definition = _KINDS.get(event.get("kind"))
    if definition is None:
        return "unknown kind %r" % event.get("kind")
    return _check(event, definition, "")


def _check(value, rule, where):
    if "$ref" in rule:
        found = _check(value, _SCHEMA["$defs"][rule["$ref"].rpartition("/")[2]], where)
        if found:
            return found
    if "oneOf" in rule:
        passed = [option for option in rule["oneOf"] if _check(value, option, where) is None]
        if len(passed) != 1:
            return "%s fits %d of the allowed forms" % (where, len(passed))
    if "const" in rule and value != rule["const"]:
        return "%s is not %r" % (where, rule["const"])
    if "enum" in rule and value not in rule["enum"]:
        return "%s: %r is not one of %s" % (where, value, rule["enum"])
    kind = rule.get("type")
    if kind == "integer":
        if not isinstance(value, int) or isinstance(value, bool):
            return "%s is no integer" % where
        if not rule.get("minimum", value) <= value <= rule.get("maximum", value):
            return "%s: %d is out of range" % (where, value)
    elif kind is not None:
        if not isinstance(value, _TYPES[kind]):
            return "%s is no %s" % (where, kind)
    if isinstance(value, str):
        if len(value) > rule.get("maxLength", len(value)):
            return "%s is too long" % where
        if "pattern" in rule and not re.search(rule["pattern"], value):
            return "%s: %r does not match %s" % (where, value[:100], rule["pattern"])
        if any("\ud800" <= letter <= "\udfff" for letter in value):
            return "%s has a lone surrogate" % where
    if isinstance(value, list):
        if len(value) > rule.get("maxItems", len(value)):
            return "%s has too many items" % where
        for number, item in enumerate(value):
            found = _check(item, rule.get("items", {}), "%s[%d]" % (where, number))
            if found:
                return found
    if isinstance(value, dict):
        for name in rule.get("required", ()):
            if name not in value:
                return "%s lacks %s" % (where, name)
        properties = rule.get("properties", {})
        more = rule.get("additionalProperties", True)
        for name, item in value.items():
            if name in properties:
                found = _check(item, properties[name], where + "." + name)
            elif more is False:
                found = "%s has an unknown member %s" % (where, name)
            else:
                found = _check(item, more, where + "." + name) if isinstance(more, dict) else None
            if found:
                return found
    return None
