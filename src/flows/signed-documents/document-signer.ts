import { readBoundedIfThere, nodeCrypto } from '#files';
import { fromUtf8, TrainlockError } from '#base';
import type { Settings } from '#config';
import { signStatement, sshSign } from '#keys';
import { type ApprovalKind, type PublicKey, readSshKeyLine, writeBundle } from '#seal';
import type { BuiltStatement } from '#statements';
import { chosenKey, openStatementKey } from '../sign-record.ts';
import type { Environment } from '../trust-file/trust-places.ts';
import type { NewDocument } from './document-files.ts';

/** Whose hand signs: a key of trainlock, or one that ssh-keygen finds. */
export type DocumentSigner = {
  readonly publicKey: PublicKey;
  /** Whether time authorities are asked over each signature. */
  readonly isDated: boolean;
  readonly sign: (statement: BuiltStatement<ApprovalKind>) => Promise<NewDocument['signed']>;
};

export type SignerChoice = {
  readonly env: Environment;
  readonly settings: Pick<Settings, 'key' | 'timeAuthorities'>;
  /** Another key than that of the settings. */
  readonly key?: string;
  /** Private key of SSH, or public key whose private half an agent or a hardware key holds. */
  readonly sshKey?: string;
  /** Hears what ssh-keygen says, for example that a hardware key waits to be touched. */
  readonly onNotice?: (text: string) => void;
};

/** Throws TL1101 to TL1106; TL1102 for an SSH key without its public half. */
export const openDocumentSigner = async ({ env, settings, key, sshKey, onNotice }: SignerChoice): Promise<DocumentSigner> => {
  if (sshKey !== undefined) return sshSigner(sshKey, { env, ...(onNotice === undefined ? {} : { onNotice }) });
  const { signer } = await openStatementKey({ ...chosenKey(settings.key, key), env, mayAsk: true });
  const authorities = settings.timeAuthorities.value;
  return {
    publicKey: signer.publicKey,
    isDated: authorities.length > 0,
    sign: async (statement) => {
      const sealed = await signStatement(signer, statement, nodeCrypto);
      const dated = authorities.length === 0 ? undefined : await (await import('../date-signature.ts')).dateSignature(sealed.signature, authorities);
      return { kind: 'bundle', bytes: writeBundle(dated === undefined ? sealed : { ...sealed, timestamps: dated.timestamps }) };
    },
  };
};

const MAX_KEY = 65_536;

const sshSigner = async (keyPath: string, { env, onNotice }: Pick<SignerChoice, 'env' | 'onNotice'>): Promise<DocumentSigner> => {
  const path = keyPath.endsWith('.pub') ? keyPath : `${keyPath}.pub`;
  const bytes = await readBoundedIfThere(path, MAX_KEY);
  const reading = bytes === undefined ? undefined : readSshKeyLine(fromUtf8(bytes) ?? '', nodeCrypto);
  if (reading?.kind !== 'accepted') {
    const because = reading === undefined ? 'it is not there' : reading.problems[0]!.message;
    throw new TrainlockError('TL1102', `the public half of the SSH key cannot be used: ${because}`, { where: path, fix: 'ssh-keygen -y -f KEY > KEY.pub' });
  }
  const { publicKey } = reading.value;
  return {
    publicKey,
    isDated: false,
    sign: async ({ payload, kind }) => {
      const { armored, signature } = await sshSign(payload, { kind, keyPath, environment: env, ...(onNotice === undefined ? {} : { onNotice }) });
      if (signature.key.publicKey.keyId !== publicKey.keyId)
        throw new TrainlockError('TL1104', 'ssh-keygen signed with another key than the one that was named', { where: keyPath, fix: 'ssh-keygen -y -f KEY > KEY.pub' });
      return { kind: 'ssh', bytes: Buffer.from(armored, 'latin1') };
    },
  };
};
