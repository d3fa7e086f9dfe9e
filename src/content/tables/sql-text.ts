/** A name as SQL takes it. Names come from files: they may hold quotes, line feeds, anything. */
export const quotedName = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** A text as SQL takes it. */
export const quotedText = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** A list of texts as DuckDB takes it. */
export const quotedList = (texts: readonly string[]): string => `[${texts.map(quotedText).join(', ')}]`;
