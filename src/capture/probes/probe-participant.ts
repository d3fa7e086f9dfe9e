import { userInfo } from 'node:os';
import { type Participant, type Probe, seen } from '#assembly';
import { withoutUndefined } from '#base';
import { attempt } from './attempt.ts';
import { gitCommand, outputOf } from './git-command.ts';
import { readSettings } from './git-remote.ts';
import { type Host, nodeHost } from './host.ts';

type Variables = Readonly<Record<string, string | undefined>>;

export type ParticipantQuestion = { readonly directory: string; readonly environment: Variables; readonly host?: Host };

/** Variables in which CI systems name who started a job, and the address if they give it. Source: the documentation of each system. */
const ACTORS: readonly { readonly sign: string; readonly name: readonly string[]; readonly email?: string }[] = [
  { sign: 'GITHUB_ACTIONS', name: ['GITHUB_TRIGGERING_ACTOR', 'GITHUB_ACTOR'] },
  { sign: 'GITLAB_CI', name: ['GITLAB_USER_LOGIN', 'GITLAB_USER_NAME'], email: 'GITLAB_USER_EMAIL' },
  { sign: 'BUILDKITE', name: ['BUILDKITE_BUILD_CREATOR'], email: 'BUILDKITE_BUILD_CREATOR_EMAIL' },
  { sign: 'CIRCLECI', name: ['CIRCLE_USERNAME'] },
  { sign: 'TF_BUILD', name: ['BUILD_REQUESTEDFOR'], email: 'BUILD_REQUESTEDFOREMAIL' },
  { sign: 'JENKINS_URL', name: ['BUILD_USER_ID', 'BUILD_USER'], email: 'BUILD_USER_EMAIL' },
  { sign: 'BITBUCKET_BUILD_NUMBER', name: ['BITBUCKET_STEP_TRIGGERER_UUID'] },
  { sign: 'DRONE', name: ['DRONE_COMMIT_AUTHOR'], email: 'DRONE_COMMIT_AUTHOR_EMAIL' },
];

/** Who started the run: the actor of a CI job, else the name in git's configuration, else the account. Claimed, never proven. */
export const probeParticipant = (question: ParticipantQuestion): Promise<Probe<Participant>> =>
  attempt<Participant>('the participant', async () => {
    const account = accountOf();
    const actor = actorOf(question.environment);
    if (actor !== undefined) return seen(withoutUndefined({ ...actor, account }));
    const git = gitCommand({ host: question.host ?? nodeHost, environment: question.environment, directory: question.directory, timeoutMs: 5000 });
    const settings = readSettings(outputOf(await git(['config', '-z', '--get-regexp', '^user\\.(name|email)$'])) ?? Buffer.alloc(0));
    const name = settings.get('user.name')?.trim() ?? '';
    const email = settings.get('user.email')?.trim() ?? '';
    if (name !== '' || email !== '')
      return seen(
        withoutUndefined({
          kind: 'person' as const,
          name: (name === '' ? email : name).slice(0, 1024),
          email: email === '' ? undefined : email.slice(0, 1024),
          account,
          source: 'git-config' as const,
        }),
      );
    // Source: login.defs(5): accounts below 1000 belong to the system.
    return seen({ kind: (process.getuid?.() ?? 1000) < 1000 ? ('machine' as const) : ('person' as const), name: account, account, source: 'os-account' as const });
  });

const actorOf = (environment: Variables): Omit<Participant, 'account'> | undefined => {
  const system = ACTORS.find((one) => (environment[one.sign] ?? '') !== '');
  if (system === undefined) return undefined;
  const name = system.name.map((variable) => environment[variable]).find((value) => value !== undefined && value !== '');
  const email = system.email === undefined ? undefined : environment[system.email];
  if (name === undefined) return { kind: 'machine', name: 'ci', source: 'ci' };
  return withoutUndefined({
    kind: /\[bot\]$|^(?:gitlab-bot|dependabot|renovate)/.test(name) ? ('machine' as const) : ('person' as const),
    name: name.slice(0, 1024),
    email: email === undefined || email === '' ? undefined : email.slice(0, 1024),
    source: 'ci' as const,
  });
};

/** An account without an entry in the user database is its number. */
const accountOf = (): string => {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.() ?? 'unknown'}`;
  }
};
