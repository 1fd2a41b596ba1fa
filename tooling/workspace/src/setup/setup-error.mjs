/** Something outside the code stands in the way (network, npm, disk): its message is all a reader needs. */
export class SetupError extends Error {
  /** @override */
  name = 'SetupError';
}
