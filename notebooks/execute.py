"""Runs every notebook in this folder from top to bottom. A failed cell is a failed test. The notebooks are not changed."""

import pathlib
import sys

import nbclient
import nbformat


def main() -> int:
    folder = pathlib.Path(__file__).parent
    notebooks = sorted(folder.glob("*.ipynb"))
    failed = 0
    for path in notebooks:
        notebook = nbformat.read(path, as_version=4)
        client = nbclient.NotebookClient(notebook, timeout=300, kernel_name="python3")
        try:
            client.execute(cwd=str(folder))
        except nbclient.exceptions.CellExecutionError as error:
            print(f"{path.name}: {error}", file=sys.stderr)
            failed += 1
    print(f"notebooks: {len(notebooks) - failed} passed, {failed} failed")
    return 1 if failed or not notebooks else 0


if __name__ == "__main__":
    sys.exit(main())
