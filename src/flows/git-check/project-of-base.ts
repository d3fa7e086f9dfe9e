import { posix } from 'node:path';
import { type Config, readConfig, readPyproject } from '#config';
import type { ReportedFinding } from '#report';
import type { Side } from './side-of.ts';

const MAX_CONFIG = 1024 * 1024;

/** What a project declares in one state; undefined if it declares nothing. What cannot be understood declares nothing that counts. */
export const declaredIn = async (side: Side, project: string): Promise<{ readonly config: Config } | undefined> => {
  const path = `${project}trainlock.yaml`;
  const file = (await side.below([path])).get(path);
  if (file !== undefined) {
    const yaml = await side.bytes(file, MAX_CONFIG);
    const reading = yaml === undefined ? undefined : readConfig(yaml);
    return { config: reading?.kind === 'accepted' ? reading.value : {} };
  }
  const toml = await side.read(`${project}pyproject.toml`, MAX_CONFIG);
  if (toml === undefined || !Buffer.from(toml).includes('trainlock')) return undefined;
  const reading = readPyproject(toml);
  if (reading.kind === 'rejected') return { config: {} };
  return reading.value === undefined ? undefined : { config: reading.value };
};

/**
 * The project that a folder belongs to in one state, as git names it, with a slash at the end: the nearest folder upwards that declares one,
 * else the top. The change must not choose which project, and so which policy, is asked: of a change it is asked of the base.
 */
export const projectOfSide = async (side: Side, folder: string): Promise<string> => {
  for (let here = folder; here !== ''; here = `${posix.dirname(here)}/`.replace(/^\.\/$/, '')) if ((await declaredIn(side, here)) !== undefined) return here;
  return '';
};

/** What a change does to where a project is and where its records lie. `now` is the project that the change makes of it. */
export const placeFindings = async (
  sides: { readonly before: Side; readonly after: Side },
  { project, now }: { readonly project: string; readonly now: string },
): Promise<readonly ReportedFinding[]> => {
  const governed = (await sides.before.below([`${project}.trainlock/policy.yaml`, `${project}.trainlock/trust.json`])).size > 0;
  const named = (one: string): string => (one === '' ? 'the top folder' : one);
  const moved: readonly ReportedFinding[] =
    project === now
      ? []
      : [
          {
            id: 'project-changed',
            severity: governed ? 'error' : 'note',
            file: `${now}trainlock.yaml`,
            message: `the change makes ${named(now)} the project in place of ${named(project)}; asked is that of the base`,
            ...(governed ? { fix: 'keep trainlock.yaml where the base has it' } : {}),
          },
        ];
  const [then, after] = [(await declaredIn(sides.before, project))?.config.store, (await declaredIn(sides.after, project))?.config.store];
  return then === after
    ? moved
    : [
        ...moved,
        {
          id: 'store-moved',
          severity: governed ? 'warning' : 'note',
          file: `${project}trainlock.yaml`,
          message: `the change moves the store of records from ${then ?? '.trainlock'} to ${after ?? '.trainlock'}: records of the base stay where they were`,
        },
      ];
};
