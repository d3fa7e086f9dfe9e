import { StringDecoder } from 'node:string_decoder';
import type { ReadStream, WriteStream } from 'node:tty';
import { escapeControl, TrainlockError } from '#base';
import type { AskPassphrase } from './read-private-key.ts';

/** The prompt of this process; undefined unless a person sits at a terminal. */
export const terminalPrompt = (): AskPassphrase | undefined =>
  process.stdin.isTTY && process.stderr.isTTY ? (question) => promptPassphrase(question, process.stdin, process.stderr) : undefined;

/**
 * Asks for a line at a terminal without showing what is typed. Undefined if the person ends the input (Ctrl-D); throws TL1103 after
 * Ctrl-C. The terminal is as it was afterwards, in every case.
 */
export const promptPassphrase = (question: string, input: ReadStream, output: Pick<WriteStream, 'write'>): Promise<string | undefined> =>
  new Promise((resolve, reject) => {
    const decoder = new StringDecoder('utf8');
    const wasRaw = input.isRaw;
    let typed = '';
    const end = (finish: () => void): void => {
      input.off('data', onData).off('end', onEnd).off('error', onError);
      input.setRawMode(wasRaw);
      input.pause();
      output.write('\n');
      finish();
    };
    const onEnd = (): void => end(() => resolve(undefined));
    const onError = (error: Error): void => end(() => reject(error));
    const onData = (bytes: Buffer): void => {
      for (const letter of decoder.write(bytes)) {
        if (letter === '\r' || letter === '\n') return end(() => resolve(typed));
        if (letter === CONTROL.d && typed === '') return onEnd();
        if (letter === CONTROL.c) return end(() => reject(new TrainlockError('TL1103', 'no passphrase was given', { notes: ['the question was interrupted'] })));
        typed = afterLetter(typed, letter);
      }
    };
    // Nothing is echoed from the moment the question can be read.
    input.setRawMode(true);
    output.write(`${escapeControl(question)}: `);
    input.on('data', onData).on('end', onEnd).on('error', onError);
    input.resume();
  });

const CONTROL = { c: '\u0003', d: '\u0004', u: '\u0015', backspace: '\b', delete: '\u007f' };

const afterLetter = (typed: string, letter: string): string => {
  if (letter === CONTROL.u) return '';
  if (letter === CONTROL.backspace || letter === CONTROL.delete) return Array.from(typed).slice(0, -1).join('');
  return letter < ' ' ? typed : typed + letter;
};
