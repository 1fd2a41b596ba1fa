/** Compresses and decompresses zstd. */
export interface ZstdCodec {
  compress(bytes: Uint8Array): Promise<Uint8Array>;
  /** Rejects with the code `ERR_BUFFER_TOO_LARGE` when there are more than `maxBytes`. */
  decompress(bytes: Uint8Array, maxBytes: number): Promise<Uint8Array>;
}
