/** Why a route cannot have both `awaitAcceptanceMs` and the mode `outbox`. */
export const noWaitForOutbox =
  'awaitAcceptanceMs is not possible with the mode outbox, whose events are published after the commit: remove awaitAcceptanceMs, or use another mode';
