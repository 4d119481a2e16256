"""Recalculates workbooks with LibreOffice and compares the results with the values that `cost` wrote.

`recalculate.py BOOK.xlsx…` removes the stored results of all formulas, so that LibreOffice has to calculate them, converts the workbooks,
and compares each result with the stored one: to the last digit shown, and to 1e-9 of the value. It prints a line per difference and a line
per workbook, and fails on a difference, a formula that gives an error, or a workbook without formulas. Without LibreOffice it says so
loudly and checks nothing.
"""

import decimal
import io
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile

import book

# LibreOffice recalculates files of other programs always, not as it likes.
SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""


def without_results(data):
    """The workbook without the results of formulas."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = old.read(name)
            if name.startswith("xl/worksheets/sheet"):
                part = re.sub(rb"</f><v>[^<]*</v>", b"</f>", part)
            new.writestr(name, part)
    return out.getvalue()


def recalculated(office, data):
    """The workbook as LibreOffice calculates and writes it."""
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        (folder / "profile" / "user").mkdir(parents=True)
        (folder / "profile" / "user" / "registrymodifications.xcu").write_text(SETTINGS)
        (folder / "out").mkdir()
        (folder / "book.xlsx").write_bytes(without_results(data))
        profile = f"-env:UserInstallation=file://{folder}/profile"
        convert = ["--headless", "--norestore", "--convert-to", "xlsx", "--outdir", folder / "out", folder / "book.xlsx"]
        subprocess.run([office, profile, *convert], check=True, capture_output=True, timeout=300)
        return (folder / "out" / "book.xlsx").read_bytes()


def places(number_format):
    """Decimal places that a number format shows; for percentages, those of the fraction."""
    positive = re.sub(r'"[^"]*"', "", number_format.split(";")[0])
    digits = re.search(r"\.([0#]+)", positive)
    return (len(digits[1]) if digits else 0) + (2 if "%" in positive else 0)


def compared(ours, theirs):
    """What differs; empty if nothing does."""
    if theirs is None or theirs.kind != "number":
        return f"LibreOffice gives {theirs.value if theirs else 'nothing'!r}"
    ours_value, theirs_value = decimal.Decimal(ours.value), decimal.Decimal(theirs.value)
    # Programs show a number with 15 significant digits.
    shown = [
        (+decimal.Context(prec=15).create_decimal(value)).quantize(decimal.Decimal(1).scaleb(-places(ours.number_format)), decimal.ROUND_HALF_UP)
        for value in (ours_value, theirs_value)
    ]
    if shown[0] != shown[1] or abs(ours_value - theirs_value) > max(abs(ours_value), 1) * decimal.Decimal("1e-9"):
        return f"LibreOffice gives {theirs_value}, the report {ours_value}"
    return ""


def check(office, path):
    """The number of formulas and the differences of a workbook."""
    data = pathlib.Path(path).read_bytes()
    formulas = [cell for cell in book.cells(data) if cell.formula]
    theirs = {(cell.sheet, cell.place): cell for cell in book.cells(recalculated(office, data))}
    found = []
    for cell in formulas:
        difference = compared(cell, theirs.get((cell.sheet, cell.place)))
        if difference:
            found.append(f"{cell.sheet}!{cell.place} ={cell.formula}: {difference}")
    if not formulas:
        found.append("no formula: this checks nothing")
    return len(formulas), found


def main():
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None:
        print("NOT CHECKED: formulas of workbooks: LibreOffice is missing (apt-get install libreoffice-calc)", file=sys.stderr)
        return 0
    failed = False
    for path in sys.argv[1:]:
        count, found = check(office, path)
        for line in found:
            print(f"{path}: {line}")
        print(f"{path}: {count} formulas, {len(found)} differences")
        failed |= bool(found)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
