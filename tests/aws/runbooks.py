"""Holds runbooks to the rules of CONTRIBUTING.md, and executes them on an AWS emulator: runbooks.py FOLDER [CHECK…]

FOLDER contains `savings.json`, the output of `cost savings --format json`, and a file `<check>.md` for some checks: `cost explain` of
their first opportunity. All scripts are held to the models of the AWS CLI. The scripts of the Markdown files are executed, then their
rollback scripts, on resources of `runbook_cases.py`. Each is run twice, and the second run must change nothing. Prints a row for each
check: what was there before, after the script, and after the rollback, and the calls that the emulator lacks. The exit code is 1 if a
runbook is faulty.
"""

import concurrent.futures
import gc
import json
import multiprocessing
import os
import pathlib
import re
import subprocess
import sys
import tempfile

import runbook_cases
import runbook_world
from runbook_shell import NAMES, Cli, commands

CHANGES = re.compile(r"^(delete|terminate|deregister|release|disassociate)-")
# What a second run must not do: a second resource, or a second purchase.
MAKES = re.compile(r"\.(Create(?!Tags)|Run|Register|Publish|Allocate|Restore(?=DB|FromCluster)|Purchase|Start(?!Instances|DBInstance|Notebook|\w*Preview)|Copy)")
SAVES = re.compile(r"^(create-.*snapshot|create-image|create-export-task|create-backup|copy-.*snapshot)$")
# Lines of prose: a comment sign, or text outside of the block, makes them safe.
PROSE = re.compile(r"^(?!aws |echo |(?:if|elif) aws )[A-Za-z]+ [a-z]+ [a-z]+ [a-z]+[^=$\"']*$")
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
    if not re.search(r"^\s*(grep -qs .* \|\| )?(save|keep|once) ", before, re.MULTILINE):
        yield f"{names[first]} without saving what it deletes"
    saved = [n for n in names[:first] if SAVES.match(n)]
    if saved:
        rest = before[before.rfind(f" {saved[-1]} ") :]
        if not re.search(r"^\s*until_is |\baws \S+ wait ", rest, re.MULTILINE):
            yield f"{names[first]} does not wait for {saved[-1]}"


def once(script, folder, env):
    """Runs a script. Returns its exit code and what it printed."""
    try:
        done = subprocess.run(["bash", "-c", script], cwd=folder, env=env, text=True, capture_output=True, timeout=60)
    except subprocess.TimeoutExpired:
        return None, "", "it does not end"
    return done.returncode, done.stdout, done.stderr


def run(script, folder, env, probe):
    """Runs a script as a user would: later again, if it says so. Returns its faults."""
    for _ in range(4):
        code, out, err = once(script, folder, env)
        waits = "Run this script again" in out
        if code != (75 if waits else 0):
            return [f"exit code {code}: {err.strip() or out.strip()}"]
        if not waits:
            return []
        state = probe()
        code, _, err = once(script, folder, env)
        if code == 0 or "SOONER" not in err or probe() != state:
            return [f"it continues before the time that it names: {err.strip()}"]
        env = env | {"SOONER": "yes"}
    return ["it does not end"]


def early_faults(scripts, folder, env, case):
    """Runs the first step of a script that then waits for days, and rolls it back."""
    if case.first is None:
        return
    before = case.probe()
    for more, text, state in case.earlier:
        code, _, err = once(scripts[0], folder, env | more)
        if code in {0, 75} or text not in err or case.probe() != state:
            yield f"a run with {more}: exit code {code}, {state} is expected, not {case.probe()}: {err}"
    code, out, err = once(scripts[0], folder, env)
    if code != 75 or "Run this script again" not in out:
        yield f"no first step: exit code {code}: {err or out}"
    if case.probe() != case.first:
        yield f"after the first step, {case.first} is expected, not {case.probe()}"
    code, _, err = once(scripts[1], folder, env)
    if code or case.probe() != before:
        yield f"the rollback of the first step: exit code {code}, {before} is expected, not {case.probe()}: {err}"


def repeat_faults(cli, script, folder, env, probe):
    """Runs a script that was run. Finds what it changes a second time. It may end with an error."""
    state, ids = probe(), pathlib.Path(folder).glob("*/ids.sh")
    saved = {path: path.read_text() for path in ids if "rolled-back" not in str(path)}
    cli.done = []
    if once(script, folder, env | {"SOONER": "yes"})[0] is None:
        yield "a second run does not end"
    if made := [c for c in cli.done if MAKES.search(c)]:
        yield f"a second run makes {', '.join(made)} again"
    if probe() != state:
        yield f"a second run changes {state} to {probe()}"
    for path, text in saved.items():
        if not path.exists() or path.read_text() != text:
            yield f"a second run changes what is saved in {path.name}"


def execute(cli, world, o, scripts, bin_folder):
    """Runs the scripts of a runbook. Returns a row of the report, and faults."""
    check, account = o["check"], o["scope"]["sub_account_id"]
    make = runbook_cases.CASES.get(check)
    if make is None:
        return None, []
    case = world.case(make, account, short_name(check, o["subject"]), o)
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
        other = once(scripts[0], folder, env | world.keys("999999999999"))
        if "these credentials belong to account 999999999999" not in other[2]:
            faults.append("it runs in another account")
        row.append(case.probe())
        if row[0] == case.after:
            faults.append(f"{case.after} is expected after the script, and is so before it")
        faults += early_faults(scripts, folder, env, case)
        for number, (script, expected) in enumerate(zip(scripts, [case.after, case.back])):
            if number and case.refusal:
                code, _, err = once(script, folder, env)
                faults += [] if code == 1 and case.refusal in err else [f"the rollback does not say that {case.refusal}: {err}"]
                break
            failed = run(script, folder, env, case.probe)
            row.append(case.probe())
            if failed:
                faults += failed
                break
            if expected is not None and row[-1] != expected:
                faults.append(f"expected {expected}, not {row[-1]}")
            faults += repeat_faults(cli, script, folder, env, case.probe)
    lacking = sorted(set(cli.calls) & set(case.answers))
    return [check, *row, lacking], faults


def short_name(check, subject):
    """Returns the name of a resource as its runbook has it."""
    if "load_balancer" in check or check == "unused_secret":
        return subject
    return subject.split("/")[-1] if "/" in subject and ":log-group:" not in subject else subject if ":log-group:" in subject else subject.split(":")[-1]


class Worker:
    """What a process needs to check runbooks: the emulator, and the commands that scripts call."""

    def __init__(self, folder):
        os.environ["AWS_EC2_METADATA_DISABLED"] = "true"
        # The models stay in memory, so that looking for garbage in them costs time and finds nothing.
        gc.set_threshold(100_000, 50, 100)
        self.folder, self.alike = folder, set()
        self.bin = tempfile.TemporaryDirectory()
        self.world = runbook_world.World()
        self.cli = Cli(self.world.url)
        self.cli.serve(self.bin.name, sys.executable)
        for name in ("sleep", "kubectl"):
            path = pathlib.Path(self.bin.name, name)
            path.write_text("#!/bin/sh\n")
            path.chmod(0o755)

    def static(self, all_):
        """Finds faults in the scripts of a check, of each form once."""
        for o in all_:
            for part in ("commands", "rollback_commands"):
                script = "\n".join(o["runbook"][part])
                form = part, NAMES.sub("", script.replace(o["id"], ""))
                if not script or form in self.alike:
                    continue
                self.alike.add(form)
                for fault in dict.fromkeys(static_faults(self.cli, script, part != "commands", o["scope"]["region_id"])):
                    yield f"{o['check']} {o['id']} {part}: {fault}"

    def report(self, all_):
        """Returns the row of a check, and faults."""
        faults = list(self.static(all_))
        check, page = all_[0]["check"], self.folder / f"{all_[0]['check']}.md"
        if page.exists():
            scripts = [script for _, script in blocks(page.read_text())]
        else:
            scripts = ["\n".join(lines) for lines in all_[0]["runbook"].values() if lines]
        row, more = execute(self.cli, self.world, all_[0], scripts, self.bin.name)
        faults += [f"{check} {all_[0]['id']} executed: {fault}" for fault in more]
        if row is None:
            return f"{check}: held to the models only: no case yet", faults
        states = " -> ".join(json.dumps(s) for s in row[1:-1])
        return f"{check}: {states}" + (f"; lacking: {', '.join(row[-1])}" if row[-1] else ""), faults


def begin(folder):
    global WORKER
    WORKER = Worker(folder)


def report(all_):
    return WORKER.report(all_)


def of_tests():
    """Returns opportunities of the unit tests, for what the demo has no resource for: in an account with the ID 1."""
    account = "666666666666"
    text = (pathlib.Path(__file__).parent / "scripts.json").read_text()
    for o in json.loads(re.sub(r":1:", f":{account}:", text)):
        runbook = {part: [line.replace('"$ACCOUNT" = 1 ]', f'"$ACCOUNT" = {account} ]') for line in lines] for part, lines in o["runbook"].items()}
        yield o | {"scope": o["scope"] | {"sub_account_id": account}, "runbook": runbook}


def main(folder, only):
    by_check = {}
    savings = json.loads((folder / "savings.json").read_text())
    all_ = savings["opportunities"]
    # Steps that make several changes of one resource.
    by_id = {o["id"]: o for o in all_}
    steps = [s for s in savings["plan"]["steps"] if "combined" in s]
    all_ += [by_id[s["opportunity"]] | {"runbook": s["combined"]["runbook"]} for s in steps]
    planted = {o["check"] for o in all_}
    for o in [*all_, *(o for o in of_tests() if o["check"] not in planted)]:
        if not only or o["check"] in only:
            by_check.setdefault(o["check"], []).append(o)
    is_faulty = False
    # Two processes: more would need more memory than small machines have.
    with concurrent.futures.ProcessPoolExecutor(2, multiprocessing.get_context("fork"), begin, (folder,)) as pool:
        for row, faults in pool.map(report, [by_check[check] for check in sorted(by_check)]):
            for fault in faults:
                print(fault, file=sys.stderr)
                is_faulty = True
            print(row)
    return 1 if is_faulty else 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1]).resolve(), sys.argv[2:]))
