import { added, type Command, executed, type State } from './leaving-model-server.test-support.js';

/**
 * A model of a group on one stream, small enough to go through every order of what can happen: a server, connections that
 * may be cut while Redis executes what they have sent and learns of their end later, and processes that read, claim,
 * acknowledge, stop and remove members. What is proved is a property of the protocol; that the product follows it is shown
 * by the tests of `GroupMembers`, `PendingEntries` and `graceful-stop.brokers.test.ts`.
 */

/** A step of a process. */
export type Step =
  | { readonly send: Command; readonly on: string }
  /** Waits for the reply to the oldest command. `mayFail`: or cuts the line, after a timeout, and goes on without a reply. */
  | { readonly receive: string; readonly mayFail?: boolean }
  | { readonly cut: string }
  /** Skips so many steps unless the last reply was this. */
  | { readonly unlessReply: number; readonly skip: number };

/** What may happen. */
export interface World {
  /** Entries that are added at any time. */
  readonly entries: number;
  /** An entry that was delivered to a member that died, and may be claimed. */
  readonly deadMembersEntry?: boolean;
  readonly processes: Readonly<Record<string, readonly Step[]>>;
}

/** The outcome of every order. */
export interface Outcome {
  readonly states: number;
  /** The shortest sequence after which an entry is neither unread nor pending nor acknowledged; undefined: there is none. */
  readonly loss: readonly string[] | undefined;
}

/** Goes through every order of what can happen in a world. */
export function exploreAll(world: World): Outcome {
  const first: Reached = { state: initial(world), what: '', before: undefined };
  const seen = new Set([JSON.stringify(first.state)]);
  const reached = [first];
  for (const one of reached) {
    if (isLost(one.state)) return { states: seen.size, loss: pathTo(one) };
    for (const [what, after] of successors(world, one.state)) {
      const state = withoutIdleLines(after);
      const key = JSON.stringify(state);
      if (seen.has(key)) continue;
      seen.add(key);
      reached.push({ state, what, before: one });
    }
  }
  return { states: seen.size, loss: undefined };
}

interface Reached {
  readonly state: State;
  readonly what: string;
  readonly before: Reached | undefined;
}

function pathTo(reached: Reached): readonly string[] {
  const path: string[] = [];
  for (let one: Reached | undefined = reached; one?.before !== undefined; one = one.before)
    path.unshift(one.what);
  return path;
}

/** A line that was cut and has nothing left to execute changes nothing any more. */
function withoutIdleLines(state: State): State {
  const lines = Object.entries(state.lines).filter(
    ([name, { queue, blocked }]) => !name.startsWith('cut ') || blocked !== null || queue.length > 0,
  );
  return { ...state, lines: Object.fromEntries(lines.sort(([a], [b]) => (a < b ? -1 : 1))) };
}

function initial({ processes, deadMembersEntry = false }: World): State {
  const names = Object.keys(processes);
  return {
    added: deadMembersEntry ? 1 : 0,
    delivered: deadMembersEntry ? 1 : 0,
    pending: deadMembersEntry ? { 1: 'dead' } : {},
    acknowledged: [],
    lines: {},
    processes: Object.fromEntries(names.map((name) => [name, { at: 0, ownPending: [], reply: null }])),
  };
}

function isLost({ delivered, pending, acknowledged }: State): boolean {
  for (let id = 1; id <= delivered; id += 1)
    if (pending[id] === undefined && !acknowledged.includes(id)) return true;
  return false;
}

type Successor = readonly [what: string, state: State];

function* successors(world: World, state: State): Generator<Successor> {
  const limit = world.entries + (world.deadMembersEntry ? 1 : 0);
  if (state.added < limit) yield* added(state);
  for (const [name, line] of Object.entries(state.lines)) {
    const [command, ...queue] = line.queue;
    if (line.blocked === null && command !== undefined)
      yield [`Redis executes ${command.do} of ${name}`, executed(state, name, { ...line, queue }, command)];
    if (name.startsWith('cut ')) yield [`Redis learns of the end of ${name}`, without(state, name)];
  }
  for (const name of Object.keys(world.processes)) yield* stepped(world, state, name);
}

function without(state: State, name: string): State {
  const { [name]: _gone, ...lines } = state.lines;
  return { ...state, lines };
}

function* stepped(world: World, state: State, name: string): Generator<Successor> {
  const process = state.processes[name] as State['processes'][string];
  const step = world.processes[name]?.[process.at];
  if (step === undefined) return;
  const goOn = (to: State, changes: Partial<State['processes'][string]> = {}, by = 1): State => ({
    ...to,
    processes: { ...to.processes, [name]: { ...process, ...changes, at: process.at + by } },
  });
  if ('send' in step) yield [`${name} sends ${step.send.do}`, goOn(sent(state, step, process.ownPending))];
  else if ('cut' in step) yield [`${name} cuts ${step.cut}`, goOn(cut(state, step.cut))];
  else if ('unlessReply' in step)
    yield [
      `${name} looks at its reply`,
      goOn(state, {}, process.reply === step.unlessReply ? 1 : 1 + step.skip),
    ];
  else {
    const line = state.lines[step.receive];
    const [reply, ...replies] = line?.replies ?? [];
    if (line !== undefined && reply !== undefined) {
      const received = { ...state, lines: { ...state.lines, [step.receive]: { ...line, replies } } };
      const changes = Array.isArray(reply)
        ? { ownPending: [...process.ownPending, ...(reply as readonly number[])], reply: null }
        : { reply: reply as number };
      yield [`${name} receives a reply on ${step.receive}`, goOn(received, changes)];
    }
    if (step.mayFail)
      yield [
        `${name} cuts ${step.receive}, without a reply`,
        goOn(cut(state, step.receive), { reply: null }),
      ];
  }
}

function sent(
  state: State,
  { send, on }: Extract<Step, { readonly send: Command }>,
  ids: readonly number[],
): State {
  const line = state.lines[on] ?? { queue: [], replies: [], blocked: null };
  const command = send.do === 'release' || send.do === 'acknowledge' ? { ...send, ids } : send;
  return { ...state, lines: { ...state.lines, [on]: { ...line, queue: [...line.queue, command] } } };
}

/** The process uses a new line of that name from now on; Redis still sees the old one. */
function cut(state: State, on: string): State {
  const { [on]: line, ...lines } = state.lines;
  if (line === undefined) return state;
  const name = `cut ${on} ${Object.keys(lines).length}`;
  return { ...state, lines: { ...lines, [name]: { ...line, replies: [] } } };
}
