import { type Reading, toHex, utf8 } from '#base';
import { nodeCrypto } from '#files';
import {
  chainOf,
  correctionProblem,
  deprecationHits,
  HISTORY_KINDS,
  type HistoryDocument,
  type HistoryKind,
  promotionsOf,
  readHistory,
  sortHistory,
  standingDeprecations,
} from '#history';
import { nodeSshPorts, nodeVerifySignature, nodeVerifyWith } from '#keys';
import { fitsRange, readVersionRange } from '#manifest';
import {
  amendmentStatement,
  deploymentStatement,
  readDeployment,
  deprecationStatement,
  promotionStatement,
  readAmendment,
  readDeprecation,
  readPromotion,
  readRemediation,
  readReversion,
  remediationStatement,
  reversionStatement,
} from '#statements';
import { readTrust } from '#trust';
import { judgeHistory } from '#verify';
import { valueOf } from '../../fixtures/log-keys.ts';
import { trainingManifest } from '../../fixtures/training-manifest.ts';
import { bundleBytes, fixedTrust, json } from '../seeds/documents.ts';
import { demand, kindOfMessage, readingTarget, type Target } from '../engine/target.ts';

const manifest = trainingManifest();
const ROOT = 'a'.repeat(64);
const record = { runId: 'one', manifestSha256: ROOT };
const AT = '2026-11-26T12:00:00.000Z';
const word = { person: 'ben', reason: 'renamed' };
const of = [
  { kind: 'run', ...record },
  { kind: 'snapshot', snapshotSha256: ROOT, listSha256: ROOT, name: 'digits' },
  { kind: 'package', name: 'numpy', versions: '>=1,<2' },
  { kind: 'field', path: '/model/tier' },
] as const;

const plan = { record, environment: 'production', policySha256: ROOT, before: { decision: 'denied', factsSha256: ROOT }, ...word, statedAt: AT } as const;
const restore = {
  kind: 'restore-file',
  how: 'automatic',
  findings: [{ id: 'TL2002', about: 'predict.py' }],
  changes: 'predict.py gets its recorded bytes',
  risk: 'none',
  commands: ['git checkout abc -- predict.py'],
  files: [{ path: 'predict.py', sha256: ROOT, before: 'b'.repeat(64) }],
} as const;
const ask = { kind: 'ask-approval', how: 'manual', findings: [{ id: 'TL1003' }], changes: 'people look', risk: 'they may say no', commands: [] } as const;

const SEEDS: Readonly<Record<HistoryKind, readonly Uint8Array[]>> = {
  amendment: [
    valueOf(amendmentStatement({ record, supersedes: ROOT, pointer: '/model/owner', before: 'ann', after: 'ben', ...word, amendedAt: AT }, nodeCrypto)).payload,
    valueOf(amendmentStatement({ record, supersedes: ROOT, pointer: '/model/limitations', after: ['children'], ...word, amendedAt: AT }, nodeCrypto)).payload,
  ],
  deprecation: of.map((one) => valueOf(deprecationStatement({ of: one, from: AT, replacement: 'numpy 2', ...word, deprecatedAt: AT }, nodeCrypto)).payload),
  promotion: [
    valueOf(
      promotionStatement(
        {
          record,
          environment: 'production',
          sharePercent: 10,
          replaces: { runId: 'two', manifestSha256: 'b'.repeat(64) },
          follows: ['c'.repeat(64), 'd'.repeat(64)],
          takesBack: 'd'.repeat(64),
          allowedBy: { policySha256: ROOT, differenceSha256: ROOT, actors: ['ann'], approvals: [ROOT] },
          ...word,
          promotedAt: AT,
        },
        nodeCrypto,
      ),
    ).payload,
  ],
  deployment: [
    valueOf(
      deploymentStatement(
        { record, environment: 'production', place: 'web-1', modelSha256: ROOT, gate: { policySha256: ROOT, factsSha256: ROOT }, follows: ['c'.repeat(64)], ...word, gatedAt: AT },
        nodeCrypto,
      ),
    ).payload,
  ],
  reversion: [valueOf(reversionStatement({ of: { kind: 'amendment', sha256: ROOT }, ...word, revertedAt: AT }, nodeCrypto)).payload],
  remediation: [
    valueOf(remediationStatement({ ...plan, phase: 'plan', actions: [restore, ask] }, nodeCrypto)).payload,
    valueOf(
      remediationStatement(
        {
          ...plan,
          phase: 'applied',
          plan: ROOT,
          after: { decision: 'undecided', factsSha256: 'c'.repeat(64) },
          actions: [{ ...restore, outcome: { state: 'done', because: 'seen', stdoutSha256: ROOT, stderrSha256: ROOT } }, ask],
        },
        nodeCrypto,
      ),
    ).payload,
  ],
};

const builderOf = (document: HistoryDocument): Uint8Array => {
  switch (document.kind) {
    case 'amendment':
      return valueOf(amendmentStatement(document.amendment, nodeCrypto)).payload;
    case 'deprecation':
      return valueOf(deprecationStatement(document.deprecation, nodeCrypto)).payload;
    case 'promotion':
      return valueOf(promotionStatement(document.promotion, nodeCrypto)).payload;
    case 'deployment':
      return valueOf(deploymentStatement(document.deployment, nodeCrypto)).payload;
    case 'reversion':
      return valueOf(reversionStatement(document.reversion, nodeCrypto)).payload;
    case 'remediation':
      return valueOf(remediationStatement(document.remediation, nodeCrypto)).payload;
  }
};

/** Whatever a document says, its effect is bounded: nothing that was captured reads otherwise. */
const keepsFacts = (document: HistoryDocument): void => {
  const sha256 = toHex(nodeCrypto.sha256(builderOf(document)));
  const { amendments, deprecations, promotions, reversions } = sortHistory([{ sha256, person: 'ben', isAdmin: false, document }]);
  const { view } = chainOf({ manifest, manifestSha256: ROOT, amendments, reversions });
  for (const section of ['parameters', 'dependencies', 'code', 'environment', 'outputs', 'processes', 'capture'] as const)
    demand(JSON.stringify(view[section]) === JSON.stringify(manifest[section]), `an amendment changed ${section}`);
  demand(JSON.stringify(view.evaluation.metrics) === JSON.stringify(manifest.evaluation.metrics), 'an amendment changed a metric');
  for (const { running } of promotionsOf({ promotions, isSolo: false })) demand(running.reduce((sum, one) => sum + one.sharePercent, 0) <= 100, 'more than everything runs');
  deprecationHits(standingDeprecations({ deprecations, reversions, now: AT }), { manifest, manifestSha256: ROOT });
};

const READ: Readonly<Record<HistoryKind, (bytes: Uint8Array) => Reading<object>>> = {
  amendment: readAmendment,
  deprecation: (bytes) => readDeprecation(bytes, nodeCrypto),
  promotion: readPromotion,
  deployment: readDeployment,
  reversion: readReversion,
  remediation: readRemediation,
};

const reader = (kind: HistoryKind): Target =>
  readingTarget(kind, 'json', {
    seeds: () => SEEDS[kind],
    read: READ[kind],
    holds: (_, bytes) => {
      const document = valueOf(readHistory(kind, bytes, nodeCrypto));
      keepsFacts(document);
      demand(valueOf(readHistory(kind, builderOf(document), nodeCrypto)).kind === kind, 'a document cannot be read when it is written again');
    },
  });

const PORTS = { crypto: nodeCrypto, verifySignature: nodeVerifySignature, verifyWith: nodeVerifyWith, sha512: nodeSshPorts.sha512 };
const TRUST = { kind: 'accepted', trust: valueOf(readTrust(json(fixedTrust()), nodeCrypto)) } as const;

/** The key of the seeds may sign records only. */
const judged: Target = {
  name: 'judged-history',
  grammar: 'json',
  seeds: () => HISTORY_KINDS.map((kind) => bundleBytes(SEEDS[kind][0]!)),
  run: (bytes) => {
    const answer = judgeHistory({ signed: { kind: 'bundle', bytes }, trust: TRUST, authorities: [], own: [] }, PORTS);
    demand(answer.kind !== 'signed', 'a document counts of a key that may not say it');
    return `${answer.kind} ${kindOfMessage(answer.because)}`;
  },
};

const range: Target = {
  name: 'version-range',
  grammar: 'lines',
  seeds: () => ['>=1.0,<1.6.2', '==1!2.0rc1', '*', '1.2.post3', '!=2.0+cu121, > 1'].map(utf8),
  run: (bytes) => {
    const read = readVersionRange(Buffer.from(bytes).toString());
    if (read === undefined) return 'none';
    demand(['yes', 'no', 'unknown'].includes(fitsRange('1.26.4', read)), 'no answer');
    return `${read.length}`;
  },
};

const place: Target = {
  name: 'corrected-place',
  grammar: 'lines',
  seeds: () => ['/model/owner', '/data/0/licence', '/run/tags/a~1b', '/outputs/0/sha256'].map(utf8),
  run: (bytes) => {
    const problem = correctionProblem(manifest, Buffer.from(bytes).toString());
    demand(!/[\u0000-\u001f\u007f]/.test(problem ?? ''), 'a control character in a sentence');
    return problem === undefined ? 'may' : kindOfMessage(problem);
  },
};

export const HISTORIES: readonly Target[] = [...HISTORY_KINDS.map(reader), judged, range, place];
