"""Compares the roll-up and the complete review with DuckDB on the same files: wall time, CPU time, and peak memory, as ratios.

    python3 -m venv /tmp/bench && /tmp/bench/bin/pip install duckdb==2.0.0
    cargo build --release --workspace --examples --bins
    /tmp/bench/bin/python benches/compare.py --millions 20 --into /tmp/bill-20

Creates the bill first if it does not exist. Each program runs once to warm the page cache and then `--runs` times, alternating, so
that a slow minute of the machine affects both; medians are compared. Both must give the same totals, to the last digit.
"""

import argparse
import os
import pathlib
import platform
import statistics
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
TARGET = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", HERE.parent / "target")) / "release"


def run(command):
    """Output, wall seconds, CPU seconds and peak memory (MiB) of one run."""
    start = time.perf_counter()
    child = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    output = child.stdout.read()
    _, status, usage = os.wait4(child.pid, 0)
    wall = time.perf_counter() - start
    if status != 0:
        sys.exit(f"{command} failed")
    return output.strip(), (wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--millions", type=int, default=20)
    parser.add_argument("--into", required=True, help="folder of the bill; created if missing")
    parser.add_argument("--runs", type=int, default=5)
    args = parser.parse_args()
    if not os.path.isdir(args.into):
        subprocess.run([TARGET / "cost-datasets", "bench", "--into", args.into, "--millions", str(args.millions)], check=True)
    programs = {
        "roll-up": [TARGET / "examples" / "rollup", args.into, "team"],
        "DuckDB": [sys.executable, HERE / "duckdb_rollup.py", args.into],
        "review": [TARGET / "cost", "review", args.into, "--group-by", "service,account,region,tag:team", "--format", "json"],
    }
    outputs, figures = {}, {name: [] for name in programs}
    for name, command in programs.items():
        outputs[name], _ = run(command)
    ours, theirs = outputs["roll-up"].split(), outputs["DuckDB"].split()
    assert ours == theirs, f"the totals differ:\n{ours}\n{theirs}"
    for _ in range(args.runs):
        for name, command in programs.items():
            figures[name].append(run(command)[1])
    median = {name: [statistics.median(column) for column in zip(*rows)] for name, rows in figures.items()}
    size = sum(f.stat().st_size for f in pathlib.Path(args.into).glob("*.parquet")) / 2**20
    print(f"{int(ours[0]):,} line items in {size:,.0f} MiB of Parquet; cube {int(ours[1]):,} rows, resources {int(ours[2]):,} rows")
    print(f"{os.cpu_count()} cores, {platform.machine()}, median of {args.runs} runs")
    print(f"{'':<10}{'wall s':>9}{'CPU s':>9}{'peak MiB':>10}   against DuckDB: wall, CPU, memory")
    for name, (wall, cpu, memory) in median.items():
        ratios = [a / b for a, b in zip((wall, cpu, memory), median["DuckDB"])]
        print(f"{name:<10}{wall:>9.2f}{cpu:>9.2f}{memory:>10.0f}   " + "  ".join(f"{r:.2f}" for r in ratios))
    print(f"review ÷ roll-up, wall: {median['review'][0] / median['roll-up'][0]:.2f}")


if __name__ == "__main__":
    main()
