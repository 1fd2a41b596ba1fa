/** One line of `schema check`. */
export interface CheckFinding {
  readonly kind: CheckFindingKind;
  /** Undefined for a file of no known event. */
  readonly eventType?: string;
  readonly text: string;
  readonly cure?: string;
  /** Of `incompatible`: which code cannot read. */
  readonly direction?: 'backward' | 'forward';
  /** Of `python`: on which buses Python services break. */
  readonly pythonBuses?: readonly PythonBus[];
}

/** What was found; the guide on changing events explains each. */
export type CheckFindingKind =
  | 'changed'
  | 'compatible'
  | 'extra'
  | 'incompatible'
  | 'key'
  | 'missing'
  | 'new'
  | 'note'
  | 'pii'
  | 'python'
  | 'unchecked'
  | 'vanished';

/** The buses of the Python services. */
export type PythonBus = 'kafka' | 'redis';

/** What decides whether a finding fails the check. */
export interface FailureRules {
  /** Whether stale files, unknown files and a missing definitions file fail too. */
  readonly strict: boolean;
  /** The buses over which Python services exchange these events. */
  readonly python: readonly PythonBus[];
}

/** Whether a finding fails the check. */
export function isFailure({ kind, pythonBuses = [] }: CheckFinding, rules: FailureRules): boolean {
  switch (kind) {
    case 'compatible':
    case 'new':
    case 'note':
      return false;
    case 'changed':
    case 'extra':
    case 'unchecked':
      return rules.strict;
    case 'python':
      return pythonBuses.some((bus) => rules.python.includes(bus));
    default:
      return true;
  }
}
