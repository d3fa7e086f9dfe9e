import { quotedName } from './sql-text.ts';
import type { TableSession } from './table-session.ts';

/** A session that remembers which names it gave, and drops what was made under them, the newest first. */
export const makeRelations = (session: TableSession): { readonly session: TableSession; readonly drop: () => Promise<void> } => {
  const names: string[] = [];
  const newName = (): string => {
    const name = session.newName();
    names.push(name);
    return name;
  };
  const drop = async (): Promise<void> => {
    for (const name of names.splice(0).reverse()) {
      // A name is a view or a table, or nothing came of it.
      for (const kind of ['VIEW', 'TABLE']) await session.connection.run(`DROP ${kind} IF EXISTS ${quotedName(name)}`).catch(() => undefined);
    }
  };
  return { session: { ...session, newName }, drop };
};
