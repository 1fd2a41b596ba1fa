/** Which outbox a command works on. */
export interface DatabaseOptions {
  /** URL of the database; `DATABASE_URL` by default. */
  readonly database?: string;
  /** The table of pending events. */
  readonly table?: string;
}
