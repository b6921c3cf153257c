"""One run id, one run: what is done and recorded under an id counts for the run that its audit row tells of."""

from __future__ import annotations

from writ.effects import Failure


class RunIdReused(Failure):
    """The audit row of another run stands under this id, so nothing more is done under it, now or ever."""

    def __init__(self) -> None:
        super().__init__("permanent", "run_id_reused: this run id was used before, and its audit row stands")
