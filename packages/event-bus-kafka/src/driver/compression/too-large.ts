/** Error for records that exceed a limit once they are decompressed. @param maxBytes the limit */
export function tooLarge(maxBytes: number): RangeError {
  return new RangeError(
    `its records take more than ${maxBytes} bytes once they are unpacked (maxBatchBytes)`,
  );
}
