import { constants, open } from 'node:fs/promises';

/** The first bytes of a file; fewer if it is shorter, none if it cannot be read. */
export const readHeadOf = async (path: string, bytes: number): Promise<Buffer> => {
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK).catch(() => undefined);
  try {
    const answer = await file?.read(Buffer.alloc(bytes), 0, bytes, 0);
    return answer === undefined ? Buffer.alloc(0) : answer.buffer.subarray(0, answer.bytesRead);
  } catch {
    return Buffer.alloc(0);
  } finally {
    await file?.close();
  }
};
