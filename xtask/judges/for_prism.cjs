// Writes the bundled contract so that Prism can judge by it, and makes sure that it can.
//
// Prism adds null to the `enum` of whatever is nullable, even where null stands there already. Such a schema is none to
// its own engine, and a schema that its engine refuses Prism holds to be kept, in silence: every answer of this contract
// would pass. So that null is left for Prism to add, and a schema that its engine refuses is a finding.

const fs = require("node:fs");
const path = require("node:path");

const [modules, bundle, out] = process.argv.slice(2);
const from = (name) => require(path.join(modules, name));
const yaml = from("js-yaml");
const Ajv = from("ajv").default;
const { getHttpOperationsFromSpec } = from("@stoplight/prism-cli/dist/operations.js");

function rewritten(node) {
  if (Array.isArray(node)) return node.map(rewritten);
  if (node === null || typeof node !== "object") return node;
  const copy = Object.fromEntries(Object.entries(node).map(([key, value]) => [key, rewritten(value)]));
  return node.nullable === true && Array.isArray(node.enum) ? withoutNull(copy) : copy;
}

function withoutNull(schema) {
  const others = schema.enum.filter((one) => one !== null);
  return others.length > 0 ? { ...schema, enum: others } : { enum: [null] };
}

// The places and schemas of everything that Prism judges, as it reads them.
function* schemas(operation) {
  for (const { code, contents = [] } of operation.responses) {
    for (const { schema } of contents) yield [`${operation.iid}, answer ${code}`, schema];
  }
  for (const { schema } of operation.request?.body?.contents ?? []) yield [`${operation.iid}, body`, schema];
  for (const { name, schema } of operation.request?.headers ?? []) yield [`${operation.iid}, header ${name}`, schema];
}

function refusal(operation, schema) {
  const engine = new Ajv({ allErrors: true, allowUnionTypes: true, allowMatchingProperties: true, strict: false, logger: false });
  try {
    engine.compile({ ...schema, __bundled__: operation.__bundled__ });
  } catch (error) {
    return error.message;
  }
}

async function main() {
  fs.writeFileSync(out, JSON.stringify(rewritten(yaml.load(fs.readFileSync(bundle, "utf8")))));
  const operations = await getHttpOperationsFromSpec(out);
  const places = operations.flatMap((operation) => [...schemas(operation)].map((place) => [operation, ...place]));
  const refused = places.flatMap(([operation, place, schema]) => {
    const message = schema && refusal(operation, schema);
    return schema && !message ? [] : [`${place}: ${message ?? "Prism sees no schema"}`];
  });
  refused.forEach((line) => console.error(line));
  console.log(`${places.length} schemas, ${refused.length} that Prism cannot judge by`);
  process.exit(refused.length > 0 || operations.length === 0 ? 1 : 0);
}

main();
