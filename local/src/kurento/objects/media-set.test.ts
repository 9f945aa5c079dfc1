import { beforeEach, describe, expect, it } from 'vitest';
import { MediaObject, type Operation } from './media-object.ts';
import { MediaSet } from './media-set.ts';

class Thing extends MediaObject {
  closed = false;

  constructor(set: MediaSet, id: string, parent?: MediaObject) {
    super(set, { name: 'Thing', hierarchy: [], events: ['Error', 'ObjectCreated', 'ObjectDestroyed'] }, id, parent);
  }

  override close(): void {
    this.closed = true;
  }

  protected ownOperations(): [string, Operation][] {
    return [];
  }

  protected pipeline(): undefined {
    return undefined;
  }
}

let delivered: string[];
let set: MediaSet;

beforeEach(() => {
  delivered = [];
  set = new MediaSet(
    (sessionId, { value }) => {
      const { type, data } = value as { type: string; data: Record<string, string> };
      delivered.push(`${sessionId} ${type} ${data.object ?? data.objectId ?? ''}`.trim());
    },
    () => 5000,
  );
  set.setRoot(new Thing(set, 'root'));
});

function add(id: string, sessionId: string, parent?: MediaObject): Thing {
  const thing = new Thing(set, id, parent);
  set.add(thing, sessionId);
  return thing;
}

describe('holding', () => {
  it('destroys an object when the last session lets go', () => {
    const thing = add('a', 'one');
    set.use('two', 'a');
    set.unref('one', 'a');
    expect(thing.closed).toBe(false);
    set.unref('two', 'a');
    expect(thing.closed).toBe(true);
    expect(() => set.find('a')).toThrow("Object 'a' not found");
  });

  it('holds the parent with the child, and lets the children go with the parent', () => {
    const parent = add('p', 'one');
    const child = add('p/c', 'one', parent);
    set.use('two', 'p/c');
    set.unref('one', 'p');
    expect([parent.closed, child.closed]).toEqual([false, false]);
    set.unref('two', 'p');
    expect([parent.closed, child.closed]).toEqual([true, true]);
  });

  it('releases for all sessions, children first', () => {
    set.subscribe('watcher', 'root', 'ObjectDestroyed');
    const parent = add('p', 'one');
    add('p/c', 'two', parent);
    set.release('p');
    expect(delivered).toEqual(['watcher ObjectDestroyed p/c', 'watcher ObjectDestroyed p']);
    expect(set.all().map(({ id }) => id)).toEqual(['root']);
  });

  it('never destroys the root, and does not mind what is unknown', () => {
    set.use('one', 'root');
    set.release('root');
    set.release('nothing');
    set.unref('one', 'nothing');
    expect(set.find('root')).toBeDefined();
  });
});

describe('the collector', () => {
  it('ends a session that nobody spoke for during a whole round', () => {
    const thing = add('a', 'one');
    set.collect();
    expect(thing.closed).toBe(false);
    set.collect();
    expect(thing.closed).toBe(true);
    expect(() => set.keepAlive('one')).toThrow('Invalid session');
  });

  it('spares a session that is kept alive or touches something', () => {
    const thing = add('a', 'one');
    set.collect();
    set.keepAlive('one');
    set.collect();
    set.use('one', 'a');
    set.collect();
    expect(thing.closed).toBe(false);
  });

  it('does not know a session that never held anything', () => {
    expect(() => set.keepAlive('new')).toThrow('Invalid session');
    expect(set.keepAliveIfKnown('new')).toBe(false);
  });
});

describe('ending a session', () => {
  it('leaves to others what they hold, unless told to release', () => {
    add('a', 'one');
    set.use('two', 'a');
    set.endSession('one', false);
    expect(set.find('a')).toBeDefined();
    set.use('one', 'a');
    set.endSession('one', true);
    expect(() => set.find('a')).toThrow();
  });
});

describe('events', () => {
  it('go once to each session that subscribed, and to none after it let go', () => {
    const thing = add('a', 'one');
    const first = set.subscribe('one', 'a', 'Error');
    set.subscribe('one', 'a', 'Error');
    set.subscribe('two', 'a', 'Error');
    set.unsubscribe('one', 'a', first);
    set.emit(thing, 'Error', {});
    expect(delivered).toEqual(['one Error', 'two Error']);
    set.unref('two', 'a');
    set.emit(thing, 'Error', {});
    expect(delivered).toEqual(['one Error', 'two Error', 'one Error']);
  });

  it('are refused if the object has none of the name', () => {
    add('a', 'one');
    expect(() => set.subscribe('one', 'a', 'Nonsense')).toThrow("Event 'Nonsense' not supported");
  });
});
