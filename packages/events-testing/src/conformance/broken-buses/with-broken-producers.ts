import { type BrokenBus, brokenBus } from './broken-bus.js';
import * as producers from './broken-producers.js';

/** Buses whose producer is wrong. */
export function withBrokenProducers(): readonly BrokenBus[] {
  const timers = producers.leavesTimers();
  return [
    // First, as long as no bus that hangs has left something behind that ends later.
    brokenBus('leaves timers', { producer: timers.create, close: async () => timers.clear() }, [
      'leaves no timer and no socket behind',
    ]),
    brokenBus('drops every hundredth event', { producer: producers.dropsEveryHundredth() }, [
      'delivers 1,000 events, each once',
      'loses no event when consumers join and leave a group',
    ]),
    brokenBus(
      'publishes every hundredth event twice',
      { producer: producers.publishesEveryHundredthTwice() },
      ['delivers 1,000 events, each once'],
    ),
    brokenBus('swaps neighbours', { producer: producers.swapsNeighbours }, [
      'keeps the order of a key across the event types of a topic',
      'starts a new group with the event at a position',
    ]),
    brokenBus('loses headers', { producer: producers.losesExtraHeaders }, [
      'delivers data, metadata and every header to the receiver',
    ]),
    brokenBus('mixes topics', { producer: producers.mixesTopics }, [
      'delivers nothing to the consumers of another topic',
      'consumes several topics in one consumer',
    ]),
    brokenBus('cuts large payloads', { producer: producers.cutsLargePayloads }, [
      'carries a payload of 1 MB',
    ]),
    brokenBus('treats bytes as text', { producer: producers.treatsBytesAsText }, [
      'delivers data, metadata and every header to the receiver',
    ]),
    brokenBus('treats headers as ASCII', { producer: producers.treatsHeadersAsAscii }, [
      'carries text beyond ASCII in data, keys and metadata',
    ]),
    brokenBus('treats headers as text', { producer: producers.treatsHeadersAsText }, [
      'keeps header values that are not text',
    ]),
    brokenBus('keeps one header of a name', { producer: producers.keepsOneHeaderOfAName }, [
      'keeps headers that repeat',
      'dead-letters a message with two event types at once, and continues',
    ]),
    brokenBus('refuses unknown headers', { producer: producers.refusesUnknownHeaders }, [
      'ignores headers that it does not know',
    ]),
    brokenBus('loses keys', { producer: producers.losesKeys }, [
      'keeps the order of a key with one consumer',
      'keeps the order of a key with several consumers',
    ]),
    brokenBus('makes the type part of the key', { producer: producers.keysByType }, [
      'keeps the order of a key across the event types of a topic',
    ]),
    brokenBus('loses messages without a value', { producer: producers.losesTombstones }, [
      'skips a message without a value, reports it, and continues',
    ]),
    brokenBus(
      'publishes the rest of a batch whose first event failed',
      { producer: producers.publishesBehindFailures() },
      ['keeps the order of a key when a part of a batch fails'],
    ),
    brokenBus(
      'continues a key behind an event that it refused',
      { producer: producers.continuesKeysBehindRefusals },
      ['sends nothing of a key behind an event that was refused, in a call that keeps the order'],
    ),
    brokenBus('answers before the broker has it', { producer: producers.answersBeforeStoring }, [
      'delivers events that were sent while the broker was unreachable, once it is back',
      'returns the position of an event, and the receiver sees the same',
    ]),
    brokenBus('does not retry', { producer: producers.doesNotRetry }, [
      'delivers events that were sent while the broker was unreachable, once it is back',
    ]),
    brokenBus('ignores the prefix', { producer: producers.ignoresPrefix }, [
      'prefixes the topic in producers and consumers',
    ]),
    brokenBus('loses what is falsy', { producer: producers.losesFalsyValues }, [
      'distinguishes empty values from absent values',
    ]),
    brokenBus('has producers that never close', { producer: producers.neverCloses }, [
      'a producer sends the events in flight when it is closed, and none afterwards',
    ]),
  ];
}
