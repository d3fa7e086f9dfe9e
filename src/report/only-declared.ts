import type { Manifest } from '#manifest';

/** Whether a data set was recorded because a person declared it, and nothing was seen to read it. */
export const isOnlyDeclared = ({ readers = [] }: Manifest['data'][number]): boolean => readers.length === 1 && readers[0] === 'declared';
