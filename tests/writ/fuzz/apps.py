"""The apps that are made worse: all that are shipped, and the shop of the cases of the safety rules."""

from __future__ import annotations

from tests.writ.fuzz.mutation import Mutation
from tests.writ.rules.library import APPS as FOLDERS
from tests.writ.rules.library import app_files

APPS = {name: app_files(name) for name in FOLDERS}


def mutant(seed: int) -> tuple[str, dict[str, str]]:
    """The name of an app and its changed files, always the same for the same seed."""
    app = ("shop", "shop", "clinic", "my_app")[seed % 4]
    return app, Mutation(seed).of(APPS[app])
