/** A file of which nobody knows what it says. */
export type UnreadDocument = { readonly path: string; readonly because: string };

/** Why nothing of its folder counts before somebody has looked. */
export const mayTakeBack = (what: 'approval' | 'exception', { path, because }: UnreadDocument): string => `${path} may take an ${what} back, and cannot be judged: ${because}`;
