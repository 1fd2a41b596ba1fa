/** How a database runs a statement, or a transaction. */
export interface StatementOptions {
  /**
   * Ends the wait: the connection is closed instead of being returned to its pool, where a statement that gets no answer
   * would occupy it. Databases of `pg` and `mysql2` honour it; the others wait for their library. @defaultValue none
   */
  readonly abortSignal?: AbortSignal | undefined;
}
