/** Error for compressed records that are damaged. @param where the part that is wrong */
export function damaged(where: string, options?: ErrorOptions): RangeError {
  return new RangeError(`the compressed records are damaged: ${where}`, options);
}
