"""Holds runbooks to the rules of CONTRIBUTING.md, and executes them on an AWS emulator: runbooks.py FOLDER

FOLDER contains `savings.json`, the output of `cost savings --format json`, and a file `<check>.md` for some checks: `cost explain` of
their first opportunity. All scripts are held to the models of the AWS CLI. The scripts of the Markdown files are executed, then their
rollback scripts, on resources of `runbook_cases.py`. Prints a row for each check: what was there before, after the script, and after the
rollback, and the calls that the emulator lacks. The exit code is 1 if a runbook is faulty.
"""

import gc
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

import runbook_cases
from runbook_shell import NAMES, Cli, commands

CHANGES = re.compile(r"^(delete|terminate|deregister|release|disassociate)-")
SAVES = re.compile(r"^(create-.*snapshot|create-image|create-export-task|create-backup|copy-.*snapshot)$")
# Checks whose runbook is a command to complete: the owner chooses the resources and the value of a tag.
OPEN = {"untagged_spend"}
# Lines of prose: a comment sign, or text outside of the block, makes them safe.
PROSE = re.compile(r"^(?!aws |echo )[A-Za-z]+ [a-z]+ [a-z]+ [a-z]+[^=$\"']*$")
FOREIGN = re.compile(r"(?<![\w./-])(jq|curl|python3?|yq)(?= )")


def blocks(markdown):
    return re.findall(r"^(`{3,})(?:sh|bash)\n(.*?)^\1$", markdown, re.DOTALL | re.MULTILINE)


def own(script):
    """Returns a script without strings in single quotes."""
    return re.sub(r"'[^']*'", "''", script)


def static_faults(cli, script, is_rollback=False, region=None):
    """Finds what a reviewer would refuse without running a script."""
    parsed = subprocess.run(["bash", "-n"], input=script, text=True, capture_output=True)
    if parsed.returncode:
        yield f"bash: {parsed.stderr.strip()}"
        return
    head = script.splitlines()
    if head[:2] != ["(", "set -euo pipefail"]:
        yield "the script does not end at the first error"
    used = commands(script)
    if used:
        if used[0][:2] != ["sts", "get-caller-identity"] or '[ "$ACCOUNT" = ' not in script:
            yield "no check of the account before the first command"
        if region and not re.search(r"^export AWS_REGION=", script, re.MULTILINE):
            yield "no region at the top"
    for line in own(script).splitlines():
        if PROSE.match(line.strip()):
            yield f"prose in a script: {line}"
    if found := FOREIGN.search(own(script)):
        yield f"needs {found[1]}, which not everybody has"
    for command in used:
        for fault in cli.dry(tuple(NAMES.sub(lambda m: "m5.large" if "." in m[0] else "0" * 17, a) for a in command)):
            if "file://" in " ".join(command) and "Unable to load paramfile" in fault:
                continue
            yield f"aws {' '.join(command[:2])}: {fault}"
    yield from order_faults(script, used, is_rollback)
    for name in re.findall(r"file://([\w.-]+)", own(script)):
        if not is_rollback and not re.search(rf"(save|>) \"?{re.escape(name)}\b", script):
            yield f"{name} is used, and the script does not write it"


def order_faults(script, used, is_rollback):
    """Finds what is deleted before it is saved."""
    names = [c[1] for c in used if len(c) > 1]
    first = next((i for i, n in enumerate(names) if CHANGES.match(n)), None)
    if first is None or is_rollback:
        return
    before = script[: script.find(f" {names[first]} ")]
    if not re.search(r"^\s*(grep -qs .* \|\| )?(save|keep) ", before, re.MULTILINE):
        yield f"{names[first]} without saving what it deletes"
    saved = [n for n in names[:first] if SAVES.match(n)]
    if saved:
        rest = before[before.rfind(f" {saved[-1]} ") :]
        if not re.search(r"^\s*until_is |\baws \S+ wait ", rest, re.MULTILINE):
            yield f"{names[first]} does not wait for {saved[-1]}"


def run(script, folder, env):
    """Runs a script as a user would; again if it says so. Returns its faults."""
    for _ in range(4):
        done = subprocess.run(["bash", "-c", script], cwd=folder, env=env, text=True, capture_output=True, timeout=120)
        if done.returncode or "run this again" not in done.stdout:
            break
    if done.returncode:
        return [f"exit code {done.returncode}: {done.stderr.strip() or done.stdout.strip()}"]
    return []


def execute(cli, world, check, markdown, account, short, bin_folder):
    """Runs the scripts of a runbook. Returns a row of the report, and faults."""
    case = world.case(check, account, short)
    if case is None:
        return None, []
    scripts = [script for _, script in blocks(markdown)]
    for old, new in case.names.items():
        scripts = [s.replace(old, new) for s in scripts]
    env = {
        "PATH": f"{bin_folder}:/usr/bin:/bin",
        "HOME": bin_folder,
        "AWS_ENDPOINT_URL": cli.url,
        "AWS_CONFIG_FILE": "/dev/null",
        **world.keys(account),
        **case.env,
    }
    cli.answers, cli.calls = case.answers, []
    faults, row = [], []
    with tempfile.TemporaryDirectory() as folder:
        other = run(scripts[0], folder, env | world.keys("999999999999"))
        if not other or "these credentials belong to account 999999999999" not in other[0]:
            faults.append("it runs in another account")
        row.append(case.probe())
        for script, expected in zip(scripts, [case.after, case.back]):
            failed = run(script, folder, env)
            row.append(case.probe())
            if failed:
                faults += failed
                break
            if expected is not None and row[-1] != expected:
                faults.append(f"expected {expected}, not {row[-1]}")
    lacking = sorted(set(cli.calls) & set(case.answers))
    return [check, *row, lacking], faults


def short_name(check, subject):
    """Returns the name of a resource as its runbook has it."""
    if "load_balancer" in check or check == "unused_secret":
        return subject
    return subject.split("/")[-1] if "/" in subject and ":log-group:" not in subject else subject if ":log-group:" in subject else subject.split(":")[-1]


def main(folder):
    savings = json.loads((folder / "savings.json").read_text())
    is_faulty = False
    with tempfile.TemporaryDirectory() as bin_folder:
        world = runbook_cases.World()
        cli = Cli(world.url)
        cli.serve(bin_folder, sys.executable)
        for name, text in {"sleep": "", "kubectl": ""}.items():
            path = pathlib.Path(bin_folder, name)
            path.write_text(f"#!/bin/sh\n{text}")
            path.chmod(0o755)
        seen, alike = {}, set()
        by_id = {o["id"]: o for o in savings["opportunities"]}
        books = [(o, o["runbook"]) for o in savings["opportunities"]]
        # Steps that make several changes of one resource.
        steps = [s for s in savings["plan"]["steps"] if "combined" in s]
        books += [(by_id[s["opportunity"]], s["combined"]["runbook"]) for s in steps]
        for o, book in books:
            seen.setdefault(o["check"], o)
            if sys.argv[2:]:
                continue
            for part in ("commands", "rollback_commands"):
                script = "\n".join(book[part])
                form = o["check"], part, NAMES.sub("", script.replace(o["id"], ""))
                if script and o["check"] in OPEN or form in alike:
                    continue
                alike.add(form)
                for fault in dict.fromkeys(static_faults(cli, script, part != "commands", o["scope"]["region_id"])) if script else []:
                    print(f"{o['check']} {o['id']} {part}: {fault}", file=sys.stderr)
                    is_faulty = True
        only = sys.argv[2:]
        for check, o in sorted(seen.items()):
            page = folder / f"{check}.md"
            if not page.exists() or only and check not in only:
                continue
            row, faults = execute(cli, world, check, page.read_text(), o["scope"]["sub_account_id"], short_name(check, o["subject"]), bin_folder)
            for fault in faults:
                print(f"{check} {o['id']} executed: {fault}", file=sys.stderr)
                is_faulty = True
            if row is None:
                print(f"{check}: held to the models only")
            else:
                states = " -> ".join(json.dumps(s) for s in row[1:-1])
                print(f"{check}: {states}" + (f"; lacking: {', '.join(row[-1])}" if row[-1] else ""))
    return 1 if is_faulty else 0


if __name__ == "__main__":
    os.environ["AWS_EC2_METADATA_DISABLED"] = "true"
    # The models stay in memory, so that looking for garbage in them costs time and finds nothing.
    gc.set_threshold(100_000, 50, 100)
    sys.exit(main(pathlib.Path(sys.argv[1]).resolve()))
