import { quotedName, quotedText } from './sql-text.ts';
import type { ValueType } from './value-type.ts';

/**
 * An SQL expression for the canonical text of a value under rows/v1; never NULL. `expression` is evaluated several times. Equal
 * values have equal texts whatever their type: the integer 1, the real 1.0 and the text 1 are the same.
 */
export const canonicalText = (expression: string, type: ValueType): string => {
  switch (type.kind) {
    case 'boolean':
    case 'integer':
    case 'date':
    case 'time':
    case 'other':
      return `coalesce(CAST(${expression} AS VARCHAR), '')`;
    case 'double':
      return `rows_v1_real(${expression})`;
    case 'float':
      // The real that the shortest text of the value names, as if it had been read from CSV.
      return `rows_v1_real(CAST(CAST(${expression} AS VARCHAR) AS DOUBLE))`;
    case 'decimal':
      return decimalText(expression, type);
    case 'text':
      return `rows_v1_text(CAST(${expression} AS VARCHAR))`;
    case 'timestamp':
      return `coalesce(rows_v1_stamp(CAST(${expression} AS VARCHAR)), '')`;
    case 'timestamp-zone':
      return `coalesce(rows_v1_stamp(CAST(CAST(${expression} AS TIMESTAMP) AS VARCHAR)), '')`;
    case 'bytes':
      return `coalesce(lower(hex(${expression})), '')`;
    case 'json':
      return jsonValueText(expression);
    case 'list':
    case 'struct':
    case 'map':
      return `coalesce(${nestedText(expression, type, 0)}, '')`;
  }
};

/** Up to 15 digits a decimal is the real of the same text; one with more is what the same text in a column of CSV is. */
const decimalText = (expression: string, { width, scale }: { readonly width: number; readonly scale: number }): string => {
  if (scale === 0) return `coalesce(CAST(${expression} AS VARCHAR), '')`;
  const real = `rows_v1_real(CAST(${expression} AS DOUBLE))`;
  if (width <= 15) return real;
  return `rows_v1_number(CAST(${expression} AS VARCHAR))`;
};

/** A value of a column of JSON, whose rows may be of different types. */
const jsonValueText = (expression: string): string => {
  const text = `(${expression} ->> '$')`;
  return `CASE json_type(${expression})
    WHEN 'VARCHAR' THEN rows_v1_text(${text})
    WHEN 'DOUBLE' THEN rows_v1_real(CAST(${text} AS DOUBLE))
    WHEN 'BIGINT' THEN ${text}
    WHEN 'UBIGINT' THEN ${text}
    WHEN 'BOOLEAN' THEN ${text}
    WHEN 'NULL' THEN ''
    ELSE coalesce(CAST(json(${expression}) AS VARCHAR), '') END`;
};

/** JSON of a nested value: members sorted by name, members without a value left out. NULL if the whole has no value. */
const nestedText = (expression: string, type: ValueType, depth: number): string => {
  const item = `v${depth}`;
  switch (type.kind) {
    case 'list':
      return `('[' || array_to_string(list_transform(${expression}, lambda ${item}: coalesce(${nestedText(item, type.of, depth + 1)}, 'null')), ',') || ']')`;
    case 'struct':
      return structText(expression, type.fields, depth);
    case 'map': {
      const pair = `CAST(to_json(${canonicalText(`${item}.key`, type.key)}) AS VARCHAR) || ':' || ${nestedText(`${item}.value`, type.value, depth + 1)}`;
      return `('{' || array_to_string(list_sort(list_filter(list_transform(map_entries(${expression}), lambda ${item}: ${pair}), lambda w${depth}: w${depth} IS NOT NULL)), ',') || '}')`;
    }
    case 'integer':
      return `CAST(${expression} AS VARCHAR)`;
    case 'boolean':
      return `CAST(${expression} AS VARCHAR)`;
    case 'double':
    case 'float':
    case 'decimal':
      return `nullif(${canonicalText(expression, type)}, '')`;
    case 'json':
      return `CAST(json(${expression}) AS VARCHAR)`;
    case 'text':
    case 'date':
    case 'time':
    case 'timestamp':
    case 'timestamp-zone':
    case 'bytes':
    case 'other':
      return `CASE WHEN ${expression} IS NULL THEN NULL ELSE CAST(to_json(${canonicalText(expression, type)}) AS VARCHAR) END`;
  }
};

const structText = (expression: string, fields: readonly { readonly name: string; readonly type: ValueType }[], depth: number): string => {
  const members = fields
    .map(({ name, type }) => ({ key: `${JSON.stringify(name)}:`, text: nestedText(`${expression}.${quotedName(name)}`, type, depth + 1) }))
    .sort((a, b) => Buffer.compare(Buffer.from(a.key), Buffer.from(b.key)))
    .map(({ key, text }) => `${quotedText(key)} || ${text}`);
  return `CASE WHEN ${expression} IS NULL THEN NULL ELSE '{' || concat_ws(',', ${members.join(', ')}) || '}' END`;
};
