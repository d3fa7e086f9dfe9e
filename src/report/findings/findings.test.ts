import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Crypto } from '#base';
import { codeQuality, githubAnnotations, junit, type ReportedFinding, sarif, withoutGithubCommands } from '../index.ts';

const crypto = { sha256: (bytes: Uint8Array) => new Uint8Array(createHash('sha256').update(bytes).digest()) } as unknown as Crypto;
const options = { defaultFile: 'trainlock.yaml' };

const findings: readonly ReportedFinding[] = [
  {
    id: 'approval-outstanding',
    severity: 'warning',
    message: 'rule data-change needs 1 more × approver-data',
    file: '.trainlock/kept/a.statement.json',
    fix: 'trainlock approve a',
  },
  { id: 'record-rewritten', severity: 'error', message: '100% sure: a, b', file: 'ml models/ü,:%.json', line: 3 },
  { id: 'no-policy', severity: 'note', message: 'first\nsecond' },
];

const hostile = fc.array(
  fc.record(
    {
      id: fc.constantFrom('record-rewritten', 'no-policy', 'TL1301'),
      severity: fc.constantFrom('error' as const, 'warning' as const, 'note' as const),
      message: fc.string({ unit: 'binary' }),
      file: fc.string({ unit: 'binary', minLength: 1 }),
      line: fc.integer({ min: 1, max: 99 }),
      fix: fc.string({ unit: 'binary' }),
    },
    { requiredKeys: ['id', 'severity', 'message'] },
  ) as fc.Arbitrary<ReportedFinding>,
  { maxLength: 6 },
);

describe('githubAnnotations', () => {
  it('writes the worst first, and escapes percent, line ends, colons and commas as a runner reads them', () => {
    expect(githubAnnotations(findings).split('\n')).toEqual([
      '::error file=ml models/ü%2C%3A%25.json,line=3,title=trainlock%3A record-rewritten::100%25 sure: a, b',
      '::warning file=.trainlock/kept/a.statement.json,title=trainlock%3A approval-outstanding::rule data-change needs 1 more × approver-data%0Afix: trainlock approve a',
      '::notice title=trainlock%3A no-policy::first%0Asecond',
    ]);
  });

  it('is one command a line, whatever was recorded', () => {
    fc.assert(
      fc.property(hostile, (some) => {
        const lines = githubAnnotations(some).split('\n');
        expect(lines.length).toBe(Math.max(1, some.length));
        for (const line of some.length === 0 ? [] : lines)
          expect(line).toMatch(/^::(?:error|warning|notice) (?:file=[^,:]+,)?(?:line=\d+,)?title=trainlock%3A [A-Za-z0-9-]+::[^\r\n]*$/);
      }),
    );
  });

  it('keeps text from being a command', () => {
    expect(withoutGithubCommands('::add-mask::x\n##[add-mask]x', 'k3')).toBe('::stop-commands::k3\n::add-mask::x\n##[add-mask]x\n::k3::');
    expect(withoutGithubCommands('', 'k3')).toBe('');
  });
});

type Sarif = {
  readonly $schema: string;
  readonly version: string;
  readonly runs: readonly {
    readonly tool: { readonly driver: { readonly rules: readonly { readonly id: string; readonly fullDescription: { readonly text: string } }[] } };
    readonly results: readonly {
      readonly ruleId: string;
      readonly ruleIndex: number;
      readonly level: string;
      readonly message: { readonly text: string };
      readonly locations: readonly { readonly physicalLocation: { readonly artifactLocation: { readonly uri: string }; readonly region?: { readonly startLine: number } } }[];
      readonly partialFingerprints: Readonly<Record<string, string>>;
    }[];
  }[];
};

const sarifOf = (some: readonly ReportedFinding[]): Sarif => JSON.parse(sarif(some, options, crypto)) as Sarif;

describe('sarif', () => {
  it('has a rule with its meaning for each id, and a place for each result', () => {
    const [run] = sarifOf(findings).runs;
    expect(run!.tool.driver.rules.map(({ id }) => id)).toEqual(['approval-outstanding', 'no-policy', 'record-rewritten']);
    expect(run!.results.map(({ ruleId, level, locations: [place] }) => [ruleId, level, place!.physicalLocation.artifactLocation.uri, place!.physicalLocation.region])).toEqual([
      ['record-rewritten', 'error', 'ml%20models/%C3%BC%2C%3A%25.json', { startLine: 3 }],
      ['approval-outstanding', 'warning', '.trainlock/kept/a.statement.json', undefined],
      ['no-policy', 'note', 'trainlock.yaml', undefined],
    ]);
  });

  it('keeps the fingerprint of a finding when digests and numbers in its words change, and tells equal ones apart', () => {
    const one = (message: string): ReportedFinding => ({ id: 'x', severity: 'error', message, file: 'a' });
    const prints = (some: readonly ReportedFinding[]): readonly string[] => sarifOf(some).runs[0]!.results.map((result) => result.partialFingerprints['trainlock/v1']!);
    expect(prints([one('policy 0f0f0f0f is older than 3 days')])).toEqual(prints([one('policy a1b2c3d4e5 is older than 12 days')]));
    expect(new Set(prints([one('same'), one('same'), one('other')])).size).toBe(3);
  });

  it('has the members that SARIF 2.1.0 demands, and URI references that can be read back, whatever was recorded', () => {
    fc.assert(
      fc.property(hostile, (some) => {
        const log = sarifOf(some);
        expect([log.version, log.runs.length]).toEqual(['2.1.0', 1]);
        const [{ tool, results }] = log.runs as readonly [Sarif['runs'][number]];
        expect(results.length).toBe(some.length);
        for (const { ruleId, ruleIndex, level, message, locations, partialFingerprints } of results) {
          expect(tool.driver.rules[ruleIndex]!.id).toBe(ruleId);
          expect(['error', 'warning', 'note']).toContain(level);
          expect(typeof message.text).toBe('string');
          const { uri } = locations[0]!.physicalLocation.artifactLocation;
          expect(uri).toMatch(/^[A-Za-z0-9\-._~!*'()%/]+$/);
          expect(decodeURIComponent(uri)).toBe(
            (some.find((one) => one.id === ruleId && (one.file ?? options.defaultFile).toWellFormed() === decodeURIComponent(uri))?.file ?? options.defaultFile).toWellFormed(),
          );
          expect(partialFingerprints['trainlock/v1']).toMatch(/^[0-9a-f]{32}:[1-9][0-9]*$/);
        }
      }),
    );
  });

  it('leaves out what no host takes, and says how many', () => {
    const results = sarifOf(Array.from({ length: 6000 }, (_, at): ReportedFinding => ({ id: 'x', severity: 'error', message: `m${at}` }))).runs[0]!.results;
    expect(results.length).toBe(5000);
    expect(results.at(-1)!.message.text).toBe('1001 more findings are left out here; the command itself lists them');
  });
});

describe('junit', () => {
  it('fails for a definite no, errs for what is undecided, and passes what was found right', () => {
    expect(junit(findings.slice(1).concat(findings[0]!), { suite: 'ci check', passed: ['kept/b.statement.json'] })).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="trainlock" tests="4" failures="1" errors="1">
  <testsuite name="ci check" tests="4" failures="1" errors="1">
    <testcase classname="ci check" name="record-rewritten: ml models/ü,:%.json" file="ml models/ü,:%.json" line="3">
      <failure type="record-rewritten" message="100% sure: a, b">100% sure: a, b</failure>
    </testcase>
    <testcase classname="ci check" name="no-policy">
      <system-out>first
second</system-out>
    </testcase>
    <testcase classname="ci check" name="approval-outstanding: .trainlock/kept/a.statement.json" file=".trainlock/kept/a.statement.json">
      <error type="approval-outstanding" message="rule data-change needs 1 more × approver-data">rule data-change needs 1 more × approver-data
fix: trainlock approve a</error>
    </testcase>
    <testcase classname="ci check" name="kept/b.statement.json"/>
  </testsuite>
</testsuites>
`);
  });

  it('is XML with only the elements that it wrote, whatever was recorded', () => {
    fc.assert(
      fc.property(hostile, (some) => {
        const text = junit(some, { suite: 'ci check', passed: [] });
        expect(text).not.toMatch(/[\u0000-\u0008\u000b-\u001f\ufffe\uffff]/);
        expect(text.isWellFormed()).toBe(true);
        expect(text.match(/<(?!\/?(?:testsuites?|testcase|failure|error|system-out)[\s>]|\?xml version="1.0")/g)).toBeNull();
        expect(text.match(/&(?!amp;|lt;|gt;|quot;|#39;)/g)).toBeNull();
        expect(text.split('<testcase ').length - 1).toBe(some.length);
      }),
    );
  });
});

describe('codeQuality', () => {
  it('has what GitLab demands of each finding', () => {
    expect(JSON.parse(codeQuality(findings, options, crypto))).toEqual([
      {
        description: '100% sure: a, b',
        check_name: 'record-rewritten',
        fingerprint: expect.stringMatching(/^[0-9a-f]{32}:1$/),
        severity: 'critical',
        location: { path: 'ml models/ü,:%.json', lines: { begin: 3 } },
      },
      expect.objectContaining({ check_name: 'approval-outstanding', severity: 'major' }),
      expect.objectContaining({ check_name: 'no-policy', severity: 'info', location: { path: 'trainlock.yaml', lines: { begin: 1 } } }),
    ]);
  });
});
