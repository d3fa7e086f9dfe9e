import { isAbsolute, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { notAnAddress } from './remote-errors.ts';

/** Where a remote lies. */
export type RemoteAddress = { readonly kind: 'folder'; readonly path: string } | { readonly kind: 's3'; readonly bucket: string; readonly prefix: string };

/** Source: Amazon S3 User Guide, "General purpose buckets naming rules"; older buckets may have upper case and underscores. */
const BUCKET = /^[A-Za-z0-9][A-Za-z0-9._-]{1,254}$/;

/**
 * Reads /folder, file:///folder or s3://bucket/prefix. The prefix has no slash at its ends and may be empty. Throws TL0805. The
 * address is hostile: it may come from a record.
 */
export const parseRemoteAddress = (address: string): RemoteAddress => {
  if (/[\u0000-\u001f\u007f]/.test(address)) throw notAnAddress(address, 'it has control characters');
  if (isAbsolute(address)) return { kind: 'folder', path: resolve(address) };
  if (/^file:/i.test(address)) return { kind: 'folder', path: pathOfFileUrl(address) };
  const parts = /^s3:\/\/([^/?#]*)(?:\/(.*))?$/.exec(address);
  if (parts === null) throw notAnAddress(address, 'only folders, file:// and s3:// are known');
  const [, bucket = '', rest = ''] = parts;
  if (!BUCKET.test(bucket)) throw notAnAddress(address, bucket.includes('@') ? 'credentials do not belong into an address' : 'the name of the bucket is not valid');
  return { kind: 's3', bucket, prefix: rest.replace(/^\/+|(?<!\/)\/+$/g, '') };
};

const pathOfFileUrl = (address: string): string => {
  try {
    return fileURLToPath(address);
  } catch {
    throw notAnAddress(address, 'a file address has three slashes and no host');
  }
};
