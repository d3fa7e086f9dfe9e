import type { TrainlockError } from '#base';
import type { HttpAnswer } from './http-exchange.ts';
import { denied, notThere, unavailable } from './remote-errors.ts';
import { Interrupted, isTransientStatus } from './retry.ts';

/** The error of an answer that does not give what was asked for. */
export const statusError = (address: string, { status, message }: HttpAnswer): TrainlockError | Interrupted => {
  if (isTransientStatus(status)) return new Interrupted(`status ${status}`, waitOf(message.headers['retry-after']));
  if (status === 401 || status === 403 || status === 407) return denied(address, `status ${status}`, 'look at the credentials for this host and at what they permit');
  if (status === 404 || status === 410) return notThere(address, 'look at the address, and whether it needs credentials: some servers hide what is not public');
  return unavailable(address, `status ${status}`, 'look at the address');
};

/** Seconds, or a date, which is not waited for. Source: RFC 9110 §10.2.3. */
const waitOf = (text: string | undefined): number | undefined => (text !== undefined && /^[0-9]{1,5}$/.test(text) ? Number(text) * 1000 : undefined);
