import { type Crypto, escapeControl, VERSION } from '#base';
import { fingerprintsOf } from './finding-fingerprint.ts';
import { meaningOf, type ReportedFinding, sentenceOf, worstFirst } from './reported-finding.ts';

/** Most results of one file; GitHub takes 25,000 and shows 5,000. Source: GitHub, "SARIF support for code scanning". */
const MOST_RESULTS = 5000;

export type SarifOptions = {
  /** A finding without a file is shown here: code hosts refuse results without a place. Relative to the top of the repository. */
  readonly defaultFile: string;
};

/**
 * Findings as SARIF 2.1.0 in JSON, the worst first. Ids of rules are stable, fingerprints keep a finding the same from run to run. Of more
 * findings than a host takes the last result says how many are left out. Source: OASIS SARIF 2.1.0.
 */
export const sarif = (findings: readonly ReportedFinding[], { defaultFile }: SarifOptions, crypto: Crypto): string => {
  const shown = bounded(worstFirst(findings));
  const ids = [...new Set(shown.map(({ id }) => id))].toSorted();
  const fingerprints = fingerprintsOf(shown, crypto);
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'trainlock',
            version: VERSION,
            informationUri: 'https://trainlock.dev',
            rules: ids.map(ruleOf),
          },
        },
        columnKind: 'utf16CodeUnits',
        results: shown.map((finding, at) => ({
          ruleId: finding.id,
          ruleIndex: ids.indexOf(finding.id),
          level: finding.severity,
          message: { text: textOf(sentenceOf(finding)) },
          locations: [{ physicalLocation: placeOf(finding, defaultFile) }],
          partialFingerprints: { 'trainlock/v1': fingerprints[at]! },
        })),
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
};

const bounded = (findings: readonly ReportedFinding[]): readonly ReportedFinding[] => {
  if (findings.length <= MOST_RESULTS) return findings;
  const left = findings.length - MOST_RESULTS + 1;
  return [
    ...findings.slice(0, MOST_RESULTS - 1),
    { id: 'findings-left-out', severity: 'warning', message: `${left} more findings are left out here; the command itself lists them` },
  ];
};

const ruleOf = (id: string): object => {
  const meaning = meaningOf(id) ?? id;
  return { id, shortDescription: { text: id.replaceAll('-', ' ') }, fullDescription: { text: meaning }, help: { text: `${meaning}\ntrainlock explain ${id}` } };
};

const placeOf = ({ file, line }: ReportedFinding, defaultFile: string): object => ({
  artifactLocation: { uri: uriOf(file ?? defaultFile), uriBaseId: '%SRCROOT%' },
  ...(file === undefined || line === undefined ? {} : { region: { startLine: line } }),
});

/** A relative reference: a name with a colon is no scheme, and every other letter that means something there is escaped. */
const uriOf = (file: string): string => file.toWellFormed().split('/').map(encodeURIComponent).join('/');

const textOf = (text: string): string => escapeControl(text, true).toWellFormed();
