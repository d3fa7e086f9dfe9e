import { escapeControl, fromBase64, type JsonValue, readJson } from '#base';
import { documentForm, fieldAt } from '#manifest';
import { dataDocumentForm } from '#snapshot';
import { kindOfPredicate } from '#statements';

/**
 * A document of ours as lines `place = value`, sorted, one fact a line, so that a comparison line by line names what differs. Items of lists
 * stand under their names and not under their numbers. What differs from run to run without saying anything (process numbers, times of work)
 * is left out of records. Undefined for everything that is no record, signed statement, snapshot or erasure. The bytes are hostile; never throws.
 */
export const documentLines = (bytes: Uint8Array): readonly string[] | undefined => {
  const json = readJson(bytes);
  if (json.kind === 'rejected' || !isObject(json.value)) return undefined;
  const lines = linesOf(json.value);
  return lines === undefined ? undefined : [...new Set(lines)].toSorted();
};

type JsonObject = Readonly<Record<string, JsonValue>>;

const isObject = (value: JsonValue | undefined): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);

const linesOf = (document: JsonObject): readonly string[] | undefined => {
  if (isObject(document['dsseEnvelope'])) return bundleLines(document, document['dsseEnvelope']);
  if (typeof document['predicateType'] === 'string') return statementLines(document);
  if (dataDocumentForm(document) !== undefined) return valueLines(document, place('snapshot'));
  return documentForm(document) === 'manifest' ? manifestLines(document) : undefined;
};

/** What is signed, and then who signed it. */
const bundleLines = (bundle: JsonObject, envelope: JsonObject): readonly string[] | undefined => {
  const { payload, ...around } = envelope;
  const inside = typeof payload === 'string' ? fromBase64(payload) : undefined;
  const statement = inside === undefined ? undefined : readJson(inside);
  const lines = statement?.kind === 'accepted' && isObject(statement.value) ? statementLines(statement.value) : undefined;
  return lines === undefined ? undefined : [...lines, ...valueLines({ ...bundle, dsseEnvelope: around }, place('bundle'))];
};

const statementLines = (statement: JsonObject): readonly string[] | undefined => {
  const { predicate, predicateType, ...around } = statement;
  if (typeof predicateType !== 'string' || kindOfPredicate(predicateType) === undefined || !isObject(predicate)) return undefined;
  const inner = kindOfPredicate(predicateType) === 'training-run' ? manifestLines(predicate) : valueLines(predicate, place());
  return [...inner, ...valueLines({ ...around, predicateType }, place('statement'))];
};

/** Places of a manifest that say how the work went and not what it was. */
const NOISE: ReadonlySet<string> = new Set([
  '/process',
  '/processes',
  '/capture/overhead',
  '/run/usage',
  '/run/finishedAt',
  '/logs/output',
  '/code/files/*/stored',
  '/data/*/files/*/stored',
]);

/** Where a value stands: as people read it, and, within a manifest, as the schema has it. */
type Place = { readonly shown: readonly string[]; readonly path?: string };

const place = (...shown: readonly string[]): Place => ({ shown });

const manifestLines = (manifest: JsonObject): readonly string[] => valueLines(manifest, { shown: [], path: '' });

const valueLines = (value: JsonValue, at: Place): readonly string[] => {
  if (at.path !== undefined && NOISE.has(at.path)) return [];
  if (Array.isArray(value)) return listLines(value as readonly JsonValue[], at);
  if (!isObject(value)) return [lineOf(at, scalarText(value))];
  const members = Object.entries(value);
  return members.length === 0 ? [lineOf(at, '{}')] : members.flatMap(([key, member]) => valueLines(member, below(at, { name: key, step: key })));
};

const listLines = (list: readonly JsonValue[], at: Place): readonly string[] => {
  if (!list.some((item) => typeof item === 'object' && item !== null)) return [lineOf(at, `[${list.map(itemText).join(', ')}]`)];
  const names = namesOf(list, at);
  const [naming, ...more] = keyOf(list, at);
  return list.flatMap((item, i) => valueLines(more.length > 0 ? item : without(item, naming), below(at, { name: names[i]!, step: '*' })));
};

/** What stands in the name of an item already need not be said again. */
const without = (item: JsonValue, member: string | undefined): JsonValue =>
  member === undefined || !isObject(item) || Object.keys(item).length < 2 ? item : Object.fromEntries(Object.entries(item).filter(([name]) => name !== member));

/** Packages stand directly below the dependencies: dependencies.numpy.version. */
const UNNAMED: ReadonlySet<string> = new Set(['/dependencies/distributions']);

const below = ({ shown, path }: Place, { name, step }: { readonly name: string; readonly step: string }): Place => {
  if (path === undefined) return { shown: [...shown, name] };
  const next = [`${path}/${step}`, `${path}/{}`].find((one) => fieldAt(one) !== undefined);
  const above = UNNAMED.has(path) ? shown.slice(0, -1) : shown;
  // What the schema does not know is told all the same.
  return next === undefined ? { shown: [...above, name] } : { shown: [...above, name], path: next };
};

/** Members that name an item where no schema says which. */
const NAMING = ['name', 'path', 'id', 'keyid', 'uri'];

/** The members that identify the items of a list. */
const keyOf = (list: readonly JsonValue[], { path }: Place): readonly string[] =>
  (path === undefined ? undefined : fieldAt(path)?.key) ?? NAMING.filter((name) => list.every((item) => memberText(item, name) !== '')).slice(0, 1);

/** What items are called: by the members that identify them, and, where several have the same, with a number. */
const namesOf = (list: readonly JsonValue[], at: Place): readonly string[] => {
  const key = keyOf(list, at);
  const seen = new Map<string, number>();
  return list.map((item, i) => {
    const name = key
      .map((member) => memberText(item, member))
      .filter((text) => text !== '')
      .join(' ');
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    return name === '' ? String(i) : count === 1 ? name : `${name}#${count}`;
  });
};

const memberText = (item: JsonValue, dotted: string): string => {
  let here: JsonValue | undefined = item;
  for (const name of dotted.split('.')) here = isObject(here) && Object.hasOwn(here, name) ? here[name] : undefined;
  return typeof here === 'string' || typeof here === 'number' ? String(here) : '';
};

const lineOf = ({ shown }: Place, value: string): string => `${shown.map(stepText).join('.')} = ${value}`;

/** A step that holds a sign of the notation is quoted, so that two places never read the same. */
const stepText = (step: string): string => (step === '' || /[\s."=]/.test(step) ? quoted(step) : plain(step));

/** Text as it is, unless it could be read as something else. Versions and decimals are texts in a record, and stand without quotes. */
const scalarText = (value: JsonValue): string =>
  typeof value !== 'string' ? JSON.stringify(value) : value === '' || value !== value.trim() || /^["[{]|^(?:true|false|null)$/.test(value) ? quoted(value) : plain(value);

const itemText = (value: JsonValue): string => (typeof value === 'string' && /[,\]]/.test(value) ? quoted(value) : scalarText(value));

const plain = (value: string): string => escapeControl(value).toWellFormed();

const quoted = (value: string): string => plain(JSON.stringify(value.toWellFormed()));
