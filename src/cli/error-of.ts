import { makeRedactor, TrainlockError } from '#base';

type SystemError = Error & { readonly code: string; readonly syscall: string; readonly path?: string };

const WRITING = new Set([
  'mkdir',
  'mkdtemp',
  'write',
  'rename',
  'fsync',
  'fdatasync',
  'ftruncate',
  'truncate',
  'unlink',
  'rmdir',
  'rm',
  'link',
  'symlink',
  'copyfile',
  'chmod',
  'utime',
]);
const NO_ROOM = new Set(['ENOSPC', 'EROFS', 'EDQUOT']);
const SECRET_NAME = /token|secret|passw|api_?key|credential|private|auth|session|cookie/i;

/**
 * Any thrown thing as an error with a code. Errors of the operating system that nobody caught become TL0002 or TL0003; everything
 * else is a fault of ours, TL0901. Values of secret-looking variables never show up in the message.
 */
export const errorOf = (thrown: unknown, env: Readonly<Record<string, string | undefined>>): TrainlockError => {
  if (thrown instanceof TrainlockError) return thrown;
  const { redact } = redactorOf(env);
  if (isSystemError(thrown)) {
    const code = WRITING.has(thrown.syscall) || NO_ROOM.has(thrown.code) ? 'TL0003' : 'TL0002';
    return new TrainlockError(code, redact(thrown.message).text, { ...(thrown.path === undefined ? {} : { where: redact(thrown.path).text }), cause: thrown });
  }
  const text = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
  return new TrainlockError('TL0901', `internal error: ${redact(text).text}`, {
    notes: ['this is a fault of trainlock, not of your program', ...(env['TRAINLOCK_DEBUG'] === '1' ? [] : ['TRAINLOCK_DEBUG=1 shows where it happened'])],
    cause: thrown,
  });
};

/** Where it happened, for TRAINLOCK_DEBUG=1; secrets masked. */
export const stackOf = (error: TrainlockError, env: Readonly<Record<string, string | undefined>>): string => {
  const { redact } = redactorOf(env);
  const stacks: string[] = [];
  for (let at: unknown = error; at instanceof Error && stacks.length < 8; at = at.cause) stacks.push(redact(at.stack ?? at.message).text);
  return stacks.join('\ncaused by ');
};

const redactorOf = (env: Readonly<Record<string, string | undefined>>): ReturnType<typeof makeRedactor> =>
  makeRedactor(Object.entries(env).flatMap(([name, value]) => (value !== undefined && SECRET_NAME.test(name) ? [value] : [])));

const isSystemError = (thrown: unknown): thrown is SystemError =>
  thrown instanceof Error && typeof (thrown as Partial<SystemError>).code === 'string' && typeof (thrown as Partial<SystemError>).syscall === 'string';
