import { readBounded, makeTemporaryFolder } from '#files';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Pkcs11Key } from './pkcs11-uri.ts';
import { type Environment, type ProgramAnswer, runProgram } from './run-program.ts';
import { couldNotSign, keyNotFound, pinRefused, saidBy } from './signer-errors.ts';

/** Variable with the PIN of the token. pkcs11-tool reads it from its environment: arguments can be read by everybody on the machine. */
export const PIN_VARIABLE = 'TRAINLOCK_PKCS11_PIN';

export type Pkcs11Options = {
  readonly environment: Environment;
  /** For one call of the tool. A token that waits to be touched needs some. Default: 60 s. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal | undefined;
};

/** One key on one token, spoken to through pkcs11-tool. */
export type Pkcs11Session = { readonly key: Pkcs11Key; readonly place: string; readonly options: Pkcs11Options };

/** Text that pkcs11-tool prints. Throws TL1101, TL1103, TL1104. */
export const listWithTool = async (session: Pkcs11Session, args: readonly string[]): Promise<string> => (await callTool(session, args)).toString('utf8');

/** The file that pkcs11-tool writes, given the file that it reads; both in a folder of their own that nobody else may enter. Throws as above. */
export const fileFromTool = async (session: Pkcs11Session, args: readonly string[], input?: Uint8Array): Promise<Uint8Array> => {
  const folder = await makeTemporaryFolder(tmpdir(), 'trainlock-token-');
  try {
    const [from, to] = [join(folder.path, 'input'), join(folder.path, 'output')];
    if (input !== undefined) await writeFile(from, input, { mode: 0o600, flag: 'wx' });
    await callTool(session, [...args, ...(input === undefined ? [] : [`--input-file=${from}`]), `--output-file=${to}`]);
    return await readBounded(to, MOST_OUTPUT_BYTES).catch(() => {
      throw couldNotSign('pkcs11-tool wrote nothing', session);
    });
  } finally {
    await folder.remove();
  }
};

/** Public keys and signatures of curves are smaller by far. */
const MOST_OUTPUT_BYTES = 64 * 1024;

const callTool = async (session: Pkcs11Session, args: readonly string[]): Promise<Buffer> => {
  const { key, options } = session;
  // At its highest level OPENSC_DEBUG would write what is sent to the card into a log: the PIN.
  const environment = { ...options.environment, OPENSC_DEBUG: undefined };
  const answer = await runProgram('pkcs11-tool', [`--module=${key.modulePath}`, ...args], { environment, timeoutMs: options.timeoutMs ?? 60_000, signal: options.signal });
  if (answer.kind === 'ended' && answer.code === 0) return answer.stdout;
  throw failureOf(answer, session);
};

const failureOf = (answer: ProgramAnswer, { place, key }: Pkcs11Session): Error => {
  if (answer.kind === 'missing') return couldNotSign('pkcs11-tool is not installed', { place, fix: 'install OpenSC: apt-get install opensc, or brew install opensc' });
  if (answer.kind === 'failed') return couldNotSign(saidBy(answer.reason), { place });
  const said = answer.stderr.replaceAll('Aborting.', '');
  if (said.includes('Failed to load pkcs11 module')) return keyNotFound(`the library ${key.modulePath} cannot be loaded: ${saidBy(said.split('\n')[0]!)}`, { place });
  if (/CKR_PIN_LOCKED/.test(said)) return pinRefused('the PIN of the token is locked', { place, fix: 'unlock it with the tool of its maker' });
  if (/CKR_PIN_(?:INCORRECT|INVALID|LEN_RANGE)/.test(said))
    return pinRefused(`the token does not accept the PIN in ${PIN_VARIABLE}. It was tried once and is not tried again: a token locks itself after a few wrong ones`, {
      place,
      fix: `set ${PIN_VARIABLE} to the right PIN`,
    });
  const line = said.split('\n').findLast((one) => one.startsWith('error: ')) ?? said.trim().split('\n').at(-1) ?? '';
  return couldNotSign(`pkcs11-tool said: ${saidBy(line.replace(/^error: /, '')) || `nothing, and ended with ${answer.kind === 'ended' ? answer.code : ''}`}`, { place });
};
