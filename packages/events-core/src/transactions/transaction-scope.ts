import { AsyncLocalStorage } from 'node:async_hooks';
import { sharedState } from '../runtime/shared-state.js';

/**
 * A transaction, or other unit of work, as the async context of its work sees it. Scopes nest: an action that an inner one
 * has deferred runs when the outermost one commits, and is dropped with the first of them that rolls back.
 */
export class TransactionScope {
  /** Returns the innermost scope of this async context, which may have ended; undefined for none. */
  static current(): TransactionScope | undefined {
    return contexts().getStore();
  }

  /** What the scope was opened for, e.g. by an outbox. */
  readonly owner: object | undefined;
  /** The scope around this one, when it was open when this one was created. */
  readonly parent: TransactionScope | undefined;
  #isOpen = true;
  #deferred: DeferredAction[] = [];

  /** @param owner what the scope belongs to; `publishOnCommit` has none */
  constructor(owner?: object) {
    this.owner = owner;
    const around = TransactionScope.current();
    this.parent = around?.isOpen === true ? around : undefined;
  }

  /** Whether the work goes on, so that it may defer actions. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Calls a function in an async context whose innermost scope this is. */
  run<T>(work: () => T): T {
    return contexts().run(this, work);
  }

  /** Keeps an action until it is certain whether the work committed. Call it only while the scope is open. */
  defer(action: DeferredAction): void {
    this.#deferred.push(action);
  }

  /** Ends the work; what becomes of it is not decided yet. Safe to call twice. */
  end(): void {
    this.#isOpen = false;
  }

  /** Ends the scope: the actions run now, or move to the scope around this one while that is open. */
  commit(): void {
    const actions = this.#endWithActions();
    if (this.parent?.isOpen === true) for (const action of actions) this.parent.defer(action);
    else for (const action of actions) action.run();
  }

  /** Ends the scope and drops its actions. */
  rollBack(cause: unknown): void {
    for (const action of this.#endWithActions()) action.drop(cause);
  }

  #endWithActions(): readonly DeferredAction[] {
    this.end();
    const actions = this.#deferred;
    this.#deferred = [];
    return actions;
  }
}

/** What waits for the end of a transaction. Neither method may throw. */
export interface DeferredAction {
  /** The outermost transaction has committed. */
  run(): void;
  /** A transaction around it was rolled back. */
  drop(cause: unknown): void;
}

/** Kept, as it is asked for with each event. */
let found: AsyncLocalStorage<TransactionScope> | undefined;

function contexts(): AsyncLocalStorage<TransactionScope> {
  found ??= sharedState('transactions', () => new AsyncLocalStorage<TransactionScope>());
  return found;
}
