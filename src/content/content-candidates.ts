import type { FileFacts } from '#files';

/** A file larger than this is not looked into. Unit: byte. */
const MOST_FILE_BYTES = 2 * 1024 ** 3;

/** Texts are compared as texts; looking into them is for nobody. */
const TEXT = /\.(txt|csv|tsv|jsonl?|log|out|err|md|rst|ya?ml|toml|ini|cfg|html?|xml|py|sh|tex|lock)$/i;

/** Modules of the run's own environment that read a format which Python alone does not know. */
const MODULES: readonly (readonly [RegExp, string])[] = [
  [/\.(parquet|pq|arrow|feather|ipc)$/i, 'pyarrow.parquet'],
  [/\.(h5|hdf5|hdf|keras|he5)$/i, 'h5py'],
];

/** Files that are worth looking into, the small ones first and only as many as the budget of bytes allows. */
export const contentCandidates = (files: readonly FileFacts[], budgetBytes: number): readonly FileFacts[] => {
  let left = budgetBytes;
  return files
    .filter((file) => file.kind === 'file' && (file.sizeBytes ?? 0) > 0 && file.sizeBytes! <= MOST_FILE_BYTES && !TEXT.test(file.path))
    .sort((a, b) => a.sizeBytes! - b.sizeBytes!)
    .filter((file) => {
      left -= file.sizeBytes!;
      return left >= 0;
    });
};

/** What has to be imported for these files; importing is dear, so nothing is imported in advance. */
export const modulesFor = (files: readonly FileFacts[]): readonly string[] => MODULES.filter(([pattern]) => files.some((file) => pattern.test(file.path))).map(([, name]) => name);
