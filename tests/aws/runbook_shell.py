"""Runs the AWS CLI in this process: for scripts as the command `aws`, and alone to hold a command to the CLI's models.

A script starts `aws` for each command, and the CLI needs half a second to start. `Cli.serve` therefore answers a small `aws` on a Unix
socket. `Cli.dry` runs a command up to its request: names, required options, JSON, and shorthand are read by the CLI itself.
"""

import contextlib
import functools
import io
import os
import re
import socket
import threading
import time

import awscli.clidriver
import botocore.hooks
import botocore.loaders
import botocore.session

# It imports only built-in modules, because each command of a script starts it.
STUB = """#!{python} -ISE
import _socket, posix, sys
s = _socket.socket(_socket.AF_UNIX, _socket.SOCK_STREAM)
s.connect({path!r})
env = [k + b"=" + v for k, v in posix.environ.items() if k.startswith(b"AWS_")]
args = [a.encode("utf-8", "surrogateescape") for a in sys.argv[1:]]
s.sendall(b"\\0".join([b"%d" % len(env), posix.getcwd().encode(), *env, *args]))
s.shutdown(_socket.SHUT_WR)
answer = b""
while part := s.recv(65536):
    answer += part
rc, out, err = answer.split(b"\\0")
sys.stdout.buffer.write(out)
sys.stderr.buffer.write(err)
sys.exit(int(rc))
"""
# All sessions share the models. Otherwise each command would read them again, which takes seconds and much memory.
botocore.session.create_loader = functools.lru_cache(maxsize=None)(botocore.loaders.create_loader)
botocore.hooks.EventAliaser._alias_event_name = functools.lru_cache(maxsize=None)(botocore.hooks.EventAliaser._alias_event_name)
# Names that differ between commands of one form.
NAMES = re.compile(r"[0-9a-f]{17}|[a-z]\w*\.\d*\w*(?:large|metal|medium|small|micro|nano)\b")
# Text that stands for a value that the reader would have to find.
BLANK = re.compile(r"<[^>]*>|(?:[A-Z][A-Z_]*[A-Z])(?:-[a-z]+)?")


class Http:
    status_code = 200
    headers = {}


class Output(io.TextIOWrapper):
    """Collects text and, like a terminal, bytes."""

    def __init__(self):
        super().__init__(io.BytesIO(), encoding="utf-8", write_through=True)

    def text(self):
        return self.buffer.getvalue().decode()


def blanks(shape, value, path=""):
    """Finds values that are outside of an enumeration, or that stand for a value to be found."""
    if value is None or shape is None:
        return
    if shape.type_name == "structure" and isinstance(value, dict):
        for key, inner in value.items():
            yield from blanks(shape.members.get(key), inner, f"{path}.{key}")
    elif shape.type_name == "list" and isinstance(value, list):
        for inner in value:
            yield from blanks(shape.member, inner, path)
    elif shape.type_name == "string" and isinstance(value, str) and value != "placeholder":
        enum = getattr(shape, "enum", None)
        if enum and value not in enum:
            yield f"{path[1:]}={value} is none of {', '.join(enum[:8])}"
        elif not enum and BLANK.fullmatch(value) and value not in {"PROVISIONED", "OFF"}:
            yield f"{path[1:]}={value} is a value to be found"


class Cli:
    """`answers` are results of operations that the emulator lacks, by `service.Operation`: a result, or a function of
    the request that returns one, or `None` if the emulator is to answer. `done` lists the operations that succeeded."""

    def __init__(self, url, answers=None):
        self.url, self.answers, self.calls, self.done, self.faults = url, answers or {}, [], [], []
        self.is_dry, self.drivers = False, {}
        time.sleep = lambda _: None

    def before_call(self, model, params, **_):
        operation = f"{model.service_model.service_name}.{model.name}"
        self.calls.append(operation)
        if self.is_dry:
            raise SystemExit(0)
        if operation in self.answers:
            answer = self.answers[operation]
            answer = answer(params) if callable(answer) else answer
            return None if answer is None else (Http, answer)
        return None

    def after_call(self, http_response, model, **_):
        if http_response.status_code < 300:
            self.done.append(f"{model.service_model.service_name}.{model.name}")

    def before_parameters(self, params, model, **_):
        if model.input_shape:
            self.faults += blanks(model.input_shape, params)

    def driver(self):
        driver = awscli.clidriver.create_clidriver()
        driver.session.register("before-parameter-build", self.before_parameters)
        driver.session.register("before-call", self.before_call)
        driver.session.register("after-call", self.after_call)
        return driver

    def main(self, args):
        # The driver of one operation does not serve another: some options of the CLI change it.
        driver = self.drivers.get(tuple(args[:2])) or self.driver()
        self.drivers[tuple(args[:2])] = driver
        driver.session._credentials = None
        out, err = Output(), Output()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            try:
                status = driver.main(args)
            except SystemExit as end:
                status = end.code
        return status, out.text(), err.text()

    @functools.lru_cache(maxsize=None)
    def dry(self, args):
        """Returns the faults of a command, without a request."""
        faults = []
        # A number or a longer text is expected where a text was refused.
        for number in ("placeholder", "1", "2", "placeholder-of-a-text") if "placeholder" in " ".join(args) else ("",):
            self.is_dry, self.faults = True, []
            os.environ.update(AWS_ACCESS_KEY_ID="a", AWS_SECRET_ACCESS_KEY="b", AWS_DEFAULT_REGION="us-east-1")
            status, _, err = self.main([a.replace("placeholder", number) for a in args])
            self.is_dry = False
            if status == 0 and not self.faults:
                return self.faults
            faults = self.faults or [err.strip().splitlines()[-1] if err.strip() else f"exit code {status}"]
        return faults

    def answer(self, connection):
        count, folder, *rest = connection.makefile("rb").read().decode().split("\0")
        env, args = dict(e.split("=", 1) for e in rest[: int(count)]), rest[int(count) :]
        for name in [n for n in os.environ if n.startswith("AWS_") and n != "AWS_DATA_PATH"]:
            del os.environ[name]
        os.environ.update(env)
        os.chdir(folder)
        # The CLI does not read AWS_ENDPOINT_URL for every service.
        status, out, err = self.main([*args, "--endpoint-url", self.url])
        connection.sendall("\0".join([str(status or 0), out, err]).encode())

    def serve(self, folder, python):
        """Puts an `aws` into a folder that runs commands here."""
        path = f"{folder}/socket"
        with open(f"{folder}/aws", "w") as file:
            file.write(STUB.format(python=python, path=path))
        os.chmod(f"{folder}/aws", 0o755)
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(path)
        listener.listen()

        def loop():
            while True:
                connection, _ = listener.accept()
                # The script may have ended.
                with connection, contextlib.suppress(BrokenPipeError):
                    self.answer(connection)

        threading.Thread(target=loop, daemon=True).start()


def commands(script):
    """Returns the `aws` commands of a script, also inside `$(…)`: a list of arguments each. A variable or a substitution is `placeholder`."""
    found = []
    for start in re.finditer(r"(?<![\w.'/-])aws (?=[a-z0-9])", script):
        line = script.rfind("\n", 0, start.start()) + 1
        # Inside single quotes, `aws` is text.
        if script.count("'", line, start.start()) % 2 == 0:
            found.append(words(script, start.end()))
    return found


def skipped(text, at):
    """Returns the end of `$(…)`, `${…}`, or `$name` that starts at a position."""
    if text[at + 1] in "({":
        depth = 0
        for end in range(at + 1, len(text)):
            depth += (text[end] in "({") - (text[end] in ")}")
            if depth == 0:
                return end + 1
    return re.compile(r"\$\w+").match(text, at).end()


def words(text, at):
    found, word, quote = [], None, None
    while at < len(text):
        c = text[at]
        if quote == "'":
            quote, word = (None, word) if c == "'" else (quote, word + c)
        elif c == "$" and text[at + 1] in "({" or c == "$" and (text[at + 1].isalnum() or text[at + 1] == "_"):
            word, at = (word or "") + "placeholder", skipped(text, at)
            continue
        elif c == "\\" and at + 1 < len(text):
            word, at = (word or "") + text[at + 1], at + 1
        elif c == '"' or (c == "'" and not quote):
            quote, word = (None if quote == c else c), word or ""
        elif quote or c not in " \n;|&)<>":
            word = (word or "") + c
        else:
            if word is not None and not (c == ">" and word.isdigit()):
                found.append(word)
            word = None
            if c != " ":
                return found
        at += 1
    return found + ([word] if word is not None else [])
