import { createHash } from 'node:crypto';
import { endianness } from 'node:os';
import { canonicalJson } from '#base';
import type { Cell } from './result-cell.ts';

/** Lanes of the sum. Unit: 16-bit number. */
const LANES = 1024;

/**
 * Digest of the rows of a result that does not depend on their order: each row becomes 2048 bytes by SHAKE128, and the rows are
 * added lane by lane, 16 bits wide. Equal rows count as often as they occur, and memory does not grow with the rows.
 * Source: LtHash16, Lewi et al. 2019, "Securing Update Propagation with Homomorphic Hashing", §3.
 */
export class RowDigest {
  private readonly lanes = new Uint16Array(LANES);
  private rows = 0;

  add(cells: readonly Cell[]): void {
    const bytes = createHash('shake128', { outputLength: LANES * 2 })
      .update(canonicalJson(cells.map((cell) => (cell.kind === 'null' ? null : `${cell.kind}:${cell.text}`))))
      .digest();
    if (endianness() === 'BE') bytes.swap16();
    const row = new Uint16Array(bytes.buffer, bytes.byteOffset, LANES);
    for (let lane = 0; lane < LANES; lane += 1) this.lanes[lane]! += row[lane]!;
    this.rows += 1;
  }

  get rowCount(): number {
    return this.rows;
  }

  /** SHA-256 in hexadecimal over the names of the columns in their order, the number of rows, and the sum of the rows. */
  sha256(columns: readonly string[]): string {
    const sum = Buffer.from(new Uint8Array(this.lanes.buffer).slice());
    if (endianness() === 'BE') sum.swap16();
    return createHash('sha256')
      .update('trainlock result v1\n')
      .update(canonicalJson([...columns]))
      .update(`\n${this.rows}\n`)
      .update(sum)
      .digest('hex');
  }
}
