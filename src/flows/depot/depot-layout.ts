/** Where a depot has things: a folder that any web server can serve. Bytes lie under their digests; notes say which of them make a record. */

/** Which records wrote a file with these bytes. */
export const modelNote = (sha256: string): string => `models/sha256/${sha256}.json`;

/** Names of files that say the same, one for each record: two that add to a note at once lose nothing. */
export const modelMarks = (sha256: string): string => `models/sha256/${sha256}.records`;

/** Of which bytes a record consists. */
export const recordNote = (manifestSha256: string): string => `records/sha256/${manifestSha256}.json`;

export { objectName } from '../data/remote-names.ts';

/** Whether a text is a whole digest, as a record is named by it; gives the digest. */
export const wholeDigest = (text: string | undefined): string | undefined => /^(?:sha256:)?([0-9a-f]{64})$/i.exec(text ?? '')?.[1]?.toLowerCase();
