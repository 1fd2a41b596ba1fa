import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ManualClock, settle } from '../../runtime/manual-clock.test-support.js';
import { configureEvents } from '../../runtime/runtime.js';
import { Deadlines } from './deadlines.js';

let clock: ManualClock;
let settingsBefore: Disposable;
let late: string[];

beforeEach(() => {
  clock = new ManualClock();
  settingsBefore = configureEvents({ clock });
  late = [];
});
afterEach(() => settingsBefore[Symbol.dispose]());

const tell = (name: string) => () => late.push(name);

describe('Deadlines', () => {
  it('report what takes too long, once, and nothing that was done in time', async () => {
    const deadlines = new Deadlines();
    const done = deadlines.watch(300, tell('done'));
    deadlines.watch(300, tell('late'));
    await clock.advance(299);
    done();
    expect(late).toEqual([]);
    await clock.advance(1);
    await clock.advance(10_000);
    expect(late).toEqual(['late']);
  });

  it('report at most a second late one that is due before the one they wait for', async () => {
    const deadlines = new Deadlines();
    deadlines.watch(60_000, tell('long'));
    await clock.advance(1);
    deadlines.watch(10, tell('short'));
    await clock.advance(1_000);
    expect(late).toEqual(['short']);
    await clock.advance(59_000);
    expect(late).toEqual(['short', 'long']);
  });

  it('need no timer while nothing is watched, and begin anew', async () => {
    const deadlines = new Deadlines();
    deadlines.watch(100, tell('first'))();
    await clock.advance(1_000);
    expect(clock.pending).toEqual([]);
    deadlines.watch(100, tell('second'));
    expect(clock.pending).toEqual([100]);
    await clock.advance(100);
    expect(late).toEqual(['second']);
  });

  it('accept another while they report', async () => {
    const deadlines = new Deadlines();
    deadlines.watch(100, () => {
      tell('first')();
      deadlines.watch(100, tell('second'));
    });
    await clock.advance(2_000);
    expect(late).toEqual(['first', 'second']);
  });

  it('report nothing once closed, and end their timer', async () => {
    const deadlines = new Deadlines();
    deadlines.watch(100, tell('before'));
    deadlines.close();
    deadlines.watch(100, tell('after'))();
    deadlines.watch(100, tell('after'));
    await settle();
    expect(clock.pending).toEqual([]);
    await clock.advance(1_000);
    expect(late).toEqual([]);
  });
});
