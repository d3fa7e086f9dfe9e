import { TrainlockError } from '#base';
import type { Settings } from '#config';
import { isKeyName, listKeys, loadKey, nodeVerifySignature } from '#keys';
import { openLogbook } from '#logbook';
import type { SigningFacts } from './health-facts.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Could a record be signed and logged now? Makes neither key nor log, and asks no token, server or person. */
export const lookAtSigning = async (settings: Pick<Settings, 'signing' | 'key' | 'log'>, env: Environment): Promise<SigningFacts> => {
  if (settings.signing.value === 'off') return { key: { kind: 'off' }, log: { kind: 'off' } };
  return { key: await toldOr(() => lookAtKey(settings.key.value, env)), log: settings.log.value === 'off' ? { kind: 'off' } : await toldOr(() => lookAtLog(env)) };
};

type Told = SigningFacts['key'];

const toldOr = async (look: () => Promise<Told>): Promise<Told> => {
  try {
    return await look();
  } catch (error) {
    if (!(error instanceof TrainlockError)) throw error;
    return { kind: 'fault', message: error.message, ...(error.fix === undefined ? {} : { fix: error.fix }) };
  }
};

const lookAtKey = async (key: string, env: Environment): Promise<Told> => {
  const isNew = key === 'default' && (await listKeys(env)).every((entry) => (entry.kind === 'key' ? entry.key.name : entry.name) !== key);
  if (isNew) return { kind: 'fine', message: 'the key default is made on first use' };
  if (!isKeyName(key) && /^[a-z0-9]+:/.test(key)) return { kind: 'fine', message: `${key.split(':')[0]}: keys behind other tools are asked when they sign` };
  try {
    const { publicKey } = await loadKey(key, { env, passphrase: async () => undefined, purpose: 'statements' });
    return { kind: 'fine', message: `${key} (${publicKey.keyId.slice(0, 12)}…)` };
  } catch (error) {
    if (error instanceof TrainlockError && error.code === 'TL1103')
      return { kind: 'fine', message: `${key} needs a passphrase: TRAINLOCK_PASSPHRASE_FILE, or trainlock sign at a terminal` };
    throw error;
  }
};

const lookAtLog = async (env: Environment): Promise<Told> => {
  const head = await openLogbook({ env, verify: nodeVerifySignature }).head();
  return { kind: 'fine', message: head === undefined ? 'the log of this machine is made on first use' : `${head.checkpoint.origin}, ${head.checkpoint.size} leaves` };
};
