"""Holds every documented payload against the bundled contract, with OpenAPI 3.0's own dialect of JSON Schema."""

import pathlib
import sys

import json5
import yaml
from openapi_schema_validator import OAS30Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT4

samples, bundle = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
contract = yaml.safe_load(bundle.read_text(encoding="utf-8"))
registry = Registry().with_resource("urn:contract", Resource(contents=contract, specification=DRAFT4))
operations = {
    operation["operationId"]: f"/paths/{path.replace('~', '~0').replace('/', '~1')}/{method}"
    for path, item in contract["paths"].items()
    for method, operation in item.items()
    if isinstance(operation, dict) and "operationId" in operation
}
places = {
    "request": "/requestBody/content/application~1json/schema",
    "response": "/responses/200/content/application~1json/schema",
}

files = sorted(samples.glob("*/*.jsonc"))
wrong = 0
for file in files:
    part = file.name.split(".")[-2]
    schema = {"$ref": f"urn:contract#{operations[file.parent.name]}{places[part]}"}
    payload = json5.loads(file.read_text(encoding="utf-8"))
    for error in OAS30Validator(schema, registry=registry).iter_errors(payload):
        wrong += 1
        # The place and the rule, never the value.
        print(f"{file}: /{'/'.join(map(str, error.absolute_path))} breaks {error.validator}")
print(f"{len(files)} samples, {wrong} findings")
sys.exit(1 if wrong or not files else 0)
