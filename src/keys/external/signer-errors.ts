import { escapeControl, TrainlockError } from '#base';

/** What keeps a key behind another tool from signing. The causes of other libraries are left out: they hold tokens and headers. */
type Details = { readonly place: string; readonly fix?: string };

const errorOf =
  (code: 'TL1101' | 'TL1102' | 'TL1103' | 'TL1104') =>
  (reason: string, { place, fix }: Details): TrainlockError =>
    new TrainlockError(code, reason, { where: place, ...(fix === undefined ? {} : { fix }) });

/** No key, token or library of that name. */
export const keyNotFound = errorOf('TL1101');

/** The key is there and must not be used. */
export const keyNotUsable = errorOf('TL1102');

/** The PIN is wrong, missing or locked. */
export const pinRefused = errorOf('TL1103');

/** The tool or server did not sign. */
export const couldNotSign = errorOf('TL1104');

/** A line that another program or server said, safe to print and not longer than a message may be. */
export const saidBy = (text: string): string => escapeControl(text.trim().slice(0, 200));
