"""Reads workbooks (XLSX): the parts of ECMA-376 that tests need, with nothing but the standard library."""

import dataclasses
import io
import re
import xml.etree.ElementTree
import zipfile

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
PACKAGE = "{http://schemas.openxmlformats.org/package/2006/relationships}"
# Number formats that styles name by number only. Source: ECMA-376, part 1, 18.8.30.
BUILT_IN = {0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 14: "mm-dd-yy"}


@dataclasses.dataclass
class Cell:
    sheet: str
    place: str
    # `text`, `number`, or another type of ECMA-376, such as `e` for errors.
    kind: str
    value: str
    formula: str
    number_format: str


def part(book, name):
    return xml.etree.ElementTree.fromstring(book.read(name))


def text_of(element):
    """The text of a string, with the codes of characters (`_x202E_`) resolved as programs do."""
    text = "".join(t.text or "" for t in element.iter(f"{MAIN}t"))
    return re.sub(r"_x([0-9A-Fa-f]{4})_", lambda code: chr(int(code[1], 16)), text)


def formats(book):
    styles = part(book, "xl/styles.xml")
    named = {int(f.get("numFmtId")): f.get("formatCode") for f in styles.iter(f"{MAIN}numFmt")}
    used = [int(xf.get("numFmtId", 0)) for xf in styles.find(f"{MAIN}cellXfs")]
    return [named.get(number, BUILT_IN.get(number, "General")) for number in used]


def sheets(book):
    """The names of the sheets, in order, with the names of their parts."""
    targets = {r.get("Id"): r.get("Target") for r in part(book, "xl/_rels/workbook.xml.rels")}
    for sheet in part(book, "xl/workbook.xml").iter(f"{MAIN}sheet"):
        target = targets[sheet.get(RELATION)]
        yield sheet.get("name"), target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def cells(data):
    """All cells of a workbook with a value, in order."""
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        strings = []
        if "xl/sharedStrings.xml" in book.namelist():
            strings = [text_of(si) for si in part(book, "xl/sharedStrings.xml").iter(f"{MAIN}si")]
        of_style = formats(book)
        for name, path in sheets(book):
            for cell in part(book, path).iter(f"{MAIN}c"):
                value, formula = cell.find(f"{MAIN}v"), cell.find(f"{MAIN}f")
                kind, inline = cell.get("t", "n"), cell.find(f"{MAIN}is")
                if value is None and formula is None and inline is None:
                    continue
                text = (value.text or "") if value is not None else ""
                if kind == "s":
                    text = strings[int(text)]
                elif inline is not None:
                    text = text_of(inline)
                kind = {"s": "text", "inlineStr": "text", "str": "text", "n": "number"}.get(kind, kind)
                shown_as = of_style[int(cell.get("s", 0))]
                formula = "" if formula is None else formula.text or ""
                yield Cell(name, cell.get("r"), kind, text, formula, shown_as)


def links(data):
    """Relationships that lead out of the workbook."""
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        for name in book.namelist():
            if name.endswith(".rels"):
                for relation in part(book, name).iter(f"{PACKAGE}Relationship"):
                    if relation.get("TargetMode") == "External":
                        yield f"{name}: {relation.get('Target')}"
