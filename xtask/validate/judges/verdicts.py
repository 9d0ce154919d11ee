"""Do others say of a payload what we say?

ajv and check-jsonschema read the contract's schemas as JSON Schema 2020-12, OAS30Validator reads the bundled contract as
it stands. Each judges every payload of payloads.jsonl, which the example `verdicts` of paywall-validate writes.
What they disagree with us about is explained in explained.json, or is a failure; so is an explanation that nothing needs.

    python verdicts.py FOLDER BUNDLE NODE_MODULES
"""

import collections
import json
import pathlib
import re
import subprocess
import sys
import tempfile

import yaml
from openapi_schema_validator import OAS30Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT4

HERE = pathlib.Path(__file__).parent
JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
# So many files are given to the program at once.
BATCH = 500
# What the contract calls the headers that operations take; filled in when it is read.
HEADERS = set()


def main(folder, bundle, modules):
    HEADERS.update(header_names(yaml.safe_load(bundle.read_text(encoding="utf-8"))))
    payloads = [json.loads(line) for line in (folder / "payloads.jsonl").open(encoding="utf-8")]
    said = {
        "ajv": by_ajv(folder, modules),
        "check-jsonschema": by_check_jsonschema(folder, payloads),
        "OAS30Validator": by_contract(bundle, payloads),
    }
    return report(payloads, said)


def by_ajv(folder, modules):
    subprocess.run(["node", HERE / "ajv.mjs", folder, modules], check=True)
    return [json.loads(line) for line in (folder / "ajv.jsonl").open(encoding="utf-8")]


def by_check_jsonschema(folder, payloads):
    """The program reads files, so each payload becomes one."""
    schemas = json.loads((folder / "schemas.json").read_text(encoding="utf-8"))
    families = collections.defaultdict(list)
    for number, payload in enumerate(payloads):
        families[f"{payload['operation']}.{payload['part']}"].append(number)
    said = [None] * len(payloads)
    with tempfile.TemporaryDirectory() as name:
        place = pathlib.Path(name)
        for family, numbers in families.items():
            schema = place / "schema.json"
            schema.write_text(json.dumps(schemas[family]), encoding="utf-8")
            for start in range(0, len(numbers), BATCH):
                one_batch(schema, place, numbers[start : start + BATCH], payloads, said)
    return said


def one_batch(schema, place, numbers, payloads, said):
    files = []
    for number in numbers:
        file = place / f"{number}.json"
        file.write_text(payloads[number]["text"], encoding="utf-8")
        files.append(file)
    program = pathlib.Path(sys.executable).parent / "check-jsonschema"
    command = [program, "--schemafile", schema, "--disable-formats", "*", "-o", "json", *files]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    if result.returncode not in (0, 1):
        sys.exit(f"check-jsonschema: exit code {result.returncode}\n{result.stderr}")
    answer = json.loads(result.stdout)
    # A file that it cannot read is no verdict.
    if answer.get("parse_errors"):
        sys.exit(f"check-jsonschema cannot read {answer['parse_errors']}")
    for error in answer["errors"]:
        said[int(pathlib.Path(error["filename"]).stem)] = "invalid"
    for file in files:
        file.unlink()


def by_contract(bundle, payloads):
    contract = yaml.load(bundle.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    registry = Registry().with_resource("urn:contract", Resource(contents=contract, specification=DRAFT4))
    judges = {key: OAS30Validator(schema, registry=registry) for key, schema in families_of(contract).items()}
    return [first_rule(judges[payload["operation"], payload["part"]], payload["text"]) for payload in payloads]


def first_rule(judge, text):
    error = next(judge.iter_errors(json.loads(text)), None)
    return error and error.validator


def pointer(*keys):
    return "urn:contract#" + "".join("/" + str(key).replace("~", "~0").replace("/", "~1") for key in keys)


def families_of(contract):
    found = {}
    for path, item in contract["paths"].items():
        for method, operation in item.items():
            if isinstance(operation, dict) and "operationId" in operation:
                found |= of_operation(operation, ("paths", path, method))
    for name, item in contract["x-webhooks"].items():
        media = next(iter(item["post"]["requestBody"]["content"]))
        place = ("x-webhooks", name, "post", "requestBody", "content", media, "schema")
        found[item["post"]["operationId"], "request"] = {"$ref": pointer(*place)}
    return found


def of_operation(operation, place):
    name = operation["operationId"]
    found = {(name, "response"): {"$ref": pointer(*place, "responses", "200", "content", JSON, "schema")}}
    if "requestBody" in operation:
        found[name, "request"] = {"$ref": pointer(*place, "requestBody", "content", JSON, "schema")}
    elif operation.get("parameters"):
        parameters = list(enumerate(operation["parameters"]))
        found[name, "request"] = {
            "type": "object",
            "required": [parameter["name"] for _, parameter in parameters if parameter.get("required")],
            "properties": {
                parameter["name"]: {"$ref": pointer(*place, "parameters", number, "schema")}
                for number, parameter in parameters
            },
        }
    return found


def report(payloads, said):
    explained = json.loads((HERE / "explained.json").read_text(encoding="utf-8"))
    unexplained, used = [], collections.Counter()
    for judge, verdicts in said.items():
        assert len(verdicts) == len(payloads), f"{judge} has judged {len(verdicts)} of {len(payloads)} payloads"
        for payload, verdict in zip(payloads, verdicts):
            if (verdict is None) == (not payload["errors"]):
                continue
            why = explanations(explained, judge, verdict, payload)
            if why is None:
                unexplained.append((judge, verdict, payload))
            else:
                used.update((number, judge) for number in why)
    needless = table(explained, used, said)
    for judge, verdict, payload in unexplained[:20]:
        print(f"NOT EXPLAINED: {payload['name']} ({payload['operation']}, {payload['part']}):")
        print(f"  {judge} says {verdict or 'valid'}, we say {', '.join(payload['errors']) or 'valid'}")
    wrong = sum(1 for payload in payloads if payload["errors"])
    print(f"{len(payloads)} payloads, {wrong} of them wrong; {len(unexplained)} disagreements that nothing explains")
    return 1 if unexplained or needless or not payloads else 0


def table(explained, used, said):
    """How often each explanation was needed; what nothing needs has been mended, or never was."""
    needless = 0
    print("explained:", *said, sep="\t")
    for number, why in enumerate(explained):
        counts = [used[number, judge] for judge in said]
        print(f"{why['rule']} ({why['says']})", *counts, sep="\t")
        for judge, count in zip(said, counts):
            if judge in why["judges"] and not count:
                print(f"NEEDLESS: {judge} agrees on {why['rule']} by now")
                needless += 1
    return needless


def explanations(explained, judge, verdict, payload):
    """The numbers of the explanations of a disagreement; nothing where a part of it has none."""
    rules = payload["errors"] if verdict is None else [named(payload)]
    says = "valid" if verdict is None else "invalid"
    found = [
        next((number for number, why in enumerate(explained) if fits(why, judge, says, rule, payload["text"])), None)
        for rule in rules
    ]
    return None if None in found else found


def header_names(contract):
    operations = (operation for item in contract["paths"].values() for operation in item.values())
    operations = (operation for operation in operations if isinstance(operation, dict))
    return {parameter["name"] for operation in operations for parameter in operation.get("parameters", [])}


def named(payload):
    """What others refuse and we do not."""
    if says_no(payload):
        return "refused-answer"
    return "header-case" if are_headers(payload) else "unknown"


def are_headers(payload):
    """Whether these are headers, one of them at least in other capitals than the contract's."""
    names = json.loads(payload["text"])
    names = list(names) if payload["part"] == "request" and isinstance(names, dict) else []
    return any(name != name.lower() for name in names) and all(name.lower() in HEADERS for name in names)


def fits(why, judge, says, rule, text):
    """An explanation is of a rule and a verdict, and where it says so of payloads with such a text alone."""
    same = judge in why["judges"] and why["says"] == says and why["rule"] == rule
    return same and re.search(why.get("text", ""), text) is not None


def says_no(payload):
    answer = json.loads(payload["text"])
    if payload["part"] != "response" or not isinstance(answer, dict):
        return False
    code = answer.get("ErrorCode")
    return answer.get("Result") is False or (isinstance(code, (int, float)) and code is not True and code != 0)


if __name__ == "__main__":
    sys.exit(main(*map(pathlib.Path, sys.argv[1:4])))
