import { describe, expect, it } from 'vitest';
import { documentPart } from './document-part.ts';

const RUN = '20261126T173745Z-c998e829';

describe('documentPart', () => {
  it('finds a record though a folder above it, or inside it, is called a store', () => {
    const path = `vault/records/kept/${RUN}.statement.json`;
    const expected = { kind: 'record', project: '', unit: `vault/records/kept/${RUN}`, part: 'statement' };
    for (const stores of [['vault/'], ['vault/records/'], ['vault/', 'vault/records/'], ['vault/records/', 'vault/'], []]) expect(documentPart(path, stores)).toEqual(expected);
  });

  it.each([
    [`.trainlock/kept/${RUN}.statement.json`, 'record', '', `.trainlock/kept/${RUN}`, 'statement'],
    [`ml/a b/.trainlock/kept/${RUN}.statement.sigstore.json`, 'record', 'ml/a b/', `ml/a b/.trainlock/kept/${RUN}`, 'bundle'],
    [`.trainlock/kept/${RUN}.seals/provenance.sigstore.json`, 'record', '', `.trainlock/kept/${RUN}`, 'seal'],
    [`.trainlock/kept/${RUN}.proofs/signed-15ed936905a67dbc.leaf`, 'record', '', `.trainlock/kept/${RUN}`, 'leaf'],
    [`.trainlock/kept/${RUN}.proofs/signed-15ed936905a67dbc.tlog-proof`, 'record', '', `.trainlock/kept/${RUN}`, 'proof'],
    [`.trainlock/runs/${RUN}/statement.json`, 'record', '', `.trainlock/runs/${RUN}`, 'statement'],
    [`records/kept/${RUN}.manifest.json`, 'record', '', `records/kept/${RUN}`, 'view'],
    [`other project/store/kept/${RUN}.statement.json`, 'record', '', `other project/store/kept/${RUN}`, 'statement'],
    ['.trainlock/approvals/0123456789abcdef.statement.json.sig', 'approval', '', '.trainlock/approvals/0123456789abcdef', 'ssh-signature'],
    ['x/.trainlock/policy.yaml', 'policy', 'x/', 'x/.trainlock/policy.yaml', 'whole'],
    ['.trainlock/trust/v3.json', 'trust', '', '.trainlock/trust/v3.json', 'statement'],
    ['.trainlock/trust.json', 'trust', '', '.trainlock/trust.json', 'whole'],
    ['.trainlock/snapshots/20261126T173745Z-c998e829.erasure.json', 'snapshot', '', '.trainlock/snapshots/20261126T173745Z-c998e829.erasure.json', 'statement'],
    ['models/m.joblib.trainlock.json', 'sidecar', '', 'models/m.joblib.trainlock.json', 'whole'],
  ])('%s is part of a %s', (path, kind, project, unit, part) => {
    expect(documentPart(path, ['records/'])).toEqual({ kind, project, unit, part });
  });

  it.each([
    'train.py',
    '.trainlock/.gitignore',
    '.trainlock/kept/.gitattributes',
    '.trainlock/kept/notes.md',
    'trainlock/policy.yaml',
    '.trainlock/policy.yaml/x',
    'records2/kept/x',
  ])('%s is none of ours', (path) => {
    expect(documentPart(path, ['records/'])).toBeUndefined();
  });
});
