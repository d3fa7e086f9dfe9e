"""Keeps what is plainly a secret out of the log. The command line masks again, with more rules."""

_WORDS = frozenset(("password", "passwd", "passphrase", "pwd", "pass", "secret", "secrets", "token", "apikey", "credential", "credentials", "auth", "authorization", "cookie", "bearer"))
_PAIRS = frozenset((("api", "key"), ("access", "key"), ("private", "key"), ("secret", "key"), ("auth", "key"), ("account", "key"), ("signing", "key"), ("encryption", "key")))
_SUSPICIOUS = ("pass", "pwd", "secret", "token", "key", "cred", "auth", "cookie", "bearer", "://", "hf_", "ghp_", "gho_", "github_pat_", "glpat-", "sk-", "akia", "asia", "xox", "eyj", "aiza", "npm_", "pypi-")
MASK = "***"
_patterns = None


def is_secret_name(name):
    """Whether a name says that its value is a secret: words split at - _ . and capitals."""
    words = _split(name)
    if not _WORDS.isdisjoint(words):
        return True
    return any(pair in _PAIRS for pair in zip(words, words[1:]))


def _split(name):
    words = []
    word = ""
    for letter in name:
        if not letter.isalnum():
            if word:
                words.append(word)
            word = ""
            continue
        if letter.isupper() and word and not word[-1].isupper():
            words.append(word)
            word = ""
        word += letter
    if word:
        words.append(word)
    return [word.lower() for word in words]


def mask(text):
    """Text without credentials in URLs, well-known forms of tokens and assignments to secret names."""
    low = text.lower()
    if not any(sign in low for sign in _SUSPICIOUS):
        return text
    for pattern, replacement in _compiled():
        text = pattern.sub(replacement, text)
    return text


def _compiled():
    global _patterns
    if _patterns is None:
        import re

        _patterns = (
            (re.compile(r"(://)[^/\s@'\"]+@"), r"\1***@"),
            (re.compile(r"\b(?:hf_[A-Za-z0-9]{16,}|gh[pousr]_[A-Za-z0-9]{20,}|github_pat_\w{20,}|glpat-[\w-]{16,}|sk-[\w-]{16,}|(?:AKIA|ASIA)[A-Z0-9]{16}|xox[abposr]-[\w-]{10,}|AIza[\w-]{30,}|npm_[A-Za-z0-9]{30,}|pypi-[\w-]{30,}|eyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]*)"), MASK),
            (re.compile(r"(?i)((?:pass(?:word|wd|phrase)?|pwd|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|credentials?|authorization|signature|sig)[\"']?\s{0,3}[=:]\s{0,3}[\"']?)(?:(?:bearer|basic)\s+)?[^\s\"'&,;)}\]]+"), r"\1***"),
            (re.compile(r"(?i)\b(bearer|basic)\s+[\w.~+/=-]{8,}"), r"\1 ***"),
        )
    return _patterns


def mask_arguments(arguments):
    """Arguments with the values of secret options masked: --password X, --password=X, NAME_TOKEN=X, and what `mask` finds."""
    result = []
    hide = False
    for argument in arguments:
        if hide and not argument.startswith("-"):
            result.append(MASK)
            hide = False
            continue
        hide = False
        name, mark, value = argument.partition("=")
        if mark and " " not in name and value and is_secret_name(name):
            result.append(name + "=" + MASK)
            continue
        if argument.startswith("-") and not mark and " " not in argument and is_secret_name(argument):
            hide = True
        result.append(mask(argument))
    return result
