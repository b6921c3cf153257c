"""The PostgreSQL that SQL is written for: asyncpg's parameters, types by PostgreSQL's own names."""

from __future__ import annotations

from typing import Any

from sqlalchemy.dialects.postgresql.asyncpg import PGCompiler_asyncpg, PGDialect_asyncpg
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeEngine


class _Compiler(PGCompiler_asyncpg):
    def render_bind_cast(self, type_: TypeEngine[Any], dbapi_type: TypeEngine[Any], sqltext: str) -> str:
        return f"{sqltext}::{self.dialect.type_compiler_instance.process(type_).lower()}"


class _Dialect(PGDialect_asyncpg):
    statement_compiler = _Compiler
    supports_statement_cache = True


# Not the default dialect: that one doubles every `%`, which would end up in defaults and checks.
DIALECT: Dialect = _Dialect(paramstyle="numeric_dollar")  # type: ignore[no-untyped-call]
