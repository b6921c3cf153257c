"""What a key is for: the docstring behind its declaration in a model, read from the model's source.

The reader's own descriptions of keys are ways out of mistakes, which is something else.
"""

from __future__ import annotations

import ast
import inspect
import re
import textwrap
from collections.abc import Mapping
from functools import cache
from itertools import pairwise
from types import MappingProxyType

from pydantic import BaseModel

_LINE_BREAK = re.compile(r"(?<!\n)\n(?!\n)")


@cache
def key_descriptions(model: type[BaseModel]) -> Mapping[str, str]:
    """The description of each key of the model, by the name that it has in Python."""
    (declared,) = ast.parse(textwrap.dedent(inspect.getsource(model))).body
    body = declared.body if isinstance(declared, ast.ClassDef) else []
    found = {}
    for statement, behind in pairwise(body):
        if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
            match behind:
                case ast.Expr(value=ast.Constant(value=str(text))):
                    found[statement.target.id] = unwrapped(text)
    return MappingProxyType(found)


def unwrapped(text: str) -> str:
    """The text of a docstring without the line breaks that only its source needs."""
    return _LINE_BREAK.sub(" ", inspect.cleandoc(text))
