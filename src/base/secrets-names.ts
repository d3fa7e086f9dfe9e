/**
 * How sure a name is that its value is a secret. strong: any value that is no placeholder; medium: a value with letters and
 * digits; weak: only a value that looks drawn at random.
 */
export type SecretNameStrength = 'none' | 'weak' | 'medium' | 'strong';

/** Found anywhere in a name, with its separators removed, these say that the value is a secret. */
const STRONG =
  /passw(?:or)?d|passphrase|passcode|passwort|kennwort|motdepasse|contrasena|secret(?!ar)|credential|(?:api|private|access|secret|encryption|signing|master|account|storage|shared|service|license|client|consumer|session|auth|admin|ssh|gpg|hmac|jwt|aes|root|deploy|write|instrumentation|publish|stripe|sendgrid|wandb|openai|anthropic)key|(?:auth|access|api|bearer|refresh|session|oauth2?|id|personal|deploy|bot|csrf|security|secret|github|gitlab|hf|npm|pypi|slack|hub|vault|registry|user|service)token|connectionstring|connstr|privkey|authkey/;

/** Last words that are secrets by themselves. */
const LAST_STRONG = new Set([
  'pwd',
  'passwd',
  'pw',
  'authorization',
  'creds',
  'cred',
  'sas',
  'apikey',
  'dbpass',
  'sshpass',
  'pgpass',
  'mypass',
  'userpass',
  'rootpass',
  'adminpass',
  'smtppass',
  'ftppass',
  'redispass',
  'mailpass',
]);
const LAST_WEAK = new Set(['auth', 'jwt', 'cookie', 'cookies', 'webhook', 'bearer', 'dsn', 'otp', 'token', 'tokens', 'key', 'keys']);

/** What may stand behind a secret word without taking its meaning away: API_KEY_ID, TOKEN_VALUE. */
const CARRIERS = new Set([
  'id',
  'value',
  'base64',
  'b',
  'hex',
  'pem',
  'data',
  'json',
  'material',
  'env',
  'prod',
  'production',
  'dev',
  'staging',
  'test',
  'live',
  'old',
  'new',
  'primary',
  'secondary',
  '',
]);

/** Last words that say: this is about a secret (its file, its length), not the secret itself. */
const ABOUT = new Set(
  'name names file files filename path paths dir directory folder sock socket policy length len size count type field column label prompt message msg error errors help hint min max limit regex pattern validator form input widget view url uri endpoint required enabled expiry expires ttl timeout parallelism agent manager helper provider class algorithm algo method mode strategy'.split(
    ' ',
  ),
);

/** Words that make token, key or pass an everyday word of programs. */
const EVERYDAY: Readonly<Record<'token' | 'key' | 'pass', ReadonlySet<string>>> = {
  token: new Set(
    'max min num n pad eos bos unk mask sep cls special type ids count limit length len size embedding embeddings vocab per image batch budget start end stop next prev total text word sub prompt completion input output generated decoder encoder first last line next_ soft lex lexer parse parser class cache'.split(
      ' ',
    ),
  ),
  key: new Set(
    'primary foreign sort public pub group partition dict index row column cache hash metric state param feature label join lookup map query value attention mask padding dim proj sorting hot natural composite unique random rng prng data config setting node edge field item object s3 bucket object_ translation cmp short arrow escape enter function modifier default missing first last left right model layer weight'.split(
      ' ',
    ),
  ),
  pass: new Set(
    'n num any first second third forward backward one two single multi low high band all max min final by next last train eval test build opt code compiler'.split(' '),
  ),
};

const MOST_LETTERS = 200;

/** Words of a name, in lower case: DB_PASSWORD, dbPassword and db.password are db, password. Digits at the end of a word are dropped. */
const wordsOf = (name: string): readonly string[] =>
  name
    .slice(0, MOST_LETTERS)
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .map((word) => word.replace(/[0-9]{1,8}$/, ''))
    .filter((word, index, all) => word !== '' || index === all.length - 1);

/** Whether a variable, argument, key or parameter with this name holds a secret, and how sure that is. */
export const secretNameStrength = (name: string): SecretNameStrength => {
  // The shell's working folders share their name with passwords.
  if (name === 'PWD' || name === 'OLDPWD') return 'none';
  const words = trimCarriers(wordsOf(name));
  const last = words.at(-1);
  if (last === undefined || ABOUT.has(last)) return 'none';
  if (isEveryday(words)) return 'none';
  const whole = words.join('');
  if (/public(?:key|token)|pubkey/.test(whole) && !/priv|secret|passw/.test(whole)) return 'none';
  if (STRONG.test(whole)) return 'strong';
  if (LAST_STRONG.has(last)) return 'strong';
  if (last === 'pass') return words.length > 1 ? 'strong' : 'medium';
  if (last === 'pat') return /^(?:gh|git\w*|azure|devops|ado|access|personal|ext|snowflake|airtable|figma)$/.test(words.at(-2) ?? '') ? 'strong' : 'none';
  if (LAST_WEAK.has(last)) return 'weak';
  // MYAPPTOKEN, SERVICEKEY: written as one word, but not monkey or turkey.
  if (/^[a-z]{2,40}token$/.test(last)) return 'weak';
  if (/^[a-z]{2,40}key$/.test(last) && !/^(mon|tur|don|hoc|joc|whis|hot|ho|ca|jo|lac|mac|mic|disc|smo|risc?|tric|luc|flun|flu|pes|quir)key$/.test(last)) return 'weak';
  return 'none';
};

const trimCarriers = (words: readonly string[]): readonly string[] => {
  let end = words.length;
  while (end > 1 && CARRIERS.has(words[end - 1]!)) end -= 1;
  return words.slice(0, end);
};

const isEveryday = (words: readonly string[]): boolean => {
  const last = words.at(-1)!;
  const plain = last.replace(/s$/, '');
  const kind = plain === 'token' || plain === 'key' || last === 'pass' ? (last === 'pass' ? 'pass' : plain === 'token' ? 'token' : 'key') : undefined;
  if (kind === undefined) return words.includes('tokens') || (words.includes('token') && words.some((word) => EVERYDAY.token.has(word)));
  const before = words.slice(0, -1);
  if (last === 'tokens' && !before.some((word) => /^(access|auth|api|refresh|bearer|oauth|session|secret)$/.test(word))) return true;
  return before.some((word) => EVERYDAY[kind].has(word)) && !before.some((word) => /^(api|secret|private|access|auth)$/.test(word));
};

/** Whether a value under this name is treated as a secret where only the name can be judged: environment, arguments, parameters. */
export const isSecretName = (name: string): boolean => secretNameStrength(name) !== 'none';
