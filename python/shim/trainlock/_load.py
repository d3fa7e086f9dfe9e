"""Reads finished records. Everything read here is taken for hostile until it is parsed."""

import json
import os
import re
from typing import Any, Dict, List, Optional, Tuple, Union

_STATEMENT = "https://in-toto.io/Statement/v1"
_PREDICATES = {"https://trainlock.dev/training-run/v0": "0", "https://trainlock.dev/training-run/v1": "1"}
_VERSION = re.compile(r"(0|[1-9][0-9]{0,3})\.(0|[1-9][0-9]{0,3})")
_MOST_BYTES = 64 << 20
_MOST_DEPTH = 200
_SAFE = 2**53 - 1
_FOLDER = re.compile(r"^\d{8}T\d{6}Z-[0-9a-f]{8}")


class RecordError(ValueError):
    """A record could not be found or read. The text names the path and what is wrong with it."""


def load(run: Union[str, "os.PathLike[str]"], store: Union[str, "os.PathLike[str]", None] = None) -> Dict[str, Any]:
    """
    The manifest of a finished run as plain dicts, lists, text, integers and truth values.

    `run` is a run folder, a statement file, a model file with its record `<model>.trainlock.json` beside it, `last`, `last~N`,
    the name of a run, or at least six letters of its id or of the digest of its record. `store` is the folder that holds
    `runs/`; without it TRAINLOCK_STORE, then `.trainlock` in the project around the working folder.

    Fields are not checked here (`trainlock validate` does), so a record of a version that is not known, or that names fields which must be
    understood (`critical`), is not read. Raises RecordError.
    """
    path = _find(os.fspath(run), None if store is None else os.fspath(store))
    return _manifest(path)


def _find(run: str, store: Optional[str]) -> str:
    if os.path.isdir(run):
        return _statement_in(run)
    if os.path.isfile(run):
        if os.path.isfile(run + ".trainlock.json"):
            return run + ".trainlock.json"
        return run
    folders = _run_folders(store)
    match = re.fullmatch(r"last(?:~(\d{1,6}))?", run)
    if match:
        finished = [folder for folder in folders if os.path.isfile(os.path.join(folder, "statement.json"))]
        number = int(match.group(1) or "0")
        if number >= len(finished):
            raise RecordError("%s: there are %d finished runs in %s" % (run, len(finished), _runs_folder(store)))
        return os.path.join(finished[-1 - number], "statement.json")
    found = [folder for folder in folders if _is_meant(folder, run)]
    if not found:
        raise RecordError("%s: no such run in %s, and no such file" % (run, _runs_folder(store)))
    if len(found) > 1:
        raise RecordError("%s is ambiguous: %s" % (run, ", ".join(os.path.basename(folder) for folder in found)))
    return _statement_in(found[0])


def _statement_in(folder: str) -> str:
    path = os.path.join(folder, "statement.json")
    if not os.path.isfile(path):
        raise RecordError("%s: no statement.json; the run is not finished, or this is no run folder" % folder)
    return path


def _runs_folder(store: Optional[str]) -> str:
    return os.path.join(store or os.environ.get("TRAINLOCK_STORE") or os.path.join(_project_root(), ".trainlock"), "runs")


def _run_folders(store: Optional[str]) -> List[str]:
    """Oldest first: their names begin with the time."""
    runs = _runs_folder(store)
    try:
        names = sorted(name for name in os.listdir(runs) if _FOLDER.match(name))
    except OSError as error:
        raise RecordError("%s: %s" % (runs, error.strerror)) from error
    return [os.path.join(runs, name) for name in names]


def _is_meant(folder: str, run: str) -> bool:
    if os.path.basename(folder) == run:
        return True
    try:
        _, manifest, digest = _read(os.path.join(folder, "statement.json"))
    except RecordError:
        return False
    facts = manifest.get("run", {})
    if not isinstance(facts, dict):
        return False
    if facts.get("name") == run or _marked_name(folder) == run:
        return True
    prefix = run[7:] if run.startswith("sha256:") else run
    if len(prefix) < 6:
        return False
    return str(facts.get("id", "")).replace("-", "").startswith(prefix.replace("-", "")) or digest.startswith(prefix)


def _marked_name(folder: str) -> Optional[str]:
    """A name that was given later lies in marks.json, outside of the record."""
    try:
        marks = _strict(_bytes(os.path.join(folder, "marks.json")))
    except RecordError:
        return None
    name = marks.get("name") if isinstance(marks, dict) else None
    return name if isinstance(name, str) else None


def _project_root() -> str:
    """The nearest folder with trainlock.yaml, else with [tool.trainlock] in pyproject.toml, else with .git, else the working folder."""
    here = os.path.abspath(os.getcwd())
    parents = [here]
    while os.path.dirname(parents[-1]) != parents[-1]:
        parents.append(os.path.dirname(parents[-1]))
    for is_root in (_has_configuration, _has_pyproject, _has_git):
        for folder in parents:
            if is_root(folder):
                return folder
    return here


def _has_configuration(folder: str) -> bool:
    return os.path.isfile(os.path.join(folder, "trainlock.yaml"))


def _has_pyproject(folder: str) -> bool:
    try:
        return re.search(rb"^\s*\[tool\.trainlock[\].]", _bytes(os.path.join(folder, "pyproject.toml")), re.MULTILINE) is not None
    except RecordError:
        return False


def _has_git(folder: str) -> bool:
    return os.path.exists(os.path.join(folder, ".git"))


def _bytes(path: str) -> bytes:
    try:
        with open(path, "rb") as file:
            content = file.read(_MOST_BYTES + 1)
    except OSError as error:
        raise RecordError("%s: %s" % (path, error.strerror)) from error
    if len(content) > _MOST_BYTES:
        raise RecordError("%s: larger than %d bytes" % (path, _MOST_BYTES))
    return content


def _manifest(path: str) -> Dict[str, Any]:
    predicate_type, manifest, _ = _read(path)
    _understand(path, predicate_type, manifest)
    return manifest


def _understand(path: str, predicate_type: Any, manifest: Dict[str, Any]) -> None:
    """Nothing is half read: raises RecordError unless the record is of a version that is known here and asks for nothing more."""
    major = _PREDICATES.get(predicate_type) if isinstance(predicate_type, str) else None
    if major is None:
        raise RecordError("%s: predicateType %r is none of %s" % (path, predicate_type, ", ".join(_PREDICATES)))
    version = manifest.get("schemaVersion")
    match = _VERSION.fullmatch(version) if isinstance(version, str) else None
    if match is None or match.group(1) != major:
        raise RecordError("%s: schemaVersion %r is not of version %s, which the predicateType states" % (path, version, major))
    critical = manifest.get("critical", [])
    if not isinstance(critical, list):
        raise RecordError("%s: critical is no list" % path)
    if critical:
        raise RecordError("%s: %r must be understood, and only the command line can tell whether it is: trainlock show --json" % (path, critical[0]))


def _read(path: str) -> Tuple[Any, Dict[str, Any], str]:
    """(predicateType, manifest, SHA-256 of the payload) of a statement file or of a bundle around one; of any version, so that it is found."""
    import hashlib

    content = _bytes(path)
    try:
        value = _strict(content)
        if isinstance(value, dict) and "dsseEnvelope" in value:
            content = _payload(value["dsseEnvelope"])
            value = _strict(content)
    except RecordError as error:
        raise RecordError("%s: %s" % (path, error)) from error
    if not isinstance(value, dict) or value.get("_type") != _STATEMENT:
        raise RecordError("%s: not an in-toto statement" % path)
    manifest = value.get("predicate")
    if not isinstance(manifest, dict):
        raise RecordError("%s: the predicate is no object" % path)
    return value.get("predicateType"), manifest, hashlib.sha256(content).hexdigest()


def _payload(envelope: Any) -> bytes:
    import base64

    payload = envelope.get("payload") if isinstance(envelope, dict) else None
    if not isinstance(payload, str):
        raise RecordError("the envelope has no payload")
    try:
        return base64.b64decode(payload, validate=True)
    except ValueError as error:
        raise RecordError("the payload is no base64") from error


def _strict(content: bytes) -> Any:
    """I-JSON: UTF-8, no member twice, safe integers only, no other numbers, no lone surrogates."""
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise RecordError("not UTF-8 at byte %d" % error.start) from error
    try:
        value = json.loads(text, object_pairs_hook=_object, parse_float=_no_real, parse_int=_integer, parse_constant=_no_constant)
    except RecursionError as error:
        raise RecordError("nested too deeply") from error
    except json.JSONDecodeError as error:
        raise RecordError("line %d column %d: %s" % (error.lineno, error.colno, error.msg)) from error
    _check(value, 0)
    return value


def _object(pairs: List[Tuple[str, Any]]) -> Dict[str, Any]:
    result: Dict[str, Any] = {}
    for key, value in pairs:
        if key in result:
            raise RecordError("member %r stands twice in one object" % key)
        result[key] = value
    return result


def _integer(text: str) -> int:
    if len(text) > 17 or abs(int(text)) > _SAFE or text == "-0":
        raise RecordError("%s is not a safe integer" % text[:40])
    return int(text)


def _no_real(text: str) -> Any:
    raise RecordError("%s: real numbers are text in a record" % text[:40])


def _no_constant(text: str) -> Any:
    raise RecordError("%s is not JSON" % text)


def _check(value: Any, depth: int) -> None:
    if depth > _MOST_DEPTH:
        raise RecordError("nested too deeply")
    if isinstance(value, str):
        if not value.isascii() and any("\ud800" <= letter <= "\udfff" for letter in value):
            raise RecordError("a lone surrogate in a text")
    elif isinstance(value, list):
        for item in value:
            _check(item, depth + 1)
    elif isinstance(value, dict):
        for key, item in value.items():
            _check(key, depth + 1)
            _check(item, depth + 1)
