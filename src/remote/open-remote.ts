import { openFolderRemote } from './folder-remote.ts';
import { parseRemoteAddress } from './remote-address.ts';
import type { Remote, RemoteOptions } from './remote.ts';
import { openS3Remote } from './s3-remote.ts';

/** Opens /folder, file:///folder or s3://bucket/prefix. Throws TL0805 for other addresses, TL0801 to TL0803 if it cannot be used. */
export const openRemote = async (address: string, options: RemoteOptions = {}): Promise<Remote> => {
  const place = parseRemoteAddress(address);
  return place.kind === 'folder' ? openFolderRemote(place.path, options) : openS3Remote(place.bucket, place.prefix, options);
};
