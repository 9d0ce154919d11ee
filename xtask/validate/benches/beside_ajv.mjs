// ajv on JSON Lines, as ajv is best used: the schema compiled once to a function, the first error enough, each line
// through JSON.parse. Several threads read a part of the file each, cut at the ends of lines. Prints the seconds that
// it took and how many lines were not valid.
//
//     node beside_ajv.mjs SCHEMAS FAMILY LINES THREADS NODE_MODULES

import { closeSync, openSync, readFileSync, readSync, fstatSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { Worker, isMainThread, parentPort, workerData } from "node:worker_threads";
import { fileURLToPath } from "node:url";

const BLOCK = 1 << 20;

function compiled({ schemas, family, modules }) {
  const Ajv = createRequire(join(resolve(modules), "ajv", "package.json"))("ajv/dist/2020.js").default;
  const ajv = new Ajv({ strict: false, allErrors: false, validateFormats: false });
  return ajv.compile(JSON.parse(readFileSync(schemas, "utf8"))[family]);
}

// Blocks as they come from the file, the rest of a line carried over to the next: no line is looked at twice.
function judged(settings, from, to) {
  const verdict = compiled(settings);
  const file = openSync(settings.lines, "r");
  const block = Buffer.allocUnsafe(BLOCK);
  let [at, rest, wrong, count] = [from, Buffer.alloc(0), 0, 0];
  const line = (bytes) => {
    if (bytes.length === 0) return;
    count += 1;
    if (!verdict(JSON.parse(bytes.toString("utf8")))) wrong += 1;
  };
  while (at < to) {
    const length = readSync(file, block, 0, Math.min(BLOCK, to - at), at);
    if (length === 0) break;
    at += length;
    let start = 0;
    for (let end = block.indexOf(10); end !== -1 && end < length; end = block.indexOf(10, start)) {
      const piece = block.subarray(start, end);
      line(rest.length > 0 ? Buffer.concat([rest, piece]) : piece);
      if (rest.length > 0) rest = Buffer.alloc(0);
      start = end + 1;
    }
    rest = Buffer.concat([rest, block.subarray(start, length)]);
  }
  line(rest);
  closeSync(file);
  return { wrong, count };
}

function cuts(path, threads) {
  const file = openSync(path, "r");
  const { size } = fstatSync(file);
  const ends = [0];
  for (let number = 1; number < threads; number += 1) {
    const near = Math.floor((size / threads) * number);
    const piece = Buffer.alloc(BLOCK);
    const length = readSync(file, piece, 0, BLOCK, near);
    ends.push(near + piece.subarray(0, length).indexOf(10) + 1);
  }
  closeSync(file);
  return [...ends, size];
}

if (isMainThread) {
  const [schemas, family, lines, threads, modules] = process.argv.slice(2);
  const settings = { schemas, family, lines, modules };
  const started = process.hrtime.bigint();
  const ends = cuts(lines, Number(threads));
  const parts = ends.slice(1).map((end, number) => [ends[number], end]);
  const work = ([from, to], number) =>
    number === parts.length - 1
      ? judged(settings, from, to)
      : new Promise((done, failed) => {
          const worker = new Worker(fileURLToPath(import.meta.url), { workerData: { settings, from, to } });
          worker.once("message", done).once("error", failed);
        });
  const found = await Promise.all(parts.map(work));
  const seconds = Number(process.hrtime.bigint() - started) / 1e9;
  const sum = (key) => found.reduce((total, part) => total + part[key], 0);
  console.log(JSON.stringify({ seconds, payloads: sum("count"), wrong: sum("wrong") }));
} else {
  const { settings, from, to } = workerData;
  parentPort.postMessage(judged(settings, from, to));
}
