import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { TrainlockError } from '#base';
import { type LockEntry, type PackageWish, packageMoves, readPipReport, requirementOf, type ResolvedPackage } from '#environment';
import type { Dependencies } from '#manifest';
import type { Pip } from './pip.ts';

export type ResolveQuestion = {
  readonly pip: Pip;
  /** The interpreter for which packages are chosen; nothing is installed for it. */
  readonly target: string;
  /** Recorded packages as they can be had again. */
  readonly entries: readonly LockEntry[];
  readonly distributions: Dependencies['distributions'];
  readonly wishes: readonly PackageWish[];
  /** Where pip takes packages from and whether it may build some, as options. */
  readonly sources: readonly string[];
  /** An existing folder for files of ours. */
  readonly folder: string;
  readonly say: (line: string) => void;
};

/** More packages than this are not tried one by one. */
const MOST_TRIED = 25;

/**
 * Lets pip choose the packages of a run with the wished versions. All others stay as they were if that is possible; else those that the
 * wished ones need or that need them may move, and each that turns out not to have to is held again. Throws TL0505 with the words of
 * pip if nothing fits.
 */
export const resolvePackages = async (question: ResolveQuestion): Promise<readonly ResolvedPackage[]> => {
  const { say, wishes, entries } = question;
  const asked = new Set(wishes.map(({ name }) => name));
  try {
    const held = await resolve(question, new Set());
    const isMoved = movedIn(question, held).some((name) => asked.has(name));
    if (isMoved || wishes.every(({ version }) => version !== undefined)) return held;
  } catch (error) {
    if (!(error instanceof TrainlockError) || error.code !== 'TL0505') throw error;
  }
  say('with all other packages as they were nothing fits; those that depend on each other may move');
  const related = await relatedTo(question, asked);
  const loose = new Set(entries.map(({ name }) => name).filter((name) => related.has(name) && !asked.has(name)));
  return holdAgain(question, await resolve(question, loose));
};

/** Each package that has moved without being asked is held once more: what fits with it as it was does not need the move. */
const holdAgain = async (question: ResolveQuestion, first: readonly ResolvedPackage[]): Promise<readonly ResolvedPackage[]> => {
  const asked = new Set(question.wishes.map(({ name }) => name));
  const known = new Set(question.entries.map(({ name }) => name));
  const candidates = movedIn(question, first).filter((name) => known.has(name) && !asked.has(name));
  let best = first;
  let loose = new Set(candidates);
  for (const name of candidates.slice(0, MOST_TRIED)) {
    const fewer = new Set([...loose].filter((one) => one !== name));
    const tried = await resolve(question, fewer).catch(() => undefined);
    if (tried === undefined) continue;
    best = tried;
    loose = fewer;
  }
  if (candidates.length > MOST_TRIED) question.say(`${candidates.length - MOST_TRIED} packages move without having been tried as they were`);
  return best;
};

const movedIn = ({ distributions, entries }: ResolveQuestion, resolved: readonly ResolvedPackage[]): readonly string[] => {
  const known = new Set(entries.map(({ name }) => name));
  return packageMoves({ recorded: distributions.filter(({ name }) => known.has(name)), resolved, asked: new Set() }).map(({ name }) => name);
};

/** What the wished packages need in their new version, and what needed them in the run. */
const relatedTo = async (question: ResolveQuestion, asked: ReadonlySet<string>): Promise<ReadonlySet<string>> => {
  const needed = await ask(question, question.wishes.map(wishText), 'cannot find a version that fits this Python');
  const related = new Set([...asked, ...needed.map(({ name }) => name)]);
  const dependants = new Set(asked);
  const above = new Map(question.distributions.map(({ name, requiredBy = [] }) => [name, requiredBy]));
  for (const name of dependants) for (const one of above.get(name) ?? []) dependants.add(one);
  return new Set([...related, ...dependants]);
};

const wishText = ({ name, version }: PackageWish): string => (version === undefined ? name : `${name}==${version}`);

const resolve = (question: ResolveQuestion, loose: ReadonlySet<string>): Promise<readonly ResolvedPackage[]> => {
  const asked = new Set(question.wishes.map(({ name }) => name));
  const others = question.entries.filter(({ name }) => !asked.has(name)).map((entry) => (loose.has(entry.name) ? entry.name : requirementOf(entry)));
  return ask(question, [...question.wishes.map(wishText), ...others], 'finds no set of packages that fits');
};

const ask = async ({ pip, target, sources, folder }: ResolveQuestion, requirements: readonly string[], what: string): Promise<readonly ResolvedPackage[]> => {
  const [wanted, report] = [join(folder, 'wanted.txt'), join(folder, 'report.json')];
  await writeFile(wanted, `${requirements.join('\n')}\n`);
  await pip.run(target, ['install', '--quiet', '--dry-run', '--ignore-installed', '--report', report, ...sources, '--requirement', wanted], what);
  const reading = readPipReport(await readFile(report));
  if (reading.kind === 'rejected')
    throw new TrainlockError('TL0505', `what pip ${pip.version} reports cannot be used: ${reading.problems[0]!.message}`, { where: `${report} ${reading.problems[0]!.pointer}` });
  return reading.value;
};
