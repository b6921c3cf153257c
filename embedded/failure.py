"""EngineFailed: an embedded engine did not start, or could not be used."""

from __future__ import annotations


class EngineFailed(Exception):
    """The reason in one line, the way out in `help`, and the last lines the engine wrote in `log_lines`."""

    def __init__(self, reason: str, *, help: str = "", log_lines: tuple[str, ...] = ()) -> None:
        super().__init__(reason)
        self.reason = reason
        self.help = help
        self.log_lines = log_lines

    def __str__(self) -> str:
        lines = [self.reason, *(f"  | {line}" for line in self.log_lines)]
        if self.help:
            lines.append(f"help: {self.help}")
        return "\n".join(lines)
