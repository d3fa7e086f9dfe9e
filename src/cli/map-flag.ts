import { TrainlockError } from '#base';
import type { ParsedInput } from './command.ts';
import { listFlag } from './trust-place.ts';

/** Recorded paths and where they lie now. Throws TL0001 for anything but two absolute paths. */
export const mapFlag = (value: ParsedInput['flags'][string]): readonly { readonly from: string; readonly to: string }[] =>
  listFlag(value).map((text) => {
    const at = text.indexOf('=');
    const [from, to] = [text.slice(0, at), text.slice(at + 1)];
    if (at <= 0 || !from.startsWith('/') || !to.startsWith('/'))
      throw new TrainlockError('TL0001', `--map ${text} is not FROM=TO with two absolute paths`, { fix: '--map /old/data=/new/data' });
    return { from, to };
  });
