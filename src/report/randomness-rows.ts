import { countOf } from '#base';
import type { Manifest, Seed, Site } from '#manifest';
import { atMost, faint, good, type Line, open, rows, type Row, type Span } from './page.ts';
import { cut, shortPath } from './short.ts';

type Generator = Manifest['randomness']['generators'][number];

/** Can the dice be thrown again: one line for all unseeded sources of the program with where they stand, then the seeds that were given. */
export const randomnessRows = ({ randomness, processes }: Manifest): readonly Row[] => {
  const { generators, tape } = randomness;
  const given = generators.filter(({ how }) => how === 'explicit');
  const own = given.filter((generator) => !isInPackage(generator));
  const packages = randomness.packageUnseededCount ?? 0;
  const lines: readonly Line[] = [
    ...unseededLines(
      generators.filter((generator) => !isInPackage(generator)),
      workersOf(generators, processes),
    ),
    ...atMost(
      own.map((generator): Line => [`${generator.api} seeded with ${seedText(generator.seed)}`, faint(siteText(generator.site))]),
      4,
      'given seeds',
    ),
    ...(tape.length === 0 ? [] : [[`${countOf(tape.length, 'seed')} taken from the clock, kept for replay`]]),
    ...(packages + given.length - own.length === 0
      ? []
      : [[faint(`inside packages: ${countOf(packages, 'unseeded source')}, ${countOf(given.length - own.length, 'given seed')}`)]]),
    ...(randomness.differentialPrivacy === undefined ? [] : [[open(`${randomness.differentialPrivacy} is in use: its noise is never drawn from a recorded root`)]]),
    ...(randomness.hashSeed.source === 'random' ? [[open('the hash seed was left to the interpreter: the order of sets cannot be repeated')]] : []),
    ...(randomness.why === undefined ? [] : [[`why these seeds: ${randomness.why}`]]),
  ];
  if (randomness.mode === 'off') return rows('randomness', [[open('not known: no process loaded the hooks')]]);
  const unseen = processes.filter(({ hooks, end }) => hooks === 'lost' || (hooks === 'active' && end === 'abrupt')).length;
  const none: Line = [
    faint('no generator of random, NumPy or PyTorch was seen in use'),
    ...(unseen === 0 ? [] : [open(`; ${countOf(unseen, 'process', 'processes')} not seen to the end`)]),
  ];
  return rows('randomness', lines.length === 0 ? [none] : lines);
};

/** Children of one process that drew: a pool. Ranks of one training each have tasks of their own. */
const workersOf = (generators: readonly Generator[], processes: Manifest['processes']): number => {
  const ranks = new Set(processes.filter(({ rank }) => rank !== undefined).map(({ id }) => id));
  const drew = new Set(generators.filter(({ how, process }) => how === 'owned' && process.includes('.') && !ranks.has(process)).map(({ process }) => process));
  const families = new Map<string, number>();
  for (const id of drew) families.set(id.slice(0, id.lastIndexOf('.')), (families.get(id.slice(0, id.lastIndexOf('.'))) ?? 0) + 1);
  return Math.max(0, ...families.values());
};

/** What installed packages do by themselves, most of it while they are imported, is not what people ask about first. */
const isInPackage = ({ site }: Generator): boolean => /\/(site|dist)-packages\//.test(site?.file ?? '');

const unseededLines = (generators: readonly Generator[], workers: number): readonly Line[] => {
  const line = (kinds: readonly Generator['how'][], head: (count: number) => Span): readonly Line[] => {
    const places = [...new Set(generators.filter(({ how }) => kinds.includes(how)).map(({ api, site }) => `${api}${siteText(site)}`))];
    return places.length === 0 ? [] : [[head(places.length), ': ', places.slice(0, 3).join(', '), faint(places.length > 3 ? ` and ${places.length - 3} more places` : '')]];
  };
  return [
    ...line(['owned', 'tape'], (count) =>
      good(`${countOf(count, 'unseeded source')} made repeatable${workers > 1 ? ' (but which of the workers gets which task is up to the scheduler)' : ''}`),
    ),
    ...line(['unseeded'], (count) => open(`${countOf(count, 'unseeded source')} cannot be repeated`)),
  ];
};

/** Where in the code: " at train.py:12 (main)". */
const siteText = (site: Site | undefined): string =>
  site === undefined
    ? ''
    : ` at ${shortPath(site.file)}${site.line === undefined ? '' : `:${site.line}`}${site.function === undefined || site.function === '<module>' ? '' : ` (${site.function})`}`;

/** A seed as the program gave it. */
const seedText = (seed: Seed): string => {
  switch (seed.kind) {
    case 'int':
    case 'float':
      return cut(seed.value, 40);
    case 'ints':
      return `[${cut(seed.value.join(', '), 40)}]`;
    case 'text':
      return JSON.stringify(cut(seed.value, 40));
    case 'bytes':
      return `bytes ${cut(seed.value, 40)}`;
    case 'absent':
      return 'nothing';
    case 'withheld':
      return `a value that is withheld (${seed.reason})`;
  }
};
