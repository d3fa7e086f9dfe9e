import { escapeControl, formatBytes, TrainlockError, withoutCredentials } from '#base';

/** The address or name as it may be shown. What stands behind the path of a web address may be a signature that opens it to everybody. */
export const shown = (place: string): string => escapeControl(withoutCredentials(withoutQuery(place))).slice(0, 1024);

/** A web address without query and fragment; anything else as it is. */
export const withoutQuery = (address: string): string => (/^https?:/i.test(address) ? address.replace(/[?#].*$/s, '') : address);

/** TL0801. The errors of libraries are no `cause` here: they hold headers, and headers hold credentials. */
export const unavailable = (place: string, reason: string, fix: string = 'run the same command again: it continues where it stopped'): TrainlockError =>
  new TrainlockError('TL0801', `${shown(place)} is not available: ${escapeControl(reason)}`, { where: shown(place), fix });

export const denied = (place: string, reason: string, fix: string): TrainlockError =>
  new TrainlockError('TL0802', `${shown(place)} denies access: ${escapeControl(reason)}`, { where: shown(place), fix });

export const notThere = (place: string, fix: string): TrainlockError => new TrainlockError('TL0803', `${shown(place)} does not exist`, { where: shown(place), fix });

export const differs = (place: string, reason: string, fix: string): TrainlockError =>
  new TrainlockError('TL0804', `${shown(place)} has other content than it should: ${escapeControl(reason)}`, { where: shown(place), fix });

export const notAnAddress = (address: string, reason: string): TrainlockError =>
  new TrainlockError('TL0805', `${shown(address)} is no address of a remote: ${reason}`, {
    where: shown(address),
    fix: 'name a folder (/folder or file:///folder) or a bucket (s3://bucket/prefix)',
  });

/** Sizes that should be equal, in words. */
export const sizeReason = (found: number, expected: number): string =>
  formatBytes(found) === formatBytes(expected) ? `${found} bytes instead of ${expected}` : `${formatBytes(found)} instead of ${formatBytes(expected)}`;
