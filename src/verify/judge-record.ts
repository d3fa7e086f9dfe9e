import { ERROR_CODES } from '#base';
import type { Manifest } from '#manifest';
import { environmentChecks } from './environment-checks.ts';
import type { Ports } from './find-signer.ts';
import { logChecks as inLogs } from './log-checks.ts';
import { sealChecks } from './seal-checks.ts';
import { codeChecks, dataChecks, modelChecks, outputChecks } from './file-checks.ts';
import { namedFileCheck } from './named-file-check.ts';
import { readRecord, type ReadRecord } from './read-record.ts';
import { listChecks } from './list-checks.ts';
import { eventChecks, identityChecks, logChecks, objectChecks, subjectChecks, viewCheck } from './record-checks.ts';
import type { Check, CheckName, Evidence, Question, Verdict } from './verdict.ts';
import { verdictOf } from './verdict-of.ts';

/**
 * The answer to "is this record intact, and are its outputs as recorded", and to what `question` asks beyond that. Every
 * check is listed with its outcome; those outside the question as not asked. Never throws, whatever the bytes.
 */
export const judgeRecord = (question: Question, evidence: Evidence, ports: Ports): Verdict => {
  const record = readRecord(evidence.document, ports.crypto);
  const { manifest } = record;
  const checks = manifest === undefined ? unjudged(record) : [...record.checks, ...judged(question, evidence, { record, manifest, ports })];
  return {
    kind: verdictOf(checks),
    question: questionText(question),
    checks,
    ...(record.sha256 === undefined ? {} : { manifestSha256: record.sha256 }),
    ...(manifest === undefined
      ? {}
      : { run: { id: manifest.run.id, ...(manifest.run.name === undefined ? {} : { name: manifest.run.name }) }, trust: manifest.capture.trust.kind }),
    gaps: manifest?.capture.gaps ?? [],
    ...(record.newer ? { code: 'TL0202' } : {}),
    unknownFields: record.unknownFields,
  };
};

const questionText = (question: Question): string => {
  const more = [
    ...(question.model ? ['is there a model'] : []),
    ...(question.data ? ['is the data as recorded'] : []),
    ...(question.environment ? ['are code, software and machine as recorded'] : []),
    ...(question.time ? ['did an authority date it'] : []),
    ...(question.log ? ['is it in a log that counts here'] : []),
  ];
  const whose = question.signature || question.time ? ', and signed with a key that counts here' : '';
  return `is the record intact${whose}${question.leavesOutputs === true ? '' : ', and are its outputs as recorded'}${more.map((part) => `, ${part}`).join('')}?`;
};

const judged = (
  question: Question,
  evidence: Evidence,
  { record, manifest, ports }: { readonly record: ReadRecord; readonly manifest: Manifest; readonly ports: Ports },
): readonly Check[] => [
  ...identityChecks(record, evidence),
  viewCheck(record, evidence),
  ...subjectChecks(record, manifest, ports.crypto),
  ...namedFileCheck(evidence.named, { record, manifest, crypto: ports.crypto }),
  ...eventChecks(manifest, evidence),
  ...logChecks(manifest, evidence),
  ...objectChecks(manifest, evidence),
  ...listChecks(manifest, evidence, ports.crypto),
  ...(question.leavesOutputs === true ? [notAsked('outputs', 'they are looked at elsewhere')] : outputChecks(manifest, evidence.files)),
  ...(question.model ? modelChecks(manifest, evidence.files) : [notAsked('model', '--model asks it')]),
  ...(question.data ? dataChecks(manifest, evidence.files) : [notAsked('data', '--data asks it')]),
  ...(question.environment
    ? [...codeChecks(manifest, evidence.files), ...environmentChecks(manifest, evidence)]
    : [notAsked('code', '--env asks it'), notAsked('environment', '--env asks it')]),
  ...provenanceChecks(question, evidence, { record, manifest, ports }),
];

/** Whose record it is, since when it exists, and whether a log has it. */
const provenanceChecks = (
  question: Question,
  evidence: Evidence,
  { record, manifest, ports }: { readonly record: ReadRecord; readonly manifest: Manifest; readonly ports: Ports },
): readonly Check[] => {
  const logged = inLogs(record.sha256, evidence.logged, ports);
  const sealed = { statement: record.statement, predicateType: record.predicateType, asksTime: question.time, witnessed: logged.times, claimed: manifest.run };
  return [
    ...(question.signature || question.time
      ? sealChecks(sealed, evidence.seal, ports)
      : [notAsked('signature', '--intact leaves it out'), notAsked('trust', '--intact leaves it out')]),
    ...(question.time ? [] : [notAsked('time', '--time asks it')]),
    ...(question.log ? logged.checks : [notAsked('log', '--log asks it')]),
  ];
};

const notAsked = (name: CheckName, because: string): Check => ({ name, outcome: 'not-asked', because });

/** A record that cannot be read, or must not be judged by this version: nothing else is known. */
const unjudged = (record: ReadRecord): readonly Check[] => {
  const because = record.newer ? `${ERROR_CODES.TL0202.title}: it must not be judged` : 'the record cannot be read';
  // What a later version means by its payload is not known: nothing about it can be broken for this one.
  const own = record.checks.map((check): Check => (record.newer && check.outcome === 'broken' ? { ...check, outcome: 'unknown' } : check));
  return [...own, ...(['identity', 'view', 'subjects', 'events', 'objects', 'outputs'] as const).map((name): Check => ({ name, outcome: 'unknown', because }))];
};
