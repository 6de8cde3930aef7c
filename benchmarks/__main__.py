"""`make bench`: every benchmark in a process of its own, and what each came to."""

import subprocess
import sys

BENCHMARKS = (
    "digests",
    "importing",
    "lookup",
    "monitoring",
    "monitoring_proof",
    "names",
    "proof",
    "sandbox",
    "scores",
)


def main() -> int:
    """Run them one after another; return how many did not reach what is wanted."""
    results = {}
    for name in BENCHMARKS:
        print(f"\n— {name} —", flush=True)
        command = [sys.executable, "-m", f"benchmarks.{name}"]
        results[name] = subprocess.run(command, check=False).returncode
    print()
    for name, code in results.items():
        print(f"{name}: {'reached' if code == 0 else 'NOT reached'}")
    return sum(code != 0 for code in results.values())


if __name__ == "__main__":
    raise SystemExit(main())
