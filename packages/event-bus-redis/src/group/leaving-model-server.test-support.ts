/** A command as the server executes it: in one step, in the name of a member. */
export type Command =
  | { readonly do: 'read' | 'claim' | 'pending' | 'remove' | 'removeIfNothingPending'; readonly name: string }
  | { readonly do: 'release' | 'acknowledge'; readonly name: string }
  | { readonly do: 'unblock'; readonly line: string };

/** A connection as the server sees it; `cut …` when the client has closed it. */
export interface Line {
  /** Sent and not executed. */
  readonly queue: readonly (Command & { readonly ids?: readonly number[] })[];
  readonly replies: readonly (readonly number[] | number | null)[];
  /** The member whose read is blocked. */
  readonly blocked: string | null;
}

/** Everything that counts: the stream and its group, lines, processes. */
export interface State {
  readonly added: number;
  readonly delivered: number;
  /** The pending entries list: the owner of each entry. */
  readonly pending: Readonly<Record<number, string>>;
  readonly acknowledged: readonly number[];
  readonly lines: Readonly<Record<string, Line>>;
  readonly processes: Readonly<
    Record<
      string,
      { readonly at: number; readonly ownPending: readonly number[]; readonly reply: number | null }
    >
  >;
}

/** An entry is added; one of the blocked reads gets it. */
export function* added(state: State): Generator<readonly [what: string, state: State]> {
  const id = state.added + 1;
  const waiting = Object.entries(state.lines).filter(([, { blocked }]) => blocked !== null);
  if (waiting.length === 0) yield ['an event is added', { ...state, added: id }];
  for (const [name, line] of waiting) {
    const delivered = {
      ...state,
      added: id,
      delivered: id,
      pending: { ...state.pending, [id]: line.blocked as string },
    };
    yield [`an event is added, for ${name}`, replied(delivered, name, { ...line, blocked: null }, [id])];
  }
}

/** What one command does, at once. */
export function executed(state: State, name: string, line: Line, command: Line['queue'][number]): State {
  if (command.do === 'unblock') {
    const other = state.lines[command.line];
    const ended =
      other && other.blocked !== null ? replied(state, command.line, { ...other, blocked: null }, []) : state;
    return replied(ended, name, line, 1);
  }
  const own = idsOf(state, command.name);
  const removed = Object.fromEntries(
    Object.entries(state.pending).filter(([, owner]) => owner !== command.name),
  );
  switch (command.do) {
    case 'read': {
      const id = state.delivered + 1;
      if (state.delivered === state.added) return replied(state, name, { ...line, blocked: command.name });
      return replied(
        { ...state, delivered: id, pending: { ...state.pending, [id]: command.name } },
        name,
        line,
        [id],
      );
    }
    case 'claim': {
      const claimed = idsOf(state, 'dead');
      return replied(owned(state, claimed, command.name), name, line, claimed);
    }
    case 'release':
      return replied(owned(state, command.ids ?? [], command.name), name, line, 1);
    case 'acknowledge': {
      const ids = (command.ids ?? []).filter((id) => state.pending[id] !== undefined);
      const pending = Object.fromEntries(
        Object.entries(state.pending).filter(([id]) => !ids.includes(Number(id))),
      );
      return replied(
        { ...state, pending, acknowledged: [...state.acknowledged, ...ids].sort() },
        name,
        line,
        1,
      );
    }
    case 'pending':
      return replied(state, name, line, own.length);
    case 'remove':
      return replied({ ...state, pending: removed }, name, line, 1);
    case 'removeIfNothingPending':
      return replied(state, name, line, own.length === 0 ? 1 : 0);
  }
}

function idsOf({ pending }: State, name: string): readonly number[] {
  return Object.entries(pending).flatMap(([id, owner]) => (owner === name ? [Number(id)] : []));
}

/** `XCLAIM`: entries that are pending, whoever has them, become those of a member. */
function owned(state: State, ids: readonly number[], name: string): State {
  const mine = ids.filter((id) => state.pending[id] !== undefined).map((id) => [id, name] as const);
  return { ...state, pending: { ...state.pending, ...Object.fromEntries(mine) } };
}

/** Nobody receives the replies on a line that was cut. */
function replied(state: State, name: string, line: Line, reply?: Line['replies'][number]): State {
  const replies = reply === undefined || name.startsWith('cut ') ? line.replies : [...line.replies, reply];
  return { ...state, lines: { ...state.lines, [name]: { ...line, replies } } };
}
