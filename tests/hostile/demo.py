"""Writes a copy of the demo estate in which every resource, name, and tag value ends in troublesome text of text.json.

`demo.py DEMO FOLDER OFFSET` gives the nth ID the (n + OFFSET)th text. Types, regions, and usage types stay, so that checks find what they
find in the demo, and their scripts contain the text wherever a name goes.
"""

import json
import pathlib
import shutil
import sys

import duckdb

# Columns of IDs and names: the same value gets the same text in every table.
NAMED = {"ResourceId", "AttachedTo", "Name", "ResourceName", "SubAccountName"}
# Longest text: scripts repeat names, and a script of megabytes shows nothing more.
LONGEST = 200


def texts():
    rows = json.loads(pathlib.Path(__file__).with_name("text.json").read_text())
    return [row["text"] for row in rows if "times" not in row and len(row["text"]) <= LONGEST]


def tags(value, text):
    """Tags with the text at the end of each value."""
    return None if value is None else json.dumps({key: f"{old}{text}" for key, old in json.loads(value).items()})


def main():
    demo, folder, offset = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), int(sys.argv[3])
    shutil.copytree(demo, folder)
    files = sorted(folder.rglob("*.parquet"))
    db = duckdb.connect()
    columns = {f: [row[0] for row in db.execute(f"DESCRIBE SELECT * FROM '{f}'").fetchall()] for f in files}
    values, tagged = set(), set()
    for file, names in columns.items():
        for name in names:
            if name in NAMED or name == "Tags":
                found = db.execute(f"SELECT DISTINCT \"{name}\" FROM read_parquet('{file}', hive_partitioning=false)").fetchall()
                (tagged if name == "Tags" else values).update(row[0] for row in found if row[0] is not None)
    all_texts = texts()
    new = [(old, old + all_texts[(at + offset) % len(all_texts)]) for at, old in enumerate(sorted(values))]
    new_tags = [(old, tags(old, all_texts[(at + offset) % len(all_texts)])) for at, old in enumerate(sorted(tagged))]
    for table, rows in (("names", new), ("tags", new_tags)):
        db.execute(f"CREATE TABLE {table} (old VARCHAR PRIMARY KEY, new VARCHAR)")
        db.executemany(f"INSERT INTO {table} VALUES (?, ?)", rows)
    for file, names in columns.items():
        lookup = {name: "names" for name in names if name in NAMED} | ({"Tags": "tags"} if "Tags" in names else {})
        if not lookup:
            continue
        joins = " ".join(f'LEFT JOIN {table} AS "of {name}" ON f."{name}" = "of {name}".old' for name, table in lookup.items())
        replaced = ", ".join(f'"of {name}".new AS "{name}"' for name in lookup)
        source = f"read_parquet('{file}', hive_partitioning=false)"
        written = file.with_suffix(".new")
        db.execute(f"COPY (SELECT f.* REPLACE ({replaced}) FROM {source} AS f {joins}) TO '{written}' (FORMAT parquet)")
        written.replace(file)


if __name__ == "__main__":
    main()
