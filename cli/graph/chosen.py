"""What is to be drawn: a tool, an entity or an app, found by the name that somebody typed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from cli import spec_folder
from cli.checked_spec import today
from cli.endings import CannotGoOn, Misused
from cli.graph.model import AppPicture, Picture
from cli.graph.of_app import Drawn
from writ.check import CheckedApp, check_app
from writ.judgement import judge
from writ.nodes.typed import TypedApp
from writ.problems import did_you_mean


def chosen(name: str, specs: Path, folder: Path | None = None) -> tuple[Picture | AppPicture, Drawn]:
    """The picture of `app`, `app.Name` or `Name`, from the folder of an app or else from those in `specs`.

    Raises Misused where there is none or more than one, and CannotGoOn where the app cannot be read at all.
    """
    if folder is not None:
        return _in_app(name, _checked(folder), folder)
    if (Path(name) / "app.yaml").is_file():
        return _in_app(Path(name).name, _checked(Path(name)), Path(name))
    app, dot, _ = name.partition(".")
    apps = {path.name: path for path in spec_folder.apps_in(specs)}
    if app in apps:
        return _in_app(name, _checked(apps[app]), apps[app])
    if dot:
        raise Misused(f"no app `{app}` in `{specs}`", did_you_mean(app, apps))
    return _in_any(name, apps.values(), specs)


def _in_app(name: str, checked: CheckedApp, folder: Path) -> tuple[Picture | AppPicture, Drawn]:
    app = _partial(checked, folder)
    drawn = Drawn(app, judge(app, checked.problems, today=today()))
    wanted = name.removeprefix(f"{app.name}.")
    if wanted in app.tools:
        return drawn.tool(wanted), drawn
    if wanted in app.entities:
        return drawn.entity(wanted), drawn
    if wanted in (app.name, folder.resolve().name):
        return drawn.whole(), drawn
    left_out = " that could be read" if checked.problems else ""
    reason = f"`{app.name}` has no tool or entity `{wanted}`{left_out}"
    raise Misused(reason, did_you_mean(wanted, [*app.tools, *app.entities]))


def _in_any(name: str, folders: Iterable[Path], specs: Path) -> tuple[Picture | AppPicture, Drawn]:
    every = [(folder, _checked(folder)) for folder in folders]
    found = [(folder, checked) for folder, checked in every if name in set(_names(checked))]
    if len(found) == 1:
        folder, checked = found[0]
        return _in_app(name, checked, folder)
    if found:
        listed = ", ".join(f"`{folder.name}.{name}`" for folder, _ in found)
        raise Misused(f"more than one app has a `{name}`", f"name one: {listed}")
    raise Misused(f"no app in `{specs}` has a tool or entity `{name}`", _near(name, every))


def _near(name: str, every: Sequence[tuple[Path, CheckedApp]]) -> str:
    """The name that is nearest, else all there are: with their apps where there are several."""
    apps = [folder.name for folder, _ in every]
    nearest = did_you_mean(name, [*apps, *(one for _, checked in every for one in _names(checked))])
    if len(every) == 1 or nearest.startswith("did"):
        return nearest
    return did_you_mean("", [*apps, *(f"{folder.name}.{one}" for folder, checked in every for one in _names(checked))])


def _names(checked: CheckedApp) -> Iterator[str]:
    if checked.partial is not None:
        yield from checked.partial.tools
        yield from checked.partial.entities


def _checked(folder: Path) -> CheckedApp:
    return check_app(spec_folder.read(folder).files, str(folder))


def _partial(checked: CheckedApp, folder: Path) -> TypedApp:
    if checked.partial is None:
        raise CannotGoOn(f"the app in `{folder}` cannot be read, so there is nothing to draw", f"`writ check {folder}`")
    return checked.partial
