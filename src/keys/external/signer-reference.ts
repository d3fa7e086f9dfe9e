import { accepted, type Reading, rejected } from '#base';
import { type Pkcs11Key, readPkcs11Uri } from './pkcs11-uri.ts';

/** Which key is to sign. */
export type SignerReference =
  | { readonly kind: 'local'; readonly nameOrPath: string }
  | Pkcs11Key
  | { readonly kind: 'vault'; readonly keyName: string }
  | {
      readonly kind: 'aws-kms';
      /** Identifier, ARN or `alias/NAME`. */
      readonly keyId: string;
      /** Named by an ARN only. */
      readonly region?: string;
    };

const LONGEST_REFERENCE = 4096;

/** A letter and more before the first colon is a scheme; one letter alone is a drive of Windows. Source: RFC 3986 §3.1. */
const SCHEME = /^([A-Za-z][A-Za-z0-9+.-]+):/;

/** Source: HashiCorp Vault, sdk/framework GenericNameRegex. */
const VAULT_NAME = /^\w(?:[\w.-]{0,126}\w)?$/;

// Sources: AWS KMS API reference, KeyId and AliasName; github.com/sigstore/sigstore pkg/signature/kms/aws.
const ARN = /^arn:(?:aws|aws-us-gov|aws-cn):kms:([a-z]{2}(?:-[a-z]+){1,3}-\d{1,2}):\d{12}:/;
const KMS_ID = /^(?:mrk-[0-9a-f]{32}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$/;
const KMS_ALIAS = /^alias\/[A-Za-z0-9/_-]{1,250}$/;

/**
 * Reads a reference to a key from untrusted text: `pkcs11:…`, `vault://NAME`, `awskms:///ID`, or the name or path of a key on this
 * machine. What looks like an address of another kind is refused, never taken for a path.
 */
export const readSignerReference = (text: string): Reading<SignerReference> => {
  if (text === '' || text.length > LONGEST_REFERENCE) return refused(text === '' ? 'it is empty' : `it has more than ${LONGEST_REFERENCE} letters`);
  if (/[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/.test(text) || /\p{Surrogate}/u.test(text)) return refused('it has letters that cannot be seen');
  const scheme = SCHEME.exec(text)?.[1];
  if (scheme === undefined) return accepted({ kind: 'local', nameOrPath: text });
  switch (scheme) {
    case 'pkcs11':
      return readPkcs11Uri(text.slice('pkcs11:'.length));
    case 'vault':
      return readVault(text);
    case 'awskms':
      return readAwsKms(text);
    default:
      return refused(`"${scheme.slice(0, 20)}:" is not known`);
  }
};

const readVault = (text: string): Reading<SignerReference> => {
  const keyName = text.slice('vault://'.length);
  return text.startsWith('vault://') && VAULT_NAME.test(keyName)
    ? accepted({ kind: 'vault', keyName })
    : refused('a key of Vault is written vault://NAME, and the server stands in VAULT_ADDR');
};

const readAwsKms = (text: string): Reading<SignerReference> => {
  const keyId = text.slice('awskms:///'.length);
  const arn = ARN.exec(keyId);
  const bare = arn === null ? keyId : keyId.slice(arn[0].length).replace(/^key\//, '');
  const isKey = (KMS_ID.test(bare) && (arn === null || keyId.endsWith(`:key/${bare}`))) || KMS_ALIAS.test(bare);
  if (!text.startsWith('awskms:///') || !isKey)
    return refused('a key of AWS KMS is written awskms:///ID, awskms:///alias/NAME or awskms:///ARN; another server stands in AWS_ENDPOINT_URL_KMS');
  return accepted({ kind: 'aws-kms', keyId, ...(arn === null ? {} : { region: arn[1]! }) });
};

const refused = (why: string): Reading<never> =>
  rejected({ pointer: '', message: `the reference to a key is not understood: ${why}`, hint: 'name a key, a path with a slash, pkcs11:…, vault://NAME or awskms:///ID' });
