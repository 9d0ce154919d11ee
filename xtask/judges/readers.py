"""Reads each YAML file of a folder with PyYAML and with ruamel.yaml, and compares with the JSON file of the same name.

A text must be that text and a number that number, its digits to the last: JSON has one reading, which is the measure.
"""

import decimal
import json
import pathlib
import sys

import ruamel.yaml
import yaml


def differences(found, expected, place=""):
    """Where the two differ, and of which types they are; never more than the first hundred characters of a value."""
    if isinstance(expected, dict) and isinstance(found, dict):
        for key in sorted(set(map(repr, found)) ^ set(map(repr, expected))):
            yield f"{place}: the key {key[:100]} is on one side alone"
        for key in expected.keys() & found.keys():
            yield from differences(found[key], expected[key], f"{place}/{key[:100]}")
    elif isinstance(expected, list) and isinstance(found, list):
        if len(expected) != len(found):
            yield f"{place}: {len(found)} elements for {len(expected)}"
        for index, pair in enumerate(zip(found, expected)):
            yield from differences(*pair, f"{place}/{index}")
    elif not is_same(found, expected):
        yield f"{place}: {type(found).__name__} {found!r:.100} for {expected!r:.100}"


def is_same(found, expected):
    if isinstance(expected, decimal.Decimal):
        if isinstance(found, bool) or not isinstance(found, (int, float)):
            return False
        is_whole = expected == expected.to_integral_value() and expected.as_tuple().exponent == 0
        return int(expected) == found and isinstance(found, int) if is_whole else float(expected) == float(found)
    return type(found) is type(expected) and found == expected


READERS = {
    "PyYAML": lambda text: yaml.load(text, Loader=yaml.SafeLoader),
    "PyYAML with libyaml": lambda text: yaml.load(text, Loader=yaml.CSafeLoader),
    "ruamel.yaml": lambda text: ruamel.yaml.YAML(typ="safe", pure=True).load(text),
}

findings = []
files = sorted(pathlib.Path(sys.argv[1]).glob("*.json"))
for file in files:
    number = decimal.Decimal
    expected = json.loads(file.read_text(encoding="utf-8"), parse_int=number, parse_float=number)
    text = file.with_suffix(".yaml").read_text(encoding="utf-8")
    for name, read in READERS.items():
        try:
            findings += [f"{name}, {file.stem}{line}" for line in differences(read(text), expected)]
        except Exception as error:  # What a reader cannot read at all is a finding too.
            findings.append(f"{name}, {file.stem}: {error}")
print("\n".join([*findings[:200], f"{len(files)} files, {len(findings)} findings"]))
sys.exit(1 if findings or len(files) < 3 else 0)
