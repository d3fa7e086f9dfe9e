import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { fromUtf8, shellWord } from '#base';
import { nodeCrypto } from '#files';
import { DER, derContent, type PublicKey, readPem, readPublicKey } from '#seal';
import { type Opened, type Refused, refused } from './opened.ts';
import { openOpensshKey } from './openssh-key.ts';

/** Asks for the passphrase of a key that is named in words ("the key default"); undefined if nobody can be asked. */
export type AskPassphrase = (what: string) => Promise<string | undefined>;

export type PrivateKey = {
  readonly kind: 'key';
  readonly key: KeyObject;
  readonly publicKey: PublicKey;
  /** The passphrase that opened it; absent if it is not encrypted. */
  readonly passphrase?: string;
};

export type PrivateKeySource = {
  /** Where the bytes are from, for commands that mend them. */
  readonly path: string;
  /** The key in words, for the question after its passphrase. */
  readonly what: string;
  readonly ask: AskPassphrase;
};

/**
 * Reads a private key in one of the forms that people have: PEM of PKCS #8, plain or encrypted (PBES2), of SEC 1 and PKCS #1, of
 * OpenSSH without passphrase, and of cosign. Algorithms are those of readPublicKey; the private and the public part must fit.
 * The bytes are hostile: bounded, never throws. Sources: RFC 7468, RFC 5958, RFC 5915.
 */
export const readPrivateKey = async (bytes: Uint8Array, source: PrivateKeySource): Promise<PrivateKey | Refused> => {
  if (bytes.length === 0) return refused('not-a-key', 'is empty');
  const text = bytes.length > LARGEST ? undefined : fromUtf8(bytes);
  if (text === undefined) return NOT_PEM;
  const blocks = blocksOf(text);
  if (blocks.length > 1) return refused('not-a-key', 'is not alone: the file holds more than one block of PEM');
  const [block] = blocks;
  if (block === undefined) return text.includes('-----BEGIN ') ? TRUNCATED : NOT_PEM;
  const path = shellWord(source.path);
  if (/^(Proc-Type|DEK-Info):/m.test(block)) {
    return refused('form', 'is encrypted in the old way of PEM, which is easy to guess', `openssl pkcs8 -topk8 -v2 aes-256-cbc -in ${path} -out NEW && chmod 600 NEW`);
  }
  const pem = readPem(block);
  if (pem === undefined) return refused('damaged', 'is damaged: what stands between BEGIN and END is not base64');
  return await readBlock(pem, source);
};

/** Largest file that can be a private key. Unit: byte. */
export const LARGEST = 65_536;

const NOT_PEM = refused('not-a-key', 'is not a private key in PEM');
const TRUNCATED = refused('damaged', 'is damaged: it has a BEGIN and no END that fits');

/** Blocks of PEM in a file, without the parameters that openssl ecparam writes in front; other text around them is allowed. Source: RFC 7468 §5.2. */
const blocksOf = (text: string): readonly string[] => {
  const blocks: string[] = [];
  for (let start = text.indexOf('-----BEGIN '); start !== -1; start = text.indexOf('-----BEGIN ', start)) {
    const label = /^-----BEGIN ([A-Z0-9 ]{1,64})-----/.exec(text.slice(start, start + 100))?.[1];
    const closing = `-----END ${label}-----`;
    const end = label === undefined ? -1 : text.indexOf(closing, start);
    if (end === -1) return blocks;
    if (label !== 'EC PARAMETERS') blocks.push(text.slice(start, end + closing.length));
    start = end + closing.length;
  }
  return blocks;
};

const readBlock = async ({ label, der }: { readonly label: string; readonly der: Uint8Array }, source: PrivateKeySource): Promise<PrivateKey | Refused> => {
  const path = shellWord(source.path);
  switch (label) {
    case 'PRIVATE KEY':
      return fromDer(der, 'pkcs8');
    case 'EC PRIVATE KEY':
      return fromDer(der, 'sec1');
    case 'RSA PRIVATE KEY':
      return fromDer(der, 'pkcs1');
    case 'OPENSSH PRIVATE KEY': {
      const opened = openOpensshKey(der, path);
      return opened.kind === 'refused' ? opened : checked(opened.key);
    }
    case 'ENCRYPTED PRIVATE KEY': {
      const { openPbes2 } = await import('./pbes2.ts');
      const reading = await withPassphrase(source, (passphrase) => openPbes2(der, passphrase));
      // What is left of the old ways of encryption can be turned into the one that is read here.
      return reading.kind === 'refused' && reading.refusal === 'form'
        ? { ...reading, fix: `openssl pkcs8 -in ${path} | openssl pkcs8 -topk8 -scrypt -out NEW && chmod 600 NEW` }
        : reading;
    }
    case 'ENCRYPTED SIGSTORE PRIVATE KEY':
    case 'ENCRYPTED COSIGN PRIVATE KEY': {
      const { openCosignKey } = await import('./cosign-key.ts');
      return await withPassphrase(source, (passphrase) => openCosignKey(der, passphrase));
    }
    case 'PUBLIC KEY':
    case 'RSA PUBLIC KEY':
    case 'CERTIFICATE':
      return refused(
        'public-key',
        label === 'CERTIFICATE'
          ? 'is a certificate, which holds only the public half: name the file of the private one'
          : 'is only the public half: name the file of the private one',
      );
    default:
      return refused('form', `has a form that is not known here (${label})`);
  }
};

const withPassphrase = async ({ ask, what }: PrivateKeySource, open: (passphrase: string) => Promise<Opened>): Promise<PrivateKey | Refused> => {
  const passphrase = await ask(what);
  if (passphrase === undefined) return refused('no-passphrase', 'is encrypted, and no passphrase was given');
  const opened = await open(passphrase);
  if (opened.kind === 'refused') return opened;
  const reading = fromDer(opened.pkcs8, 'pkcs8');
  opened.pkcs8.fill(0);
  return reading.kind === 'key' ? { ...reading, passphrase } : reading;
};

const fromDer = (der: Uint8Array, type: 'pkcs8' | 'sec1' | 'pkcs1'): PrivateKey | Refused => {
  // The system's library would not mind what stands behind the key.
  if (derContent(der, DER.sequence) === undefined) return refused('damaged', 'is damaged: what stands between BEGIN and END is not one value of DER');
  try {
    return checked(createPrivateKey({ key: Buffer.from(der), format: 'der', type }));
  } catch {
    return refused('damaged', 'is damaged: what stands between BEGIN and END is not a private key');
  }
};

/** What is signed and verified once, to see that both halves of a key fit; no statement and no checkpoint begins like this. */
const PROBE = Buffer.from('trainlock: do both halves of this key fit?');

const checked = (key: KeyObject): PrivateKey | Refused => {
  const publicHalf = createPublicKey(key);
  const reading = readPublicKey(publicHalf.export({ type: 'spki', format: 'der' }), nodeCrypto);
  // The reasons of #seal begin with "the key".
  if (reading.kind === 'rejected') return refused('algorithm', reading.problems[0]!.message.replace(/^the key /, ''));
  const hash = reading.value.algorithm === 'ed25519' ? null : 'sha256';
  const fits = verify(hash, PROBE, publicHalf, sign(hash, PROBE, key));
  return fits ? { kind: 'key', key, publicKey: reading.value } : refused('inconsistent', 'is damaged: its private and its public half do not belong together');
};
