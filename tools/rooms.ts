/**
 * The rooms of src/, what each may import and whether it is pure.
 * The lint rules (.oxlintrc.json) are generated from this table; ARCHITECTURE.md explains it.
 */
export type Room = {
  readonly name: string;
  /** Pure rooms run unchanged in Node and in a browser: no built-in module, clock, randomness, environment or I/O. */
  readonly pure: boolean;
  readonly imports: readonly string[];
};

const pure = (name: string, imports: string): Room => ({ name, pure: true, imports: words(imports) });
const edge = (name: string, imports: string): Room => ({ name, pure: false, imports: words(imports) });
const words = (text: string): readonly string[] => text.split(' ').filter((word) => word !== '');

const PURE: readonly Room[] = [
  pure('base', ''),
  pure('yaml', 'base'),
  pure('digest', 'base'),
  pure('migrate', 'base'),
  pure('manifest', 'base digest migrate'),
  pure('snapshot', 'base digest'),
  pure('config', 'base manifest yaml'),
  pure('assembly', 'base digest migrate manifest config'),
  pure('seal', 'base digest'),
  pure('tlog', 'base digest seal'),
  pure('sigstore', 'base digest seal tlog'),
  pure('trust', 'base seal tlog'),
  pure('statements', 'base digest migrate manifest seal'),
  pure('history', 'base manifest seal statements'),
  pure('diff', 'base manifest'),
  pure('environment', 'base manifest'),
  pure('approval', 'base yaml manifest seal trust diff'),
  pure('verify', 'base digest manifest migrate seal tlog sigstore trust statements history'),
  pure('gate', 'base manifest snapshot verify approval'),
  pure('blame', 'base manifest diff'),
  pure('evidence', 'base yaml manifest diff verify trust'),
  pure('report', 'base manifest snapshot environment diff verify gate blame approval tlog trust history migrate statements evidence'),
  pure('registry-api', 'base manifest seal tlog verify diff approval gate blame history'),
];

const EDGES: readonly Room[] = [
  edge('files', 'base digest'),
  edge('remote', 'base files'),
  edge('content', 'base digest manifest snapshot files'),
  edge('origins', 'base digest snapshot files content remote yaml'),
  edge('capture', 'base digest manifest config assembly files'),
  edge('keys', 'base digest files remote seal tlog sigstore trust statements'),
  edge('logbook', 'base digest files seal tlog'),
  edge('engine', 'base'),
  edge('store', 'base digest manifest snapshot seal tlog trust history registry-api files remote'),
  edge('replay', 'base digest manifest snapshot config assembly diff files content origins capture store'),
];

const names = (rooms: readonly Room[]): string => rooms.map((room) => room.name).join(' ');

export const ROOMS: readonly Room[] = [
  ...PURE,
  ...EDGES,
  edge('flows', `${names(PURE)} ${names(EDGES)}`),
  edge('server', 'flows registry-api report base manifest web'),
  edge('web', names(PURE)),
  edge('cli', 'base manifest snapshot config report flows server'),
];
