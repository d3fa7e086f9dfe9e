import type { EnvironmentRules, Policy } from '#approval';
import { countOf } from '#base';
import { faint, type Line, open, type Page, row, rows, strong } from './page.ts';

/** Where models run by a policy, and what each place asks. */
export const environmentBlocks = ({ environments }: Pick<Policy, 'environments'>): Page =>
  environments.size === 0 ? [{ kind: 'rows', rows: row('environments', open('none: no gate has anything to ask')) }] : [...environments].flatMap(environmentPage);

const environmentPage = ([name, rules]: readonly [string, EnvironmentRules]): Page => {
  const { why, isStrict, acceptance, approvalDays, regateDays, evaluations } = rules;
  return [
    { kind: 'heading', line: [strong(name), faint(`  environment, ${isStrict ? 'strict' : 'not strict'}`)] },
    {
      kind: 'rows',
      rows: [
        ...(why === undefined ? [] : row('why', why)),
        ...row('asks', ASKED.map((what) => `${what} ${rules[what]}`).join(', ')),
        ...rows(
          'accepts',
          acceptance.map((condition): Line => [conditionText(condition)]),
        ),
        ...(approvalDays === undefined ? [] : row('approvals', `count for ${countOf(approvalDays, 'day')}`)),
        ...(regateDays === undefined ? [] : row('gated again', `every ${countOf(regateDays, 'day')}`)),
        ...(evaluations === undefined ? [] : row('evaluations', `at most ${evaluations.most} on the test set${evaluations.isProven ? ', proven by the log' : ''}`)),
        ...row('exceptions', exceptionsText(rules)),
        ...row('break-glass', breakGlassText(rules)),
      ],
    },
  ];
};

const ASKED = ['log', 'criteria', 'canary', 'replay', 'upstream', 'tolerates'] as const;

const conditionText = ({ metric, stage, split, operator, value }: EnvironmentRules['acceptance'][number]): string => {
  const where = [stage, split].filter((one) => one !== undefined).join(', ');
  return `${metric}${where === '' ? '' : ` (${where})`} ${operator} ${value}`;
};

const exceptionsText = ({ exceptions }: EnvironmentRules): string =>
  exceptions === undefined ? 'nobody may make any' : `two persons, one of them with the role ${exceptions.role}, for at most ${countOf(exceptions.days, 'day')}`;

const breakGlassText = ({ breakGlass }: EnvironmentRules): string =>
  breakGlass === undefined
    ? 'nobody may'
    : `two persons, one of them with the role ${breakGlass.role}, for at most ${countOf(breakGlass.hours, 'hour')}; reviewed by one with the role ${breakGlass.role} within ${countOf(breakGlass.reviewDays, 'day')} after its end`;
