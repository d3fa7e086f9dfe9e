import { type JsonValue, pointerToken, valueAt } from '#base';
import { CURRENT_MAJOR, migrateManifest, type MigrationNote } from '#migrate';

export type ViewOfRecord = {
  readonly view: JsonValue;
  /** Major version of the view. */ readonly to: number;
  /** What the view of now says otherwise than the record. */ readonly notes: readonly MigrationNote[];
};

/** JSON pointers into a record (the predicate), as they lead to the same values in a view of it. Pure. */
export const placesInView = (places: readonly string[], { view, to, notes }: ViewOfRecord): readonly string[] => {
  if (places.length === 0) return places;
  const moves = to === CURRENT_MAJOR ? movesIn(notes) : movesIn(migrateManifest(view, to, CURRENT_MAJOR).notes).map(({ from, pointer }) => ({ from: pointer, pointer: from }));
  return places.map((place) => asideIn(view, place) ?? moved(place, moves));
};

type Move = { readonly from: string; readonly pointer: string };

const movesIn = (notes: readonly MigrationNote[]): readonly Move[] =>
  notes.flatMap(({ kind, from, pointer }) => (kind === 'moved' && from !== undefined ? [{ from, pointer }] : []));

const moved = (place: string, moves: readonly Move[]): string => {
  const move = moves.find(({ from }) => isBelow(place, from));
  return move === undefined ? place : `${move.pointer}${place.slice(move.from.length)}`;
};

/** What a version has no field for stands among our extensions, by its pointer. */
const asideIn = (view: JsonValue, place: string): string | undefined => {
  for (const [name, kept] of membersOf(valueAt(view, '/extensions')).filter(([one]) => one.startsWith('dev.trainlock.'))) {
    const found = membersOf(kept).find(([from, value]) => isBelow(place, from) && valueAt(value, place.slice(from.length)) !== undefined);
    if (found !== undefined) return `/extensions/${pointerToken(name)}/${pointerToken(found[0])}${place.slice(found[0].length)}`;
  }
  return undefined;
};

const membersOf = (value: unknown): readonly (readonly [string, unknown])[] => (typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : []);

const isBelow = (place: string, from: string): boolean => from !== '' && (place === from || place.startsWith(`${from}/`));
