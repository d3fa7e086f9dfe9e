import { shellWord } from '#base';

/** The first letters of a digest or an id. */
export const shortId = (id: string): string => (id.length > 12 ? id.slice(0, 8) : id);

/** A digest as people compare it. */
export const shortDigest = (sha256: string | undefined): string => (sha256 === undefined ? 'no digest' : `${sha256.slice(0, 12)}…`);

/** A recorded path as short as it is clear: the project, and what leads to an installed package, are left out. */
export const shortPath = (path: string): string =>
  path.startsWith('${project}/') ? path.slice('${project}/'.length) : path.replace(/^(?:\$\{[a-z]+\}|\/)[^ ]*\/(?:site|dist)-packages\//, '');

/** 2026-11-24 08:00:03 UTC of an RFC 3339 time. */
export const shortTime = (time: string): string => time.replace('T', ' ').replace(/(\.[0-9]+)?Z$/, ' UTC');

/** Text cut to a width, with an ellipsis; cut between letters, not inside them. */
export const cut = (text: string, most: number): string => {
  const letters = Array.from(text);
  return letters.length <= most ? text : `${letters.slice(0, most - 1).join('')}…`;
};

/** How many letters or lines of at most so many are shown: those, or in a file all. */
export type Limit = (most: number) => number;
export const brief: Limit = (most) => most;
export const whole: Limit = () => Number.POSITIVE_INFINITY;

/** A command as it would be typed. */
export const commandText = (command: readonly string[]): string => command.map(shellWord).join(' ');
