import { type BrokenBus, brokenBus } from './broken-bus.js';
import * as fates from './broken-fates.js';
import * as browsers from './broken-topic-browsers.js';
import * as stores from './broken-topic-stores.js';

/** Buses that show operators something else than they hold, or do something else than requested. */
export function withBrokenTopicStores(): readonly BrokenBus[] {
  return [
    brokenBus('hides dead-letter topics', { admin: stores.hidesDeadLetters }, [
      'lists the topics that exist, dead-letter topics included',
    ]),
    brokenBus('reads pages backwards', { admin: stores.readsBackwards }, [
      'reads the messages of a topic, lane by lane and each in order, with the positions of receipts',
    ]),
    brokenBus('reads lanes mixed', { admin: stores.readsLanesMixed }, [
      'reads the messages of a topic, lane by lane and each in order, with the positions of receipts',
    ]),
    brokenBus('reads the first page alone', { admin: stores.readsTheFirstPage }, [
      'reads every message stored when the read starts, and none stored meanwhile',
    ]),
    brokenBus('reads what comes meanwhile', { admin: stores.readsForEver }, [
      'reads every message stored when the read starts, and none stored meanwhile',
    ]),
    brokenBus('ignores positions to read from', { admin: stores.ignoresPositions }, [
      'reads from a position on, in the lane of the position only',
      'refuses to read from text that is not a position',
    ]),
    brokenBus('reads other lanes behind a position', { admin: stores.readsOtherLanes }, [
      'reads from a position on, in the lane of the position only',
    ]),
    brokenBus('ignores times to read from', { admin: stores.ignoresTimes }, [
      'reads the messages stored since a time',
    ]),
    brokenBus('ignores times to read until', { admin: stores.ignoresEnds }, [
      'reads the messages stored until a time',
    ]),
    brokenBus('forgets the lanes after a position', { admin: stores.forgetsLaterLanes }, [
      'goes on behind a position, with all lanes after its own',
    ]),
    brokenBus('repeats the message at a position', { admin: stores.repeatsTheLast }, [
      'goes on behind a position, with all lanes after its own',
    ]),
    brokenBus('knows the fate of no message', { admin: fates.knowsNoFate }, [
      'reports for each group that reads a topic whether a message has passed or waits',
      'reports a message that a member has as in flight, or as waiting',
    ]),
    brokenBus('takes every message for passed', { admin: fates.takesAllForPassed }, [
      'reports for each group that reads a topic whether a message has passed or waits',
      'reports a message that a member has as in flight, or as waiting',
    ]),
    brokenBus('makes topics that are asked about', { admin: fates.makesTopicsByFate }, [
      'knows no fate in a topic that does not exist, and refuses what is no position',
    ]),
    brokenBus('shows the newest page again', { admin: browsers.ignoresBefore }, [newestPages, refusals]),
    brokenBus('shows the oldest first', { admin: browsers.showsOldestFirst }, [newestPages]),
    brokenBus('shows one lane alone', { admin: browsers.showsOneLane }, [newestPages]),
    brokenBus('makes topics that are shown', { admin: browsers.makesTopicsByShowing }, [refusals]),
    brokenBus('follows from the end alone', { admin: browsers.followsFromTheEnd }, [following]),
    brokenBus('gives cursors before what was followed', { admin: browsers.repeatsWhatWasFollowed }, [
      following,
    ]),
    brokenBus('does not wait for topics', { admin: browsers.followsNoMissingTopic }, [
      'waits for a topic that does not exist yet, and ends with its signal',
    ]),
    brokenBus('counts one message too few', { admin: browsers.countsOneLess }, [description]),
    brokenBus('takes the oldest message for the newest', { admin: browsers.knowsNoNewest }, [description]),
    brokenBus('makes topics that are read', { admin: stores.makesTopicsByReading }, [
      'reads nothing from a topic that does not exist, and creates none',
    ]),
    brokenBus('moves groups by reading', { admin: stores.commitsByReading }, [
      'reads without any effect on groups',
    ]),
    brokenBus(
      'shows no topics while its broker is unreachable',
      { admin: stores.takesAnAbsentBrokerForAnEmptyOne },
      ['throws InfrastructureError while the broker is unreachable, and works when it is back'],
    ),
    brokenBus('loses a header of what operators write', { admin: stores.losesHeaders }, [
      'appends a whole message to its topic, and returns its position',
    ]),
    brokenBus('reports wrong positions to operators', { admin: stores.reportsWrongPositions }, [
      'appends a whole message to its topic, and returns its position',
    ]),
    brokenBus('removes no dead letters', { admin: stores.removesNothing }, [
      ...removals,
      'does not show dead letters that were removed',
    ]),
    brokenBus('removes too many dead letters', { admin: stores.removesTooMuch }, removals),
    brokenBus('forgets what was removed', { admin: stores.forgetsWhatWasRemoved }, removals),
    brokenBus('knows every group', { admin: stores.knowsEveryGroup }, [
      'returns undefined for a group that does not exist, and creates none',
    ]),
    brokenBus('sees no members of a group', { admin: stores.seesNoMembers }, [
      'reports the active members of a group, and the positions at which it resumes',
    ]),
    brokenBus('reports groups one event behind', { admin: stores.isOneBehind }, [
      'reports the active members of a group, and the positions at which it resumes',
    ]),
    brokenBus('moves no group', { admin: stores.movesNoGroup }, [
      'sets a group back to an event, and leaves its other lanes unchanged',
      'creates a group that starts at an event, and in other lanes with the events sent from then on',
    ]),
    brokenBus('moves all lanes of a group', { admin: stores.movesAllLanes }, [
      'sets a group back to an event, and leaves its other lanes unchanged',
      'creates a group that starts at an event, and in other lanes with the events sent from then on',
    ]),
  ];
}

const newestPages = 'returns the newest messages page by page, each lane in its order, until none are older';
const refusals = 'shows nothing of a topic that does not exist, creates none, and refuses what is no cursor';
const following = 'yields what arrives from a cursor on, with cursors that continue behind it';
const description = 'describes the lanes of a topic, with length, oldest and newest message';

const removals = [
  'never reads dead letters again that were removed (redriven), and keeps the others',
  'never reads dead letters again that were removed (purged), and keeps the others',
];
