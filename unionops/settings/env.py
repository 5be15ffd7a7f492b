"""Typed reading of the environment. What is wrong or missing ends with one sentence that says what to do."""

import os
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit


class Misconfigured(SystemExit):
    """Ends the program with a sentence, without a traceback."""


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, "").strip() or default


def required(name: str, what: str) -> str:
    """Return the variable, or the content of the file that NAME_FILE names (for secrets)."""
    if value := text(name):
        return value
    if file := text(f"{name}_FILE"):
        try:
            return Path(file).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise Misconfigured(f"{name}_FILE: {file} cannot be read ({error.strerror}).") from error
    raise Misconfigured(f"{name} is not set: {what}")


def secret(name: str) -> str:
    """Return the variable, or the content of the file that NAME_FILE names, else nothing."""
    return required(name, "") if text(name) or text(f"{name}_FILE") else ""


def flag(name: str, *, default: bool = False) -> bool:
    value = text(name).lower()
    if value in ("", "0", "no", "false", "off"):
        return default if value == "" else False
    if value in ("1", "yes", "true", "on"):
        return True
    raise Misconfigured(f"{name} must be 1 or 0, not {value!r}.")


def number(name: str, default: int) -> int:
    value = text(name)
    if not value:
        return default
    if not value.isascii() or not value.isdigit():
        raise Misconfigured(f"{name} must be a whole number, not {value!r}.")
    return int(value)


def choice(name: str, known: tuple[str, ...]) -> str:
    """One of the known words; the first where nothing is set."""
    value = text(name, known[0]).lower()
    if value not in known:
        raise Misconfigured(f"{name} must be one of {', '.join(known)}, not {value!r}.")
    return value


def origins(url: str) -> list[str]:
    """The origin of an address, for the policy of what a page may load; {s} of map tiles stands for any name."""
    if not url:
        return []
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise Misconfigured(
            f"UNIONOPS_MAP_TILES must look like https://tiles.example/{{z}}/{{x}}/{{y}}.png, not {url!r}."
        )
    return [f"{parts.scheme}://{parts.netloc.replace('{s}', '*')}"]


def names(name: str, default: str = "") -> list[str]:
    """Return what stands between the commas."""
    return [part.strip() for part in text(name, default).split(",") if part.strip()]


def folder(name: str, default: Path) -> Path:
    return Path(text(name) or default).expanduser().absolute()


def keys(value: str, name: str) -> dict[int, str]:
    """Read `1:hex,2:hex`: 32-byte keys by number; the highest number seals, all of them open."""
    found: dict[int, str] = {}
    for part in filter(None, (part.strip() for part in value.split(","))):
        key_number, colon, key = part.partition(":")
        if not colon or not key_number.isdigit() or not 0 < int(key_number) < 256 or not is_key(key):
            raise Misconfigured(f"{name} must look like 1:<64 hexadecimal digits>, several with commas between.")
        found[int(key_number)] = key
    return found


def is_key(value: str) -> bool:
    try:
        return len(bytes.fromhex(value)) == 32
    except ValueError:
        return False


def host_of(url: str, name: str) -> str:
    host = urlsplit(url).hostname
    if not host or urlsplit(url).scheme not in ("http", "https"):
        raise Misconfigured(f"{name} must look like https://unionops.example, not {url!r}.")
    return host


def package(name: str) -> Path:
    """Return the folder of an installed package, without importing it."""
    spec = find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise Misconfigured(f"A library is missing ({name}). Run `make run` once: it installs what UnionOps needs.")
    return Path(spec.submodule_search_locations[0])
