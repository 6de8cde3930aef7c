"""A step of a benchmark in a process of its own, with its own memory and caches."""

import json
import subprocess
import sys
from typing import Any


def apart(module: str, step: str, url: str, count: int) -> Any:
    """Do a step of `module`; return what its last line says, as JSON."""
    words = [sys.executable, "-m", module, "--step", step, "--url", url]
    done = subprocess.run(
        [*words, "--customers", str(count)],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return json.loads(done.stdout.splitlines()[-1])
