/** Texts that stand where a secret could stand and are none; compared in lower case without separators. */
const TRIVIAL = new Set(
  'none null nil true false undefined void string str text bytes int integer float number bool boolean object any optional required list dict array map tuple set self cls this value values name names default defaults password passwd passphrase secret secrets token tokens apikey key keys credential credentials auth basic bearer digest oauth oauth2 negotiate ntlm kerberos jwt cookie cookies test tests testing tester testpass testpassword testtoken testkey testsecret mypassword mypass mysecret mytoken mykey myapikey pass user username login admin root guest postgres mysql mariadb redis rabbitmq mongo mongodb minio example examples sample dummy fake foo foobar foobarbaz bar baz qux changeme changeit change replaceme placeholder redacted masked hidden removed omitted empty unset blank missing unknown invalid yourpassword yourtoken yourkey yourapikey yoursecret enterpassword localhost localhost development production public private primary secondary header headers query param params cookieauth session bearerauth auto never always optional enabled disabled yes plain plaintext hash hashed encrypted sha256 sha512 md5 bcrypt scrypt argon2 pbkdf2 aes rsa hmac base64 utf8 ascii secretstr securestring'.split(
    /\s+/,
  ),
);

const PLACEHOLDER_WORDS = /example|placeholder|change[-_ ]?(?:me|it)|your[-_ ]|replace|insert|redacted|masked|dummy|todo|fixme|xxxx|\.\.\.|<|>|lorem/i;

/** Whether a text that stands where a secret could stand is none: ***, ${VAR}, <token>, changeme, None. */
export const isPlaceholder = (value: string): boolean => {
  if (value.length < 3) return true;
  if (/^(.)\1*$/s.test(value.slice(0, 64)) && value.length <= 64) return true;
  if (/^(?:\$[({]?[A-Za-z_]|\{\{?|%\(|%[A-Za-z_]+%|<|\[|@[{(]|!(?:Ref|Sub|vault|env|reference|secret)\b|ENC\[|vault:|op:\/\/|arn:aws:)/.test(value)) return true;
  if (/\$\{[A-Za-z_]|\$\([A-Za-z_]|\{\{/.test(value)) return true;
  if (value.length >= 6 && 'abcdefghijklmnopqrstuvwxyz01234567890123456789abcdef0123456789abcdef0123456789abcdef1234567890'.includes(value.toLowerCase())) return true;
  // '%s:%s' and '{user}:{password}' are filled in by a program.
  if (/%[sdr]|\{\w{0,32}\}/.test(value) && !/[A-Za-z0-9]{4}/.test(value.replace(/%[sdr]|\{\w{0,32}\}/g, ''))) return true;
  const squashed = value.toLowerCase().replace(/[^a-z0-9]+/g, '');
  if (squashed === '' && !/[!@#$%^&+?]/.test(value)) return true;
  if (TRIVIAL.has(squashed) || TRIVIAL.has(squashed.replace(/[0-9]{1,3}$/, ''))) return value.replace(/[^!@#$%^&+?]/g, '').length < 2;
  return PLACEHOLDER_WORDS.test(value) && value.replace(/[^0-9]/g, '').length < 3;
};

/** Bits per character of the first 128 characters. Source: Shannon 1948. */
const entropyOf = (value: string): number => {
  const text = value.slice(0, 128);
  const counts = new Map<string, number>();
  for (const letter of text) counts.set(letter, (counts.get(letter) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
};

/** Whether a value looks drawn at random: long, mixed, no words joined by separators. */
export const looksRandom = (value: string): boolean => {
  const digits = value.replace(/[^0-9]/g, '').length;
  if (isJumbled(value)) return true;
  if (value.length < 12 || digits < 2 || digits === value.length) return false;
  return entropyOf(value) >= (value.length >= 20 ? 3.2 : 3.0) && !isWordy(value);
};

/** Upper and lower case change too often for words: one in thirty drawn values of 20 letters has no digit to tell it by. */
export const isJumbled = (value: string): boolean => {
  if (value.length < 16 || !/^[A-Za-z0-9+/_=-]+$/.test(value)) return false;
  const changes = value.match(/[a-z](?=[A-Z])|[A-Z](?=[a-z])/g)?.length ?? 0;
  return changes / value.length >= 0.3 && !/^(?:[A-Z]{1,6}[a-z]{2,}){2,}$/.test(value);
};

/** conv2d_1_weight, layers.0.attn, text-embedding-3-large: words and small numbers joined by separators. */
export const isWordy = (value: string): boolean => {
  const parts = value.split(/[_.\-/:\s]+/).filter((part) => part !== '');
  return parts.length >= 2 && parts.every((part) => /^(?:[A-Za-z]{1,20}[0-9]{0,2}|[0-9]{1,4}|v[0-9]{1,3}|[a-z]{1,12}[0-9]{1,3}[a-z]{1,12})$/.test(part));
};

/** Whether a value under the name of a secret is one, judged by how sure the name is. */
export const isLikelySecret = (value: string, strength: 'weak' | 'medium' | 'strong'): boolean => {
  if (value.length < 4 || value.length > 8192 || isPlaceholder(value) || /\s/.test(value) || /^0x[0-9A-Fa-f]+(?:[uU]?[lL]{0,2})$/.test(value)) return false;
  if (isAddress(value)) return false;
  if (strength === 'weak') return value.length >= 8 && (looksMixed(value) || isJumbled(value)) && !isWordy(value) && !isPattern(value);
  if (strength === 'medium') return value.length >= 6 && ((/[0-9]/.test(value) && /[A-Za-z]/.test(value)) || isJumbled(value)) && !isWordy(value) && !isPattern(value);
  if (/^[A-Za-z_-]+$/.test(value)) return value.length >= 6 && !isCodeName(value);
  return !/^[\d.]{1,5}$/.test(value) && !/^\d+(?:\.\d+)+$/.test(value);
};

/** A regular expression or an escaped byte string. */
const isPattern = (value: string): boolean => /\\[dwsbx.nrtu[\](){}]|\[\^|\(\?|\][*+?{]/.test(value);

const looksMixed = (value: string): boolean => {
  const digits = value.replace(/[^0-9]/g, '').length;
  if (value.length >= 24) return digits >= 2 && entropyOf(value) >= 3.2;
  return digits >= 3 && digits < value.length && entropyOf(value) >= 2.5;
};

/** SecretStr, user_password, access-token, mysecretkey: names of a program, not secrets. */
const isCodeName = (value: string): boolean => {
  if (value.length > 64) return false;
  if (/^(?:my|your|the|a|user|app|db|test|new|old|pass|word|secret|token|key|api|auth|login|access|client|service|name)+$/i.test(value)) return true;
  return /[_-]|[a-z][A-Z]/.test(value) && /pass|secret|token|key|cred|auth|login|user|field|header|param|input|form|type/i.test(value);
};

/** A path or URL without anything secret in it. */
const isAddress = (value: string): boolean =>
  /^(?:https?:\/\/|file:|[A-Za-z]:\\|\.{0,2}\/(?:[\w.-]+\/)+|~\/|[\w-]+(?:\.[\w-]+)+\.(?:com|org|io|net|dev)\b)/.test(value) ||
  /\.(?:py|json|ya?ml|toml|txt|md|pem|crt|csv|html?|js|ts)$/i.test(value);
