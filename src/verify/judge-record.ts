import { type Crypto, ERROR_CODES } from '#base';
import type { Manifest } from '#manifest';
import { environmentChecks } from './environment-checks.ts';
import { codeChecks, dataChecks, modelChecks, outputChecks } from './file-checks.ts';
import { readRecord, type ReadRecord } from './read-record.ts';
import { listChecks } from './list-checks.ts';
import { eventChecks, identityChecks, logChecks, objectChecks, subjectChecks, viewCheck } from './record-checks.ts';
import type { Check, CheckName, Evidence, Question, Verdict } from './verdict.ts';
import { verdictOf } from './verdict-of.ts';

/**
 * The answer to "is this record intact, and are its outputs as recorded", and to what `question` asks beyond that. Every
 * check is listed with its outcome; those outside the question as not asked. Never throws, whatever the bytes.
 */
export const judgeRecord = (question: Question, evidence: Evidence, crypto: Crypto): Verdict => {
  const record = readRecord(evidence.document, crypto);
  const { manifest } = record;
  const checks = manifest === undefined ? unjudged(record) : [...record.checks, ...judged(question, evidence, { record, manifest, crypto })];
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
  ];
  return `is the record intact, and are its outputs as recorded${more.map((part) => `, ${part}`).join('')}?`;
};

const judged = (
  question: Question,
  evidence: Evidence,
  { record, manifest, crypto }: { readonly record: ReadRecord; readonly manifest: Manifest; readonly crypto: Crypto },
): readonly Check[] => [
  ...identityChecks(record, evidence),
  viewCheck(record, evidence),
  ...subjectChecks(record, manifest, crypto),
  ...eventChecks(manifest, evidence),
  ...logChecks(manifest, evidence),
  ...objectChecks(manifest, evidence),
  ...listChecks(manifest, evidence, crypto),
  ...outputChecks(manifest, evidence.files),
  ...(question.model ? modelChecks(manifest, evidence.files) : [notAsked('model', '--model asks it')]),
  ...(question.data ? dataChecks(manifest, evidence.files) : [notAsked('data', '--data asks it')]),
  ...(question.environment
    ? [...codeChecks(manifest, evidence.files), ...environmentChecks(manifest, evidence)]
    : [notAsked('code', '--env asks it'), notAsked('environment', '--env asks it')]),
  notAsked('signature', 'the record carries none'),
];

const notAsked = (name: CheckName, because: string): Check => ({ name, outcome: 'not-asked', because });

/** A record that cannot be read, or must not be judged by this version: nothing else is known. */
const unjudged = (record: ReadRecord): readonly Check[] => {
  const because = record.newer ? `${ERROR_CODES.TL0202.title}: it must not be judged` : 'the record cannot be read';
  // What a later version means by its payload is not known: nothing about it can be broken for this one.
  const own = record.checks.map((check): Check => (record.newer && check.outcome === 'broken' ? { ...check, outcome: 'unknown' } : check));
  return [...own, ...(['identity', 'view', 'subjects', 'events', 'objects', 'outputs'] as const).map((name): Check => ({ name, outcome: 'unknown', because }))];
};
