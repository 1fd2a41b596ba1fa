/** A run could not go on: a process ended that should not have, or nothing moves. */
export class RigFailure extends Error {
  override readonly name = 'RigFailure';
}
