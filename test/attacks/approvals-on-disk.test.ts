import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { nodeCrypto } from '#files';
import { pemOfPublicKey } from '#seal';
import { approvalStatement, readApproval } from '#statements';
import { valueOf } from '../fixtures/log-keys.ts';
import { team } from '../git/team.ts';
import { bundleOver, type TestKey, testKey } from './signing-keys.ts';

type Step = { readonly name: string; readonly outcome: string; readonly because: string };

/** Mal may commit any file, and has a key that the trust file lists for runs only. Ben approves, and takes back. */
it('approvals that were taken back stay so, whatever somebody else signs or names', { timeout: 240_000 }, () => {
  const [mal, stranger] = [testKey(), testKey()];
  const here = team();
  const folder = join(here.folder, '.trainlock/approvals');
  writeFileSync(join(here.folder, '../mal.pub'), pemOfPublicKey(mal.publicKey));
  const policy = join(here.folder, '.trainlock/policy.yaml');
  const rules = 'environments:\n  shop: { strict: false, log: none, canary: none, criteria: none }';
  writeFileSync(policy, readFileSync(policy, 'utf8').replace(/^environments:(\n[ #].*)*/m, rules));
  for (const [who, command] of [
    ['ann', 'trainlock trust add mal --kind person --public-key ../mal.pub --role initiator --type training-run'],
    ['ben', 'for role in data model dependency; do trainlock approve second --against none --role approver-$role --reason looked --yes; done'],
  ] as const) {
    const answer = here.as(who, command);
    expect(answer, command).toMatchObject({ status: 0 });
  }

  const asked = (): Step => {
    const { output } = here.as('ann', 'trainlock gate --env shop model.txt --json 2> /dev/null || true');
    const { data } = JSON.parse(output.split('\n')[0]!) as { readonly data: { readonly decision: { readonly steps: readonly Step[] } } };
    const { name, outcome, because } = data.decision.steps.find((step) => step.name === 'approvals')!;
    return { name, outcome, because };
  };
  const statements = (): readonly string[] => readdirSync(folder).filter((name) => name.endsWith('.statement.json'));
  const [given] = statements();
  const lay = (id: string, payload: Uint8Array, key: TestKey): void => writeFileSync(join(folder, `${id}.statement.sigstore.json`), bundleOver(payload, key));
  expect(asked()).toMatchObject({ outcome: 'held' });

  const others = new Set(statements());
  expect(here.as('ben', `trainlock approve withdraw ${given!.slice(0, 12)} --reason "the row was wrong"`)).toMatchObject({ status: 0 });
  const id = statements()
    .find((name) => !others.has(name))!
    .slice(0, 16);
  const [payload, bundle] = [readFileSync(join(folder, `${id}.statement.json`)), readFileSync(join(folder, `${id}.statement.sigstore.json`))];
  const takenBack = asked();
  expect(takenBack).toMatchObject({ outcome: 'unknown' });

  for (const key of [mal, stranger]) {
    lay(id, payload, key);
    expect(asked()).toMatchObject({ outcome: 'unknown', because: expect.stringMatching(/may take an approval back, and cannot be judged/) as string });
  }
  renameSync(join(folder, `${id}.statement.sigstore.json`), join(folder, `${id}.statement.json.sig`));
  lay(id, payload, mal);
  expect(asked()).toMatchObject({ outcome: 'unknown', because: expect.stringMatching(/two signatures lie beside it/) as string });
  rmSync(join(folder, `${id}.statement.json.sig`));
  writeFileSync(join(folder, `${id}.statement.sigstore.json`), bundle);
  expect(asked()).toEqual(takenBack);

  // An approval in ben's name that mal signed, against a record that is not here: nobody asks that question.
  const { change, ...approval } = valueOf(readApproval(readFileSync(join(folder, given!))));
  const baseline = { runId: '00000000-0000-4000-8000-000000000000', manifestSha256: '5'.repeat(64) };
  const built = valueOf(approvalStatement({ ...approval, change: { ...change, baseline } }, nodeCrypto));
  const name = Buffer.from(nodeCrypto.sha256(built.payload)).toString('hex').slice(0, 16);
  writeFileSync(join(folder, `${name}.statement.json`), built.payload);
  lay(name, built.payload, mal);
  expect(asked()).toEqual(takenBack);
});
