import { TrainlockError } from '#base';
import { nodeCrypto } from '#files';
import { derOfRawSignature, type PublicKey, readPublicKey } from '#seal';
import type { Signer } from '../signer.ts';
import { checkedSignature } from './checked-signature.ts';
import { readTokenObjects, readTokenSlots, type TokenObject, type TokenSlot } from './pkcs11-listing.ts';
import { fileFromTool, listWithTool, PIN_VARIABLE, type Pkcs11Options, type Pkcs11Session } from './pkcs11-tool.ts';
import type { Pkcs11Key } from './pkcs11-uri.ts';
import { keyNotFound, keyNotUsable, pinRefused, saidBy } from './signer-errors.ts';

/**
 * A P-256 key on a token: a smart card, a hardware module, a cloud service with a PKCS #11 library. The library is loaded by
 * pkcs11-tool of OpenSC, in a process of its own. The PIN comes from TRAINLOCK_PKCS11_PIN or is typed at the reader; after it was
 * refused once, this signer does not try it again. Throws TL1101 to TL1104.
 */
export const openPkcs11Signer = async (key: Pkcs11Key, options: Pkcs11Options): Promise<Signer> => {
  const place = placeOf(key);
  const session: Pkcs11Session = { key, place, options };
  const slot = await findSlot(session);
  const { object, login } = await findObject(session, slot);
  const publicKey = await readTokenKey(session, object, [...slotArguments(slot), ...login]);
  let refusal: Error | undefined;
  const signOne = async (message: Uint8Array): Promise<Uint8Array> => {
    if (refusal !== undefined) throw refusal;
    const digest = nodeCrypto.sha256(message);
    const args = ['--sign', '--mechanism=ECDSA', '--signature-format=rs', ...slotArguments(slot), ...loginArguments(session, slot), ...privateKeyArguments(object)];
    const raw = await fileFromTool(session, args, digest).catch((error: unknown) => {
      if (error instanceof TrainlockError && error.code === 'TL1103') refusal = error;
      throw error;
    });
    return checkedSignature(derOfRawSignature(raw), message, { publicKey, place });
  };
  // One at a time: several at once would try a wrong PIN several times.
  let last: Promise<unknown> = Promise.resolve();
  const sign = (message: Uint8Array): Promise<Uint8Array> => {
    const next = last.then(() => signOne(message));
    last = next.catch(() => undefined);
    return next;
  };
  return { publicKey, place, sign };
};

const placeOf = ({ token, object, id }: Pkcs11Key): string => saidBy(`the key ${object ?? `with the id ${id!}`} on the token ${token}`);

const slotArguments = ({ slot }: TokenSlot): readonly string[] => [`--slot=${slot}`];

const findSlot = async (session: Pkcs11Session): Promise<TokenSlot> => {
  const { key, place } = session;
  const all = readTokenSlots(await listWithTool(session, ['--list-token-slots']));
  const [slot, ...more] = all.filter(({ label, serial }) => label === key.token && (key.serial === undefined || serial === key.serial));
  if (slot === undefined) {
    const names = all.map(({ label }) => saidBy(label)).join(', ');
    throw keyNotFound(names === '' ? 'no token is there' : `no such token is there, only: ${names}`, { place, fix: `pkcs11-tool --module ${key.modulePath} --list-token-slots` });
  }
  // The first of two tokens would be a matter of which was plugged in first.
  if (more.length > 0)
    throw keyNotUsable(`${more.length + 1} tokens have this name, with the serial numbers ${[slot, ...more].map(({ serial }) => saidBy(serial)).join(', ')}`, {
      place,
      fix: 'add ;serial=NUMBER to the reference',
    });
  return slot;
};

/** Public halves can mostly be seen by everybody. Where none is seen, the token is asked again with the PIN. */
const findObject = async (session: Pkcs11Session, slot: TokenSlot): Promise<{ readonly object: TokenObject; readonly login: readonly string[] }> => {
  const { key, place } = session;
  const list = async (login: readonly string[]): Promise<readonly TokenObject[]> => {
    const printed = await listWithTool(session, ['--list-objects', '--type=pubkey', ...slotArguments(slot), ...login]);
    return readTokenObjects(printed).filter(({ label, id }) => (key.object === undefined || label === key.object) && (key.id === undefined || id === key.id));
  };
  const seen = await list([]);
  const login = seen.length === 0 && hasPin(session) ? loginArguments(session, slot) : [];
  const found = login.length === 0 ? seen : await list(login);
  const [object, ...more] = found;
  if (object === undefined)
    throw keyNotFound('the token has no such public key', {
      place,
      fix: `pkcs11-tool --module ${key.modulePath} --slot ${slot.slot} --list-objects; where the two halves of a key have different labels, name it by id=%…`,
    });
  if (more.length > 0)
    throw keyNotUsable(`${found.length} keys on the token have this name`, { place, fix: `add ;id=${(object.id ?? '01').replace(/../g, '%$&')} to the reference` });
  return { object, login };
};

/** pkcs11-tool 0.23 fails on such keys, or writes something else than their public key. */
const OTHER_KIND = /^(?:RSA|DSA|GOST|EC_EDWARDS|EC_MONTGOMERY)|EC_POINT (?!256 bits)/;

const readTokenKey = async (session: Pkcs11Session, object: TokenObject, where: readonly string[]): Promise<PublicKey> => {
  const { place } = session;
  if (OTHER_KIND.test(object.description)) throw keyNotUsable(`it is a key of another kind (${saidBy(object.description)}); on tokens only ECDSA P-256 is used`, { place });
  const names = [...(object.id === undefined ? [] : [`--id=${object.id}`]), ...(object.label === undefined ? [] : [`--label=${object.label}`])];
  const der = await fileFromTool(session, ['--read-object', '--type=pubkey', ...where, ...names]);
  // What a token says is as hostile as any file.
  const read = readPublicKey(der, nodeCrypto);
  if (read.kind === 'rejected') throw keyNotUsable(read.problems[0]!.message, { place });
  if (read.value.algorithm !== 'ecdsa-p256') throw keyNotUsable(`it is a key of another kind (${read.value.algorithm}); on tokens only ECDSA P-256 is used`, { place });
  return read.value;
};

/** The halves of a pair have one identifier, and on some cards two labels. Source: PKCS #11 3.0 §4.6. */
const privateKeyArguments = ({ id, label }: TokenObject): readonly string[] => (id === undefined ? [`--label=${label ?? ''}`] : [`--id=${id}`]);

const hasPin = ({ options }: Pkcs11Session): boolean => (options.environment[PIN_VARIABLE] ?? '') !== '';

/** Without a PIN the tool would ask for it where nobody may sit, so that is refused here. */
const loginArguments = (session: Pkcs11Session, slot: TokenSlot): readonly string[] => {
  const { place } = session;
  if (slot.isLocked) throw pinRefused('the PIN of the token is locked', { place, fix: 'unlock it with the tool of its maker' });
  if (hasPin(session)) return ['--login', `--pin=env:${PIN_VARIABLE}`];
  if (slot.hasPinPad) return ['--login'];
  if (slot.needsLogin) throw pinRefused('the token asks for a PIN', { place, fix: `set ${PIN_VARIABLE} in the environment` });
  return [];
};
