import { escapeControl } from '#base';
import type { Manifest } from '#manifest';

/** Keys of the front matter that are ours where nobody else has written them. */
export const OWN_KEYS = ['base_model', 'datasets', 'license', 'model-index'] as const;

export type OwnKey = (typeof OWN_KEYS)[number];

/** What is known of a model, as lines of YAML by key: only what is recorded or declared. Source: huggingface.co/docs/hub/model-cards. */
export const cardMetadata = (manifest: Manifest): ReadonlyMap<OwnKey, readonly string[]> => {
  const metadata = new Map<OwnKey, readonly string[]>();
  const base = hubNames(manifest, /^hf:\/\/([^/]+\/[^/]+|[^/]+)$/, ({ role }) => role === 'pretrained');
  if (base.length > 0) metadata.set('base_model', listLines('base_model', base));
  const datasets = hubNames(manifest, /^hf:\/\/datasets\/([^/]+\/[^/]+|[^/]+)$/, ({ role }) => role !== 'pretrained' && role !== 'config' && role !== 'cache');
  if (datasets.length > 0) metadata.set('datasets', listLines('datasets', datasets));
  // The licence of data is not that of the model: only a person can say that one.
  const licence = manifest.run.tags?.['license'] ?? manifest.run.tags?.['licence'];
  if (licence !== undefined && licence !== '') metadata.set('license', [`license: ${quoted(licence)}`]);
  const results = resultLines(manifest);
  if (results.length > 0) metadata.set('model-index', ['model-index:', `  - name: ${quoted(nameOf(manifest))}`, '    results:', ...results]);
  return metadata;
};

type DataSet = Manifest['data'][number];

const hubNames = ({ data }: Manifest, form: RegExp, isMeant: (set: DataSet) => boolean): readonly string[] => [
  ...new Set(data.flatMap((set) => (set.origin.kind === 'hub' && isMeant(set) ? [form.exec(set.origin.uri ?? '')?.[1] ?? []].flat() : []))),
];

const listLines = (key: OwnKey, names: readonly string[]): readonly string[] => [`${key}:`, ...names.map((name) => `  - ${quoted(name)}`)];

const nameOf = ({ model, run }: Manifest): string => model?.name ?? run.name ?? run.id;

type Metric = Manifest['evaluation']['metrics'][number];

const MOST_METRICS = 200;

/** The last reported value of each metric, by the part of the data it was measured on. */
const resultLines = (manifest: Manifest): readonly string[] => {
  const last = new Map<string, Metric>();
  for (const metric of manifest.evaluation.metrics) if (metric.trust === 'reported') last.set(JSON.stringify([metric.name, metric.stage, metric.split]), metric);
  const groups = new Map<string, Metric[]>();
  for (const metric of [...last.values()].slice(0, MOST_METRICS)) {
    const key = JSON.stringify([dataOf(metric, manifest)?.name, metric.split]);
    groups.set(key, [...(groups.get(key) ?? []), metric]);
  }
  return [...groups.values()].flatMap((metrics) => [...placeLines(metrics[0]!, manifest), '        metrics:', ...metrics.flatMap(metricLines)]);
};

/** The data set of which the record says that this metric was made against it. */
const dataOf = ({ name }: Metric, { data }: Manifest): DataSet | undefined => data.find(({ evaluations = [] }) => evaluations.includes(name));

/** Task and data set are demanded by the form; what is not recorded is called so. A task can be declared with a tag. */
const placeLines = (metric: Metric, manifest: Manifest): readonly string[] => {
  const set = dataOf(metric, manifest);
  const hub = /^hf:\/\/datasets\/(.+)$/.exec(set?.origin.kind === 'hub' ? (set.origin.uri ?? '') : '')?.[1];
  return [
    '      - task:',
    `          type: ${quoted(manifest.run.tags?.['task'] ?? 'other')}`,
    '        dataset:',
    `          type: ${quoted(hub ?? 'other')}`,
    `          name: ${quoted(set?.name ?? 'not recorded')}`,
    ...(metric.split === undefined ? [] : [`          split: ${quoted(metric.split)}`]),
  ];
};

const metricLines = ({ name, stage, value }: Metric): readonly string[] => [
  `          - type: ${quoted(name)}`,
  `            value: ${numberText(value)}`,
  `            name: ${quoted(stage === undefined ? name : `${name} (${stage})`)}`,
];

/** A number that every reader of YAML takes for one: those of YAML 1.1 want a point and a sign in the exponent. Other values are texts. */
const numberText = (value: string): string => {
  const match = /^([+-]?)(\d+)(\.\d*)?(?:[eE]([+-]?)(\d+))?$/.exec(value);
  if (match === null) return quoted(value);
  const [, sign = '', whole = '', fraction, exponentSign, exponent] = match;
  const digits = `${sign === '-' ? '-' : ''}${whole.replace(/^0+(?=\d)/, '')}`;
  if (exponent === undefined) return `${digits}${fraction === undefined ? '' : fraction === '.' ? '.0' : fraction}`;
  return `${digits}${fraction === undefined || fraction === '.' ? '.0' : fraction}e${exponentSign === '-' ? '-' : '+'}${exponent}`;
};

/** A text in double quotes: JSON is YAML, once no control character is left. */
const quoted = (text: string): string => JSON.stringify(escapeControl(text).toWellFormed());
