import { countOf } from '#base';
import type { Manifest, Seed, Site } from '#manifest';
import { atMost, faint, good, type Line, open, rows, type Row, type Span } from './page.ts';
import { cut, shortPath } from './short.ts';

type Generator = Manifest['randomness']['generators'][number];

/** Can the dice be thrown again: one line for all unseeded sources with where they stand, then the seeds that were given. */
export const randomnessRows = ({ randomness }: Manifest): readonly Row[] => {
  const { generators, tape } = randomness;
  const given = generators.filter(({ how }) => how === 'explicit');
  const own = given.filter(isOfProject);
  const lines: readonly Line[] = [
    ...unseededLines(randomness),
    ...atMost(
      own.map((generator): Line => [`${generator.api} seeded with ${seedText(generator.seed)}`, faint(siteText(generator.site))]),
      4,
      'given seeds',
    ),
    ...(given.length === own.length ? [] : [[faint(`${countOf(given.length - own.length, 'seed')} given inside packages`)]]),
    ...(tape.length === 0 ? [] : [[`${countOf(tape.length, 'seed')} taken from the clock, kept for replay`]]),
    ...(randomness.differentialPrivacy === undefined ? [] : [[open(`${randomness.differentialPrivacy} is in use: its noise is never drawn from a recorded root`)]]),
    ...(randomness.hashSeed.source === 'random' ? [[open('the hash seed was left to the interpreter: the order of sets cannot be repeated')]] : []),
    ...(randomness.why === undefined ? [] : [[`why these seeds: ${randomness.why}`]]),
  ];
  return rows('randomness', lines.length === 0 ? [[faint('no generator was used')]] : lines);
};

/** People look for the places in their own code first. */
const isOfProject = ({ site }: Generator): boolean => site?.file.startsWith('${project}/') === true;

const unseededLines = (randomness: Manifest['randomness']): readonly Line[] => {
  const owned = randomness.generators.filter(({ how, site }) => (how === 'owned' || how === 'tape') && !isOfPackage(site));
  const lost = randomness.generators.filter(({ how, site }) => how === 'unseeded' && !isOfPackage(site));
  const inside = randomness.packageUnseededCount ?? 0;
  return [
    ...(owned.length === 0 ? [] : [unseededLine(owned, (count) => good(`${countOf(count, 'unseeded source')} made repeatable`))]),
    ...(lost.length === 0 ? [] : [unseededLine(lost, (count) => open(`${countOf(count, 'unseeded source')} cannot be repeated`))]),
    ...(inside === 0 ? [] : [[faint(`${countOf(inside, 'unseeded place')} inside packages${randomness.mode === 'own' ? ', repeatable too' : ''}`)]]),
  ];
};

const isOfPackage = (site: Site | undefined): boolean => /\/(site|dist)-packages\//.test(site?.file ?? '');

const unseededLine = (sources: readonly Generator[], head: (count: number) => Span): Line => {
  const ordered = [...sources.filter(isOfProject), ...sources.filter((source) => !isOfProject(source))];
  const places = [...new Set(ordered.map(({ api, site }) => `${api}${siteText(site)}`))];
  return [head(places.length), ': ', places.slice(0, 3).join(', '), faint(places.length > 3 ? ` and ${places.length - 3} more places` : '')];
};

/** Where in the code: " at train.py:12 (main)". */
export const siteText = (site: Site | undefined): string =>
  site === undefined
    ? ''
    : ` at ${shortPath(site.file)}${site.line === undefined ? '' : `:${site.line}`}${site.function === undefined || site.function === '<module>' ? '' : ` (${site.function})`}`;

/** A seed as the program gave it. */
export const seedText = (seed: Seed): string => {
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
