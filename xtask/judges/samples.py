"""Holds every documented payload against the bundled contract, with OpenAPI 3.0's own dialect of JSON Schema.

Bodies and answers of operations, the headers of those that take no body, and the messages that the vendor sends. A file
that belongs to none of these is a finding, and so is a payload that nothing describes.
"""

import pathlib
import sys
import urllib.parse

import json5
import yaml
from openapi_schema_validator import OAS30Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT4

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"

samples, bundle = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
contract = yaml.safe_load(bundle.read_text(encoding="utf-8"))
registry = Registry().with_resource("urn:contract", Resource(contents=contract, specification=DRAFT4))


def pointer(*keys):
    return "".join("/" + str(key).replace("~", "~0").replace("/", "~1") for key in keys)


def at(*keys):
    """The schema at this place of the contract, which must be there."""
    node = contract
    for key in keys:
        node = node[key]
    return {"$ref": "urn:contract#" + pointer(*keys)}


def operations():
    for path, item in contract["paths"].items():
        for method, operation in item.items():
            if isinstance(operation, dict) and "operationId" in operation:
                yield operation, ("paths", path, method)


def messages():
    for name, item in contract.get("x-webhooks", {}).items():
        yield item["post"], ("x-webhooks", name, "post")


def headers(operation, place):
    """What travels as headers is one object, of the parameters."""
    parameters = list(enumerate(operation["parameters"]))
    return {
        "type": "object",
        "additionalProperties": False,
        "required": [parameter["name"] for _, parameter in parameters if parameter.get("required")],
        "properties": {
            parameter["name"]: at(*place, "parameters", number, "schema") for number, parameter in parameters
        },
    }


def of_operation(operation, place):
    """The schemas of an operation by the end of its samples' names."""
    schemas = {"response.jsonc": at(*place, "responses", "200", "content", JSON, "schema")}
    if "requestBody" in operation:
        schemas["request.jsonc"] = at(*place, "requestBody", "content", JSON, "schema")
    elif operation.get("parameters"):
        schemas["request.jsonc"] = headers(operation, place)
    return schemas


def of_message(message, place):
    ends = {JSON: "request.jsonc", FORM: "form"}
    content = message["requestBody"]["content"]
    return {ends[media]: at(*place, "requestBody", "content", media, "schema") for media in content}


def read(file):
    text = file.read_text(encoding="utf-8")
    if file.suffix != ".form":
        return json5.loads(text)
    pairs = urllib.parse.parse_qsl(text.strip(), keep_blank_values=True, strict_parsing=True)
    # The first value of a name counts.
    return dict(reversed(pairs))


known = {operation["operationId"]: of_operation(operation, place) for operation, place in operations()}
known |= {message["operationId"]: of_message(message, place) for message, place in messages()}

files = sorted(file for file in samples.rglob("*") if file.is_file() and file.parent != samples)
findings = []
for file in files:
    schema = known.get(file.parent.name, {}).get(file.name.partition(".")[2])
    if schema is None or file.parent.parent != samples:
        findings.append(f"{file}: nothing in the contract describes it")
        continue
    for error in OAS30Validator(schema, registry=registry).iter_errors(read(file)):
        # The place and the rule, never the value.
        findings.append(f"{file}: {pointer(*error.absolute_path)} breaks {error.validator}")
print("\n".join([*findings, f"{len(files)} samples, {len(findings)} findings"]))
sys.exit(1 if findings or not files else 0)
