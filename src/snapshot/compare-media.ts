import type { MediaDifference } from './difference.ts';
import type { Media, Snapshot } from './generated/snapshot-types.ts';
import { gradeOfIndex, indexOf, sharesOf, totalVariationOf } from './stability-index.ts';

const MEASURES = ['width', 'height', 'durationMs', 'sampleRateHz', 'lines'] as const;

/** Compares folders of images, recordings and texts that both snapshots have; those in which nothing differs and everything can be read are left out. */
export const compareMedia = (before: Pick<Snapshot, 'media'>, after: Pick<Snapshot, 'media'>): readonly MediaDifference[] =>
  (after.media ?? []).flatMap((young) => {
    const old = before.media?.find(({ path, kind }) => path === young.path && kind === young.kind);
    if (old === undefined) return [];
    const difference = mediaDifference(old, young);
    const isSame = difference.unreadable === undefined && old.fileCount === young.fileCount && difference.ranges.length === 0 && (difference.classes?.totalVariation ?? 0) === 0;
    return isSame ? [] : [difference];
  });

const mediaDifference = (before: Media, after: Media): MediaDifference => {
  const bins = classBins(before, after);
  const unreadable = { before: before.unreadableCount ?? 0, after: after.unreadableCount ?? 0 };
  return {
    path: after.path,
    kind: after.kind,
    fileCount: { before: before.fileCount, after: after.fileCount },
    ...(unreadable.before + unreadable.after === 0 ? {} : { unreadable }),
    ...(bins === undefined ? {} : { classes: { totalVariation: totalVariationOf(bins), stabilityIndex: indexOf(bins), grade: gradeOfIndex(indexOf(bins)), bins: sharesOf(bins) } }),
    ranges: MEASURES.flatMap((measure) =>
      JSON.stringify(before[measure]) === JSON.stringify(after[measure]) ? [] : [{ measure, before: before[measure], after: after[measure] }],
    ),
  };
};

const classBins = (before: Media, after: Media) => {
  if (before.classes === undefined || after.classes === undefined) return undefined;
  const [old, young] = [before.classes, after.classes].map((classes) => new Map(classes.map(({ name, count }) => [name, count])));
  return [...new Set([...old!.keys(), ...young!.keys()])].map((name) => ({ name, before: old!.get(name) ?? 0, after: young!.get(name) ?? 0 }));
};
