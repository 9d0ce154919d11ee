// Reads each YAML file of a folder with js-yaml and with yaml, by the rules of YAML 1.2 and 1.1, and compares with the JSON
// file of the same name.

const fs = require("node:fs");
const path = require("node:path");

const [modules, folder] = process.argv.slice(2);
const jsYaml = require(path.join(modules, "js-yaml"));
const yaml = require(path.join(modules, "yaml"));

const readers = {
  "js-yaml": (text) => jsYaml.load(text),
  "yaml 1.2": (text) => yaml.parse(text, { version: "1.2", schema: "core" }),
  "yaml 1.1": (text) => yaml.parse(text, { version: "1.1", schema: "yaml-1.1" }),
};

function* differences(found, expected, place) {
  const isObject = (value) => value !== null && typeof value === "object" && !(value instanceof Date);
  if (isObject(found) && isObject(expected) && Array.isArray(found) === Array.isArray(expected)) {
    for (const key of new Set([...Object.keys(found), ...Object.keys(expected)])) {
      const where = `${place}/${key.slice(0, 100)}`;
      if (!Object.hasOwn(found, key) || !Object.hasOwn(expected, key)) yield `${where}: is on one side alone`;
      else yield* differences(found[key], expected[key], where);
    }
  } else if (found !== expected) {
    yield `${place}: ${typeof found} ${String(found).slice(0, 100)} for ${JSON.stringify(expected).slice(0, 100)}`;
  }
}

const names = fs.readdirSync(folder).filter((name) => name.endsWith(".json")).sort();
const findings = names.flatMap((name) => {
  const expected = JSON.parse(fs.readFileSync(path.join(folder, name), "utf8"));
  const text = fs.readFileSync(path.join(folder, name.replace(/json$/, "yaml")), "utf8");
  return Object.entries(readers).flatMap(([reader, read]) => {
    try {
      return [...differences(read(text), expected, `${reader}, ${path.parse(name).name}`)];
    } catch (error) {
      return [`${reader}, ${name}: ${error.message}`];
    }
  });
});
console.log([...findings.slice(0, 200), `${names.length} files, ${findings.length} findings`].join("\n"));
process.exit(findings.length > 0 || names.length < 3 ? 1 : 0);
