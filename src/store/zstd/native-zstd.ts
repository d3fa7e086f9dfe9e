import type { Transform } from 'node:stream';
import * as zlib from 'node:zlib';

/** What Node.js offers for Zstandard; the types of the oldest Node.js that is supported do not know it. */
export type NativeZstd = {
  readonly constants: { readonly ZSTD_c_compressionLevel: number; readonly ZSTD_c_checksumFlag: number; readonly ZSTD_c_contentSizeFlag: number };
  readonly createZstdCompress: (options: { readonly chunkSize: number; readonly pledgedSrcSize: number; readonly params: Readonly<Record<number, number>> }) => Transform;
  readonly createZstdDecompress: (options: { readonly chunkSize: number }) => Transform;
  readonly zstdCompress: (bytes: Uint8Array, options: { readonly params: Readonly<Record<number, number>> }, done: (error: Error | null, packed: Buffer) => void) => void;
};

const found = zlib as unknown as Partial<NativeZstd>;

/** Zstandard of Node.js; null before Node.js 22.15. */
export const nativeZstd: NativeZstd | null = found.createZstdCompress === undefined ? null : (found as NativeZstd);
