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
      'brings 1,000 events, none lost and none invented',
      'loses nothing when consumers of a group come and go',
    ]),
    brokenBus(
      'publishes every hundredth event twice',
      { producer: producers.publishesEveryHundredthTwice() },
      ['brings 1,000 events, none lost and none invented'],
    ),
    brokenBus('swaps neighbours', { producer: producers.swapsNeighbours }, [
      'keeps the order of a key across the event types of a topic',
      'begins a new group with the event at a position',
    ]),
    brokenBus('loses headers', { producer: producers.losesExtraHeaders }, [
      'brings data, metadata and every header to the receiver',
    ]),
    brokenBus('mixes topics', { producer: producers.mixesTopics }, [
      'tells the consumers of another topic nothing',
      'takes several topics in one consumer',
    ]),
    brokenBus('cuts large payloads', { producer: producers.cutsLargePayloads }, [
      'carries a payload of 1 MB',
    ]),
    brokenBus('takes bytes for text', { producer: producers.takesBytesForText }, [
      'brings data, metadata and every header to the receiver',
    ]),
    brokenBus('takes headers for ASCII', { producer: producers.takesHeadersForAscii }, [
      'carries text beyond ASCII in data, keys and metadata',
    ]),
    brokenBus('takes headers for text', { producer: producers.takesHeadersForText }, [
      'keeps header values that are no text',
    ]),
    brokenBus('keeps one header of a name', { producer: producers.keepsOneHeaderOfAName }, [
      'keeps headers that repeat',
      'dead-letters a message that says its type twice at once, and goes on',
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
      'skips a message without a value, reports it, and goes on',
    ]),
    brokenBus('answers before the broker has it', { producer: producers.answersBeforeStoring }, [
      'sends when the broker is back what was sent while it was away',
      'says where it put an event, and the receiver sees it there',
    ]),
    brokenBus('gives up at once', { producer: producers.givesUpAtOnce }, [
      'sends when the broker is back what was sent while it was away',
    ]),
    brokenBus('ignores the prefix', { producer: producers.ignoresPrefix }, [
      'puts the prefix in front of the topic, for both sides',
    ]),
    brokenBus('loses what is falsy', { producer: producers.losesFalsyValues }, [
      'keeps empty values apart from values that are not there',
    ]),
    brokenBus('has producers that never close', { producer: producers.neverCloses }, [
      'a producer sends what is on its way when it is closed, and nothing afterwards',
    ]),
  ];
}
