import { escapeControl, type JsonValue, pointerToken, type Problem } from '#base';
import type { Config as Declared } from './generated/config-types.ts';
import type { Config } from './read-config.ts';

/** A decimal as manifests hold it; bounds and tolerances must be finite. Source: schema/manifest, definition real. */
const DECIMAL = /^-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?$/;

const TOLERANCES = ['absoluteTolerance', 'relativeTolerance'] as const;

/** Every bound and tolerance that is no decimal number; the value has not been checked before. */
export const decimalProblems = (value: JsonValue, numbers: ReadonlyMap<string, string>): readonly Problem[] => [
  ...members(member(value, 'metrics')).flatMap(([name, metric]) =>
    TOLERANCES.flatMap((key) => problemAt(member(metric, key), `/metrics/${pointerToken(name)}/${key}`, numbers, 0)),
  ),
  ...problemAt(member(member(value, 'canary'), 'absoluteTolerance'), '/canary/absoluteTolerance', numbers, 0),
  ...members(member(value, 'criteria')).flatMap(([index, criterion]) => problemAt(member(criterion, 'value'), `/criteria/${index}/value`, numbers, Number.NEGATIVE_INFINITY)),
];

const problemAt = (value: JsonValue | undefined, pointer: string, numbers: ReadonlyMap<string, string>, lowest: number): readonly Problem[] => {
  if (typeof value !== 'number' && typeof value !== 'string') return []; // the schema tells that
  const text = textOf(value, pointer, numbers);
  if (!DECIMAL.test(text) || text.length > 400) return [{ pointer, message: `'${escapeControl(text.slice(0, 60))}' is not a decimal number`, hint: 'write it like 0.95 or 1e-3' }];
  return Number(text) < lowest ? [{ pointer, message: `${text} is negative; a tolerance is not` }] : [];
};

/** The configuration with every real number as the decimal that its source shows, so that 0.10 stays "0.10" and 1e-3 "1e-3". */
export const withDecimals = ({ metrics, criteria, canary, ...rest }: Declared, numbers: ReadonlyMap<string, string>): Config => ({
  ...rest,
  ...(metrics === undefined ? {} : { metrics: Object.fromEntries(Object.entries(metrics).map(([name, metric]) => [name, metricOf(name, metric, numbers)])) }),
  ...(canary === undefined ? {} : { canary: canaryOf(canary, numbers) }),
  ...(criteria === undefined ? {} : { criteria: criteria.map((criterion, index) => ({ ...criterion, value: textOf(criterion.value, `/criteria/${index}/value`, numbers) })) }),
});

type DeclaredMetric = NonNullable<Declared['metrics']>[string];

const metricOf = (
  name: string,
  { absoluteTolerance, relativeTolerance, ...metric }: DeclaredMetric,
  numbers: ReadonlyMap<string, string>,
): NonNullable<Config['metrics']>[string] => {
  const place = `/metrics/${pointerToken(name)}`;
  return {
    ...metric,
    ...(absoluteTolerance === undefined ? {} : { absoluteTolerance: textOf(absoluteTolerance, `${place}/absoluteTolerance`, numbers) }),
    ...(relativeTolerance === undefined ? {} : { relativeTolerance: textOf(relativeTolerance, `${place}/relativeTolerance`, numbers) }),
  };
};

const canaryOf = ({ absoluteTolerance, ...canary }: NonNullable<Declared['canary']>, numbers: ReadonlyMap<string, string>): NonNullable<Config['canary']> => ({
  ...canary,
  ...(absoluteTolerance === undefined ? {} : { absoluteTolerance: textOf(absoluteTolerance, '/canary/absoluteTolerance', numbers) }),
});

const textOf = (value: number | string, pointer: string, numbers: ReadonlyMap<string, string>): string =>
  typeof value === 'number' ? (numbers.get(pointer) ?? String(value)) : value;

const member = (value: JsonValue | undefined, key: string): JsonValue | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Readonly<Record<string, JsonValue>>)[key] : undefined;

const members = (value: JsonValue | undefined): readonly (readonly [string, JsonValue])[] => (typeof value === 'object' && value !== null ? Object.entries(value) : []);
