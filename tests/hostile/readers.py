"""Reads outputs of `cost` with the readers that people and programs use, and reports what a hostile name got through.

`readers.py FOLDER` reads `FOLDER/outputs.jsonl`: one JSON object a line with `reader` (a function below), `file` (in FOLDER), and `what`
(the run). It prints a line per finding, then a line per reader with the number of outputs read.
"""

import collections
import concurrent.futures
import csv
import email
import email.policy
import html
import html.parser
import io
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unicodedata
import xml.etree.ElementTree

import markdown_it
import prometheus_client.parser

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "workbook"))
import book

# Colors of terminal output: bold, dim, red, green, cyan, and the end of each.
COLORS = re.compile(r"\x1b\[(?:0|1|2|1;3[126])m")
# General categories of characters that no output shows raw: ARCHITECTURE.md, module `text`. Unassigned ones are left out, because Python
# knows another version of Unicode than the program.
HIDDEN = {"Cc", "Cf", "Co", "Cs", "Zl", "Zp"}
# Ignorable characters of other categories (Unicode, DerivedCoreProperties.txt), and blanks.
IGNORABLE = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\ufffc\U000e0000-\U000e0fff]")
FORMULA = tuple("=+-@\t\r")
NUMBER = re.compile(r"-?\d+(\.\d+)?")
# Elements that documents consist of. Every other one came from a name.
ELEMENTS = set("h1 h2 h3 p ul ol li table thead tbody tr th td strong code pre hr".split())
# The empty comment that the program writes after `@` and `#`, so that they are no mentions.
COMMENT = "<!-- -->"
# Mentions and references of GitHub: after its Markdown is rendered, in the text. "Autolinked references and URLs", GitHub Docs.
MENTION = re.compile(r"(?<![A-Za-z0-9_`/])@[A-Za-z0-9]|(?<![A-Za-z0-9_&])#[0-9]|\bGH-[0-9]", re.A)
SVG = "{http://www.w3.org/2000/svg}"
DRAWING = {SVG + name for name in "svg title desc rect text line polyline path g style tspan circle".split()}
MAIL = {"From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type", "Content-Transfer-Encoding"}
PROMETHEUS = re.compile(r"cost_[a-z_]+\Z")


def hidden(text, but="\n"):
    """The hidden characters of a text."""
    return sorted({c for c in text if c not in but and (unicodedata.category(c) in HIDDEN or IGNORABLE.match(c))})


def raw(text, but="\n"):
    found = hidden(text, but)
    return [f"hidden characters {found}"] if found else []


def terminal(text):
    """A terminal: no control character but line ends and the colors above."""
    return raw(COLORS.sub("", text))


def message(text):
    """Messages of a failed run: one line."""
    lines = text.splitlines()
    return raw(text) + ([f"{len(lines)} lines"] if len(lines) != 1 else [])


def as_json(text):
    """A JSON parser, which accepts no control characters in strings."""
    json.loads(text)
    return raw(text)


def as_csv(text):
    """A spreadsheet: as many cells in each row as in the header, and no text cell that is a formula, in any width."""
    found = raw(text)
    rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    for row in rows:
        if len(row) != len(rows[0]):
            found.append(f"{len(row)} cells: {row}")
        for cell in row:
            start = unicodedata.normalize("NFKC", cell).strip()
            if start.startswith(FORMULA) and not NUMBER.fullmatch(cell):
                found.append(f"formula: {cell!r}")
    return found


def parser():
    """GitHub's Markdown: CommonMark with tables, strikethrough, and bare links, and with HTML."""
    return markdown_it.MarkdownIt("gfm-like", {"html": True, "linkify": True})


def flat(tokens):
    for token in tokens:
        yield token
        yield from flat(token.children or [])


def markdown(text):
    """A renderer with HTML: only elements of documents, no link, image, or mention from a name."""
    found = raw(text)
    for token in flat(parser().parse(text)):
        if token.type in ("html_inline", "html_block"):
            if token.content.strip() != COMMENT:
                found.append(f"HTML: {token.content[:60]!r}")
        elif token.type == "image":
            found.append(f"image: {token.attrs}")
        elif token.type == "link_open":
            # Linkify also finds bare host names, which GitHub leaves.
            href, is_bare = str(token.attrs.get("href", "")), token.markup == "linkify"
            mail = href.startswith("mailto:")
            if (not is_bare or href.startswith("https:")) and not mail and not href.startswith(TRUSTED):
                found.append(f"link: {href[:60]}")
        elif token.tag and token.type not in ("link_close",) and token.tag not in ELEMENTS:
            found.append(f"element {token.tag}")
        elif token.type == "text" and MENTION.search(html.unescape(token.content)):
            found.append(f"mention: {token.content[:80]!r}")
    return found


# Pages that the program's own texts link to.
TRUSTED = ("https://docs.aws.amazon.com/", "https://aws.amazon.com/")


def svg(text):
    """An XML parser: only shapes and text, no script, link, or event handler."""
    found = raw(text)
    for element in xml.etree.ElementTree.fromstring(text).iter():
        if element.tag not in DRAWING:
            found.append(f"element {element.tag}")
        found += [f"attribute {name}" for name in element.attrib if name.lower().startswith("on") or "href" in name.lower()]
    return found


# What formulas of workbooks are made of: references to cells of the same sheet, sums, and rounded ratios.
WORKBOOK_FORMULA = re.compile(r"(SUM|ROUND|[A-Z]{1,3}[0-9]+|\$[A-Z]{1,3}\$[0-9]+|[-+/(),:0-9])+")


def workbook(data):
    """A spreadsheet: text stays text, formulas have only sums and ratios of cells, and no link leads out."""
    found = [f"link: {link}" for link in book.links(data)]
    for cell in book.cells(data):
        if cell.kind == "text":
            found += raw(cell.value)
        elif cell.kind != "number":
            found.append(f"{cell.sheet}!{cell.place} is {cell.kind}: {cell.value[:60]!r}")
        if cell.formula and not WORKBOOK_FORMULA.fullmatch(cell.formula):
            found.append(f"{cell.sheet}!{cell.place} runs {cell.formula[:60]!r}")
    return found


# Elements of pages, and their attributes. None of them runs or loads anything.
PAGE = set(
    "html head meta title link style script body a header p input output button nav ul ol li main article section h1 h2 h3 h4 h5 h6 div "
    "table caption thead tbody tfoot tr th td details summary dl dt dd figure figcaption span b bdi strong code pre footer svg g rect line circle text".split()
)
ATTRIBUTES = re.compile(
    r"(data-[a-z]|aria-[a-z]+|xmlns|lang|charset|http-equiv|content|name|rel|href|class|id|type|hidden|placeholder|autocomplete|spellcheck|for|"
    r"tabindex|role|scope|colspan|x[12]?|y[12]?|cx|cy|r|width|height|viewbox|preserveaspectratio|text-anchor)\Z"
)


class Page(html.parser.HTMLParser):
    """The elements of a page: only those above, links only within the page, one style, and one script."""

    def __init__(self):
        super().__init__()
        self.found = []
        self.counts = collections.Counter()

    def handle_starttag(self, tag, attrs):
        self.counts[tag] += 1
        if tag not in PAGE:
            self.found.append(f"element {tag}")
        for name, value in attrs:
            if not ATTRIBUTES.match(name):
                self.found.append(f"attribute {name}")
            if name == "href" and not value.startswith("#") and (tag, value) != ("link", "data:,"):
                self.found.append(f"link: {value[:60]}")

    def handle_comment(self, data):
        self.found.append(f"comment {data[:60]!r}")


def page(text):
    """A browser: no element, attribute, link, or script other than the program's own."""
    parser = Page()
    parser.feed(text)
    parser.close()
    own = {name: parser.counts[name] for name in ("style", "script", "html", "body", "main")}
    found = raw(text) + parser.found
    return found + ([f"elements {own}"] if set(own.values()) != {1} else [])


def strings(value):
    """All strings of a JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from strings(item)
    elif isinstance(value, dict):
        for item in value.values():
            yield from strings(item)


def slack(text):
    """Slack: `<` starts mentions and links, also in the notification text; a section has at most 3,000 characters ("Section block")."""
    body = json.loads(text)
    found = raw(text, "\n")
    marked = [body["text"]] + [b["text"]["text"] for b in body["blocks"] if b["text"]["type"] == "mrkdwn"]
    for part in marked:
        if re.search(r"[<>]|&(?!amp;|lt;|gt;)", part):
            found.append(f"unescaped: {part[:80]!r}")
    for part in strings(body):
        found += raw(part)
        if len(part) > 3000:
            found.append(f"{len(part)} characters in one text")
    return found


def teams(text):
    """Teams: an Adaptive Card of at most 28 KB (Microsoft Learn, "Create incoming webhooks") without links, images, and formatting."""
    body = json.loads(text)
    found = raw(text) + ([f"{len(text)} bytes"] if len(text) > 28 * 1024 else [])
    [card] = body["attachments"]
    card = card["content"]
    texts = [block["text"] for block in card["body"] if "text" in block]
    texts += [fact["value"] for block in card["body"] for fact in block.get("facts", [])]
    for part in texts:
        found += raw(part)
        plain = re.sub(r"\\.", "", part)
        if re.search(r"[*_\[\]()`~#]", plain):
            found.append(f"unescaped: {part[:80]!r}")
    return found


def webhook(text):
    """A program that reads JSON."""
    json.loads(text)
    return raw(text)


def mail(text):
    """A mail program: only the program's headers, one line each, and text that says its character set."""
    read = email.message_from_bytes(text.encode(), policy=email.policy.default)
    found = [f"header {name}" for name in read.keys() if name not in MAIL]
    found += [f"defect {defect}" for defect in read.defects]
    found += raw(str(read["Subject"]), "")
    if read.is_multipart() or read.get_content_type() != "text/plain":
        return found + [f"type {read.get_content_type()}"]
    if read.get_content_charset() != "utf-8" or not read["MIME-Version"]:
        found.append(f"character set {read.get_content_charset()}, MIME version {read['MIME-Version']}")
    body = read.get_content().replace("\r\n", "\n")
    return found + raw(body)


def prometheus(text):
    """Prometheus: only the program's metrics, one value each, and labels without control characters."""
    found = raw(text)
    for family in prometheus_client.parser.text_string_to_metric_families(text):
        for sample in family.samples:
            if not PROMETHEUS.match(sample.name):
                found.append(f"metric {sample.name}")
            for value in sample.labels.values():
                found += raw(value)
    return found


# Bash runs a script with functions in place of the programs that runbooks may call. They note their names and answer what a script waits
# for; every other program is noted as foreign. PATH leads to nothing.
SANDBOX = r"""
note() { printf '%s\0' "$1" >> "$NOTES"; }
command_not_found_handle() { note "foreign $1"; return 0; }
aws() { note aws; case "$2" in get-caller-identity) printf %s "$IS" ;; *) printf %s 1 ;; esac; }
az() { note az; printf %s "$IS"; }
gcloud() { note gcloud; printf %s "$IS"; }
sleep() { note sleep; SECONDS=$((SECONDS + ${1%.*})); }
mkdir() { note mkdir; }; mv() { note mv; }; cat() { note cat; while IFS= read -r line; do :; done; }; date() { note date; printf %s 1; }
rm() { note rm; }; touch() { case "$1" in pwned*) note "foreign touch" ;; *) note touch ;; esac; }; tee() { note tee; }; cut() { note cut; }; kubectl() { note kubectl; }
grep() { note grep; return 1; }; sed() { note sed; }
find() { note find; }; head() { note head; }; tr() { note tr; }; sort() { note sort; }; wc() { note wc; printf 1; }; diff() { note diff; }; cp() { note cp; }
"""


def shell(text, account=""):
    """A script: bash reads it, and running it in an empty folder, also after errors, calls only the command lines of clouds and the tools
    above."""
    found = raw(text)
    checked = subprocess.run(["bash", "-n"], input=text, text=True, capture_output=True, check=False)
    if checked.returncode:
        found.append(f"bash -n: {checked.stderr.strip()[:120]}")
    # To its last line: without the ends that a script makes itself.
    text = text.replace("set -euo pipefail", "set +eu").replace(":?", ":-")
    with tempfile.TemporaryDirectory() as folder, tempfile.NamedTemporaryFile() as notes:
        env = {"PATH": "/nonexistent", "NOTES": notes.name, "IS": account, "HOME": folder, "LC_ALL": "C.UTF-8"}
        with Patience():
            subprocess.run(["/bin/bash", "-c", SANDBOX + text], cwd=folder, env=env, capture_output=True, timeout=2, check=False)
        called = pathlib.Path(notes.name).read_bytes().decode().split("\0")
        found += sorted({f"ran {name!r}" for name in called if name.startswith("foreign")})
        found += [f"wrote {name}" for name in os.listdir(folder) if "pwned" in name]
        GOES_ON.append(len(called) > 2)
    return found


# Of each script, whether it called more than the first program, which asks for the account. Some end there, as they should: a shell
# drops line ends at the end of an account's name, and some have nothing to do.
GOES_ON = []


class Patience:
    """A script that waits for ever is not a finding: what it called until then is."""

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        return kind is not None and issubclass(kind, subprocess.TimeoutExpired)


READERS = {
    "terminal": terminal,
    "message": message,
    "json": as_json,
    "csv": as_csv,
    "markdown": markdown,
    "svg": svg,
    "workbook": workbook,
    "html": page,
    "slack": slack,
    "teams": teams,
    "webhook": webhook,
    "mail": mail,
    "prometheus": prometheus,
    "shell": shell,
}


def read(folder, output):
    try:
        content = (folder / output["file"]).read_bytes()
        if output["reader"] != "workbook":
            content = content.decode()
        more = [output["account"]] if output["reader"] == "shell" else []
        return READERS[output["reader"]](content, *more)
    except Exception as error:  # Whatever a reader says against an output is a finding.
        return [f"{type(error).__name__}: {error}"]


def main():
    folder = pathlib.Path(sys.argv[1])
    counts = collections.Counter()
    outputs = [json.loads(line) for line in (folder / "outputs.jsonl").read_text().split("\n") if line]
    # Scripts wait most of their time.
    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        for output, findings in zip(outputs, pool.map(lambda output: read(folder, output), outputs)):
            counts[output["reader"]] += 1
            for finding in dict.fromkeys(findings):
                print(f"finding: {output['reader']}: {output['what']}: {finding}")
    if sum(GOES_ON) < 0.8 * len(GOES_ON):
        print(f"finding: shell: {sum(GOES_ON)} of {len(GOES_ON)} scripts go on after their account is known: the others test nothing")
    for reader, count in sorted(counts.items()):
        print(f"{reader}: {count}")


if __name__ == "__main__":
    main()
