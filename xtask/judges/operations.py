"""Looks for every operation of a bundled contract in the files of a generated client, whatever its language calls it."""

import pathlib
import sys

import yaml


def folded(text):
    return text.replace("_", "").lower()


bundle, client = map(pathlib.Path, sys.argv[1:])
contract = yaml.safe_load(bundle.read_text(encoding="utf-8"))
operations = [operation["operationId"] for item in contract["paths"].values() for operation in item.values()
              if isinstance(operation, dict) and "operationId" in operation]
files = [file for file in client.rglob("*") if file.suffix in {".py", ".rs", ".ts"}]
# A module may be called like its operation.
texts = [folded(file.stem) + " " + folded(file.read_text(encoding="utf-8")) for file in files]
missing = [operation for operation in operations if not any(folded(operation) in text for text in texts)]
print("\n".join([f"{operation} is not in the client" for operation in missing] + [f"{len(operations)} operations"]))
sys.exit(1 if missing or not operations or not files else 0)
