import { userInfo } from 'node:os';
import { escapeControl, EXIT, TrainlockError } from '#base';
import { loadProject } from '#flows/load-project';
import { tagRun } from '#flows/tag-run';
import type { CommandHandler } from '../command.ts';

/** Names a run, puts tags on it or takes them off. */
export const handle: CommandHandler = async (input, context) => {
  const project = await loadProject({ workingDirectory: context.workingDirectory, env: context.env, flags: input.flags });
  const [reference, ...pairs] = input.positionals;
  const { name, remove } = input.flags;
  const tagged = await tagRun({
    projectRoot: project.projectRoot,
    storeFolder: project.storeFolder,
    workingDirectory: context.workingDirectory,
    reference: reference!,
    set: Object.fromEntries(pairs.map(pairOf)),
    remove: (remove ?? []) as readonly string[],
    ...(name === undefined ? {} : { name: String(name) }),
    by: accountName(),
    at: new Date().toISOString(),
  });
  const id = tagged.run.id.slice(0, 8);
  const tags = Object.entries(tagged.tags).map(([key, value]) => `${key}=${value}`);
  const text = `run ${id}: ${[...(tagged.name === undefined ? [] : [`name ${tagged.name}`]), ...(tags.length === 0 ? ['no tags'] : tags)].map((part) => escapeControl(part)).join(', ')}`;
  return { exit: EXIT.yes, text, data: { id: tagged.run.id, name: tagged.name ?? null, tags: tagged.tags, history: tagged.run.marks } };
};

const pairOf = (text: string): readonly [string, string] => {
  const at = text.indexOf('=');
  if (at > 0) return [text.slice(0, at), text.slice(at + 1)];
  throw new TrainlockError('TL0001', `${escapeControl(text)} is no tag`, { notes: ['a tag is KEY=VALUE'], fix: 'trainlock tag last stage=candidate' });
};

/** An account without a name in the system's list still has a number. */
const accountName = (): string => {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.() ?? 'unknown'}`;
  }
};
