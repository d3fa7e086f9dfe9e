/** An answer of a source, being read. */
export type OpenedSource = {
  readonly body: AsyncIterable<Uint8Array>;
  /** Where the body begins; 0 if the source gives everything although the rest was asked for. */
  readonly offset: number;
  /** Size of the whole; undefined if the source does not tell it. Unit: byte. */
  readonly sizeBytes: number | undefined;
  /** What tells this content from another one at the same place: an ETag or a version. */
  readonly validator: string | undefined;
  /** Ends the transfer. */
  readonly close: () => void;
};

/** Where bytes come from. `open` throws Interrupted for what may go well the next time. */
export type DownloadSource = {
  /** For messages. */
  readonly place: string;
  /** Opens the content from an offset on. With a validator: only of that version, else everything from the beginning. */
  readonly open: (from: { readonly offset: number; readonly validator: string | undefined }, signal: AbortSignal) => Promise<OpenedSource>;
};
