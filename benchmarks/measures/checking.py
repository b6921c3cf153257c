"""How long large apps are checked: parsed, typed, judged and compiled, each size in a process of its own."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from collections.abc import Mapping
from itertools import pairwise

from benchmarks.generated_app import APP, ROOT, generated
from benchmarks.report import Figure
from benchmarks.sizes import Sizes

STAGES = ("parse", "type", "judge", "compile")


def checking(sizes: Sizes) -> list[Figure]:
    """Seconds of each stage at each size, how the time of one tool grows with their number, and the memory it takes."""
    found = {tools: _measured(tools) for tools in sizes.checked_tools}
    smallest, largest = min(found), max(found)
    figures = [
        Figure(f"check_{tools}_{stage}", f"{tools:,} tools: {stage}", seconds[stage], "s")
        for tools, seconds in found.items()
        for stage in (*STAGES, "whole")
    ]
    growth = (found[largest]["judged"] / largest) / (found[smallest]["judged"] / smallest)
    goal = found.get(1_000, found[largest])["judged"]
    return [
        *figures,
        Figure("check_large", "an app with 1,000 tools and 100 entities, parsed, typed and judged", goal, "s"),
        Figure("check_growth", f"a tool of {largest:,} costs, as multiple of one of {smallest:,}", growth, ""),
        Figure("check_memory", f"a check of {largest:,} tools, at most", found[largest]["memory"], "MiB"),
    ]


def _measured(tools: int) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.measures.checking", str(tools)]
    ran = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    found: dict[str, float] = json.loads(ran.stdout)
    return found


def measure(tools: int) -> Mapping[str, float]:
    """The seconds of each stage for one app, and the MiB it took at most. What compiles is an app of the same size
    without what is only checked yet.
    """
    from writ.check import check_app
    from writ.judgement import judge
    from writ.plan.compile import judge_and_compile
    from writ.spec.parse import parse

    files = generated(tools)
    marks = [time.perf_counter()]
    parse(files, APP)
    marks.append(time.perf_counter())
    checked = check_app(files, APP)
    marks.append(time.perf_counter())
    assert checked.app is not None, checked.problems[:3]
    assert not judge(checked.app).findings
    marks.append(time.perf_counter())
    parsed, typed, judged = (later - earlier for earlier, later in pairwise(marks))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    runnable = check_app(generated(tools, runnable=True), APP).app
    assert runnable is not None
    began = time.perf_counter()
    judge(runnable)
    between = time.perf_counter()
    assert judge_and_compile(runnable).release is not None
    compiled = (time.perf_counter() - between) - (between - began)
    seconds = {"parse": parsed, "type": typed - parsed, "judge": judged, "compile": compiled}
    return {**seconds, "whole": sum(seconds.values()), "judged": typed + judged, "memory": memory}


if __name__ == "__main__":
    from cli.checked_spec import without_looking_for_garbage

    with without_looking_for_garbage():
        print(json.dumps(measure(int(sys.argv[1]))))
