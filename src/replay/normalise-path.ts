/**
 * Parts of paths that tools make up anew at every run, and what stands for them. The order matters: longer forms come first.
 * Sources: hydra.run.dir default, Lightning loggers (version_N), wandb run folders, tensorboard SummaryWriter, mlruns layout.
 */
const MADE_UP: readonly (readonly [RegExp, string])[] = [
  [/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi, '<id>'],
  [/(?<=(?:^|\/)(?:offline-)?run-)\d{8}_\d{6}-[a-z0-9]{8}(?=\/|\.|$)/g, '<time>-<id>'],
  [/(?<=(?:^|\/)run-)[a-z0-9]{8}(?=\.wandb$)/g, '<id>'],
  [/events\.out\.tfevents\.\d+\.[^/]*/g, 'events.out.tfevents.<id>'],
  [/(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\d{2}_\d{2}-\d{2}-\d{2}_[^/]+/g, '<time>_<host>'],
  [/(?<![0-9])20\d{2}[-_.]?[01]\d[-_.]?[0-3]\d[-_T .]?[0-2]\d[-_.:h]?[0-5]\d[-_.:m]?[0-5]\d(?:[.,]\d+)?Z?(?![0-9])/g, '<time>'],
  [/(?<![0-9])20\d{2}[-_.]?[01]\d[-_.]?[0-3]\d(?![0-9])/g, '<date>'],
  [/(?<=(?:^|\/))[0-2]\d[-_][0-5]\d[-_][0-5]\d(?=\/|$)/g, '<time>'],
  [/(?<![0-9])1[6-9]\d{8}(?:\.\d+|\d{3}|\d{6}|\d{9})?(?![0-9])/g, '<time>'],
  [/(?<![0-9a-f])(?:[0-9a-f]{32}|[0-9a-f]{40})(?![0-9a-f])/g, '<id>'],
  [/(?<=(?:^|[/_-])version_)\d+/g, '<n>'],
  [/(?<=(?:^|\/)(?:exp|run|trial))[-_]?\d*(?=\/)/g, '<n>'],
  [/-v\d+(?=\.ckpt$)/g, ''],
  [/(?<=(?:^|[/._-])pid[-_]?)\d+/g, '<n>'],
  [/(?<=(?:^|\/))tmp[a-z0-9_]{8}(?=[/.]|$)/g, '<temporary>'],
];

/** The path of an output with everything that a tool makes up at every run replaced: two runs of one program give the same. */
export const normalisePath = (path: string): string => MADE_UP.reduce((text, [pattern, name]) => text.replace(pattern, name), path);
