import { escapeControl, EXIT, TrainlockError } from '#base';
import { checkCi, type CheckedCi } from '#flows/check-ci';
import { writeReports } from '#flows/write-reports';
import { ciMarkdown, githubAnnotations, renderCi } from '#report';
import type { CommandHandler } from '../command.ts';
import { gitPlace } from '../git-place.ts';
import { shieldedText, wantedReports } from '../report-files.ts';
import { reportedFindings } from '../reported-findings.ts';

const EXITS = { whole: EXIT.yes, refuted: EXIT.no, undecided: EXIT.undecided } as const;

/** Checks a change in CI. */
export const handle: CommandHandler = async (input, context) => {
  const { base = targetBranch(context.env), ...place } = await gitPlace(input, context);
  if (base === undefined)
    throw new TrainlockError('TL0001', 'against what? This job runs for no pull or merge request that names its target branch', { fix: 'trainlock ci check --base origin/main' });
  const checked = await checkCi({ ...place, base });
  const written = await writeReports(wantedReports(input, context), {
    findings: checked.findings,
    suite: 'trainlock ci check',
    passed: passedIn(checked),
    defaultFile: 'trainlock.yaml',
    markdown: () => ciMarkdown(checked),
  });
  const text = [renderCi(checked, { colour: context.colour }), ...written.map((file) => `wrote ${escapeControl(file)}`)].join('\n');
  return {
    exit: EXITS[checked.kind],
    text: input.flags['github'] === true ? [shieldedText(text), githubAnnotations(checked.findings)].filter((part) => part !== '').join('\n') : text,
    data: { ...checked, changes: checked.changes.map(({ comparison: _, ...change }) => change), written },
    findings: reportedFindings(checked.findings),
  };
};

/** The branch that a change is to go to, as the CI system names it. */
const targetBranch = (env: Readonly<Record<string, string | undefined>>): string | undefined => {
  const branch = env['GITHUB_BASE_REF'] || env['CI_MERGE_REQUEST_TARGET_BRANCH_NAME'];
  return branch === undefined || branch === '' ? undefined : `origin/${branch}`;
};

const passedIn = ({ looked, findings }: CheckedCi): readonly string[] => looked.map(({ file }) => file).filter((file) => !findings.some((finding) => finding.file === file));
