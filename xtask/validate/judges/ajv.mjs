// What ajv says of payloads. Reads schemas.json and payloads.jsonl of the folder given, writes ajv.jsonl: the rule that
// a payload breaks, or null.
//
//     node ajv.mjs FOLDER NODE_MODULES

import { createReadStream, createWriteStream, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";

const [folder, modules] = process.argv.slice(2);
const Ajv = createRequire(join(resolve(modules), "ajv", "package.json"))("ajv/dist/2020.js").default;

const schemas = JSON.parse(readFileSync(join(folder, "schemas.json"), "utf8"));
// The formats of the contract say how wide a number is and what a text means: notes, by JSON Schema's own account.
const ajv = new Ajv({ strict: true, strictRequired: false, strictTypes: false, allowUnionTypes: true, validateFormats: false });
const verdicts = Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, ajv.compile(schema)]));

const out = createWriteStream(join(folder, "ajv.jsonl"));
for await (const line of createInterface({ input: createReadStream(join(folder, "payloads.jsonl")) })) {
  const { operation, part, text } = JSON.parse(line);
  const verdict = verdicts[`${operation}.${part}`];
  const rule = verdict(JSON.parse(text)) ? null : verdict.errors[0].keyword;
  out.write(`${JSON.stringify(rule)}\n`);
}
out.end();
