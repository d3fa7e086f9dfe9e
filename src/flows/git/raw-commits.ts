import { escapeControl, TrainlockError } from '#base';
import { gitReason, runGit } from '#origins';
import type { Repository } from './repository.ts';

/** Somebody as a commit names them. Control characters are escaped: then it is still somebody, and nobody else. */
export type Author = { readonly name: string; readonly mail: string };

/** What a commit says of itself, whatever git makes of it. */
export type RawCommit = { readonly id: string; readonly parents: readonly string[]; readonly authors: readonly Author[] };

/**
 * Reads commits as they lie in the repository, in one run of git. What git shows of a commit it has converted by the encoding that the
 * commit claims, and then nobody may be left in it. Throws TL1701 for a commit that cannot be read, or names nobody.
 */
export const rawCommits = async ({ top }: Repository, ids: readonly string[]): Promise<readonly RawCommit[]> => {
  if (ids.length === 0) return [];
  const answer = await runGit(top, ['cat-file', '--batch'], { input: ids.map((id) => `${id}\n`).join('') });
  if (answer.kind !== 'ended' || answer.code !== 0) throw new TrainlockError('TL1701', `git does not give the commits: ${escapeControl(gitReason(answer))}`, { where: top });
  const { stdout } = answer;
  const commits: RawCommit[] = [];
  let at = 0;
  for (const id of ids) {
    const start = stdout.indexOf(10, at) + 1;
    const [, found, type, size = ''] = /^([0-9a-f]+) ([a-z]+) ([0-9]{1,12})$/.exec(start === 0 ? '' : stdout.toString('latin1', at, start - 1)) ?? [];
    const end = start + Number(size);
    // A line feed follows every object.
    if (found !== id || type !== 'commit' || stdout[end] !== 10) throw unreadable(top, id, 'git does not give it');
    commits.push(commitIn(stdout.toString('latin1', start, end), { top, id }));
    at = end + 1;
  }
  if (at !== stdout.length) throw new TrainlockError('TL1701', 'git gives more than the commits that were asked for', { where: top });
  return commits;
};

const unreadable = (top: string, id: string, why: string): TrainlockError =>
  new TrainlockError('TL1701', `whoever made the commit ${id.slice(0, 12)} cannot be read: ${why}`, { where: top, fix: `git cat-file commit ${id}` });

/** `bytes` has one character for each byte. */
const commitIn = (bytes: string, { top, id }: { readonly top: string; readonly id: string }): RawCommit => {
  const end = bytes.indexOf('\n\n');
  const header = (end === -1 ? bytes : bytes.slice(0, end)).split('\n');
  const valuesOf = (name: string): readonly string[] => header.filter((line) => line.startsWith(`${name} `)).map((line) => line.slice(name.length + 1));
  // Git obeys the first.
  const decoders = decodersFor(valuesOf('encoding').slice(0, 1));
  const people = ['author', 'committer'].flatMap((role) => {
    const read = valuesOf(role).map((line) => identityIn(line, decoders));
    if (read.length > 0 && read.every((one) => one.length > 0)) return read.flat();
    throw unreadable(top, id, `it names no ${role}`);
  });
  const message = end === -1 ? '' : bytes.slice(end + 2);
  return { id, parents: valuesOf('parent'), authors: [...people, ...coAuthorsOf(message, decoders)] };
};

/** `NAME <MAIL> TIME`; empty for one that says neither name nor mail. */
const identityIn = (line: string, decoders: readonly Decoder[]): readonly Author[] => {
  const [, name, mail] = /^([^<]*)<([^>]*)>/.exec(line) ?? [];
  return name === undefined || mail === undefined ? [] : authorsIn(name, mail, decoders);
};

/** Wherever in the message they stand: more lines than git takes for trailers, never fewer. */
const coAuthorsOf = (message: string, decoders: readonly Decoder[]): readonly Author[] =>
  [...message.matchAll(/^[ \t]*co-authored-by[ \t]*:(.*)$/gim)].flatMap(([, who = '']) => {
    const [, name = '', mail = ''] = /^([^<]*)(?:<([^>]*))?/.exec(who) ?? [];
    return authorsIn(name, mail, decoders);
  });

/** Text of bytes; undefined if they are none in this encoding. */
type Decoder = (bytes: Buffer) => string | undefined;

const decoderOf = (encoding: string): Decoder | undefined => {
  try {
    const decoder = new TextDecoder(encoding, { fatal: true, ignoreBOM: true });
    return (bytes) => {
      try {
        return decoder.decode(bytes);
      } catch {
        return undefined;
      }
    };
  } catch {
    return undefined;
  }
};

const UTF_8 = decoderOf('utf-8')!;
const plainText: Decoder = (bytes) => UTF_8(bytes) ?? bytes.toString('latin1');

/** UTF-8 or else Latin-1, whatever is claimed; what the claim makes of it counts beside that, and never in its place. */
const decodersFor = (claimed: readonly string[]): readonly Decoder[] => [plainText, ...claimed.map(decoderOf).filter((one) => one !== undefined)];

const authorsIn = (name: string, mail: string, decoders: readonly Decoder[]): readonly Author[] =>
  decoders.flatMap((decode) => {
    const [names, mails] = [name, mail].map((bytes) => decode(Buffer.from(bytes, 'latin1'))?.trim());
    if (names === undefined || mails === undefined || `${names}${mails}` === '') return [];
    return [{ name: escapeControl(names), mail: escapeControl(mails) }];
  });
