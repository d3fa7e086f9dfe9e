// A decision of 40 rules over 200 changed places. There is no other program that decides the same, so it is set beside JSON.parse of the
// same question: what a decision costs more than reading what it is about. Usage: node bench/policy.mjs [rounds]; needs npm run build.
import { performance } from 'node:perf_hooks';
import { changeAt, judgeChange, readPolicy } from '#approval';
import { nodeCrypto } from '#files';
import { allFields } from '#manifest';
import { median } from './interleaved.mjs';

const rounds = Number(process.argv[2] ?? 200);
const PEOPLE = ['ann', 'ben', 'cleo', 'dee'];
const NAMES = PEOPLE.join(', ');
const CLASSES = ['data', 'split', 'code', 'package', 'native', 'parameter', 'seed', 'criteria', 'threads', 'hardware', 'config'];

const rule = (at) =>
  `  - { id: rule-${at}, why: so, changed: [${CLASSES[at % CLASSES.length]}, "${['/data/**', '/code/**', '/dependencies/**', '**'][at % 4]}"], require: [{ role: approver-data, count: ${1 + (at % 2)} }, { role: approver-model }] }`;
const text = `version: 1\nroles: { approver-data: [${NAMES}], approver-model: [${NAMES}] }\nrules:\n${Array.from({ length: 40 }, (_, at) => rule(at)).join('\n')}\n`;
const reading = readPolicy(Buffer.from(text), nodeCrypto);
if (reading.kind !== 'accepted') throw new Error(JSON.stringify(reading.problems));

const causes = allFields().filter((field) => CLASSES.includes(field.class));
const changes = Array.from({ length: 200 }, (_, at) => changeAt(causes[(at * 7) % causes.length].path));
const approvals = PEOPLE.flatMap((person) => ['approver-data', 'approver-model'].map((role) => ({ person, isPerson: true, role, binds: 'x' })));
const question = { changes, actors: ['ann'], approvals, binds: 'x', now: '2026-01-01T00:00:00Z' };
const json = JSON.stringify(question);

const timed = (work) => {
  const began = performance.now();
  work();
  return performance.now() - began;
};
const times = { parse: [], judge: [] };
for (let round = 0; round < rounds + 20; round += 1) {
  const parse = timed(() => JSON.parse(json));
  const judge = timed(() => judgeChange(reading.value, question));
  if (round < 20) continue;
  times.parse.push(parse);
  times.judge.push(judge);
}
const { kind } = judgeChange(reading.value, question);
console.log(`40 rules over 200 changes (${kind}): ${median(times.judge).toFixed(3)} ms, ${(median(times.judge) / median(times.parse)).toFixed(2)}x JSON.parse of the question`);
