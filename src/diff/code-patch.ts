import { fromUtf8 } from '#base';
import { createTwoFilesPatch } from 'diff';
import type { Comparison, Detail, Difference } from './comparison.ts';
import { memberAt } from './json-equal.ts';

/** Longer files are not compared line by line. Unit: byte. */
const MAX_BYTES = 1024 * 1024;
/** More edits than this are no longer readable, and cost time. Unit: line. */
const MAX_EDITS = 4000;

/** Digests of the code whose bytes a caller should fetch, so that withPatches can show what changed in it. */
export const wantedBytes = (comparison: Comparison): readonly string[] => [...new Set(comparison.causes.flatMap((difference) => digestPair(difference) ?? []))];

/** Adds unified diffs to the code files that differ between the first and the last manifest, as far as the bytes of both are given. */
export const withPatches = (comparison: Comparison, bytes: ReadonlyMap<string, Uint8Array>): Comparison => ({
  ...comparison,
  causes: comparison.causes.map((difference) => {
    const [before, after] = digestPair(difference) ?? [];
    const detail = before === undefined || after === undefined ? undefined : patchOf(difference.label, bytes.get(before), bytes.get(after));
    return detail === undefined ? difference : { ...difference, details: [...difference.details, detail] };
  }),
});

const PATCHED = new Set(['/code/files/*', '/run/entryPoint', '/code/repository/untracked/*']);

const digestPair = (difference: Difference): readonly [string, string] | undefined => {
  if (!PATCHED.has(difference.path) || difference.kind !== 'changed') return undefined;
  const [a, b] = [difference.cells[0], difference.cells.at(-1)].map((cell) => (cell?.kind === 'value' ? memberAt(cell.value, 'sha256') : undefined));
  return typeof a === 'string' && typeof b === 'string' && a !== b ? [a, b] : undefined;
};

const patchOf = (label: string, before: Uint8Array | undefined, after: Uint8Array | undefined): Detail | undefined => {
  if (before === undefined || after === undefined) return undefined;
  const [a, b] = [textOf(before), textOf(after)];
  if (a === undefined || b === undefined) return { kind: 'note', text: 'not shown line by line: binary or longer than 1 MiB' };
  const text = createTwoFilesPatch('a', 'b', a, b, undefined, undefined, { context: 3, maxEditLength: MAX_EDITS });
  if (text === undefined) return { kind: 'note', text: `not shown line by line: more than ${MAX_EDITS} lines changed` };
  const body = text.slice(text.indexOf('\n@@') + 1).split('\n');
  return { kind: 'patch', text: body.join('\n').trimEnd(), added: body.filter((line) => line.startsWith('+')).length, removed: body.filter((line) => line.startsWith('-')).length };
};

const textOf = (bytes: Uint8Array): string | undefined => {
  const text = bytes.length > MAX_BYTES ? undefined : fromUtf8(bytes);
  return text?.includes('\0') === true ? undefined : text;
};
