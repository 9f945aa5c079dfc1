import { expect, it } from 'vitest';
import { SessionSockets } from './session-sockets.ts';

it('binds a session to its newest socket, and frees the old one', () => {
  const sockets = new SessionSockets<string>();
  sockets.bind('session', 'first');
  sockets.bind('session', 'second');
  expect(sockets.socketOf('session')).toBe('second');
  expect(sockets.sessionOf('first')).toBeUndefined();
});

it('lets a socket speak for one session at a time', () => {
  const sockets = new SessionSockets<string>();
  sockets.bind('one', 'socket');
  sockets.bind('two', 'socket');
  expect(sockets.sessionOf('socket')).toBe('two');
  expect(sockets.connectedSessions()).toEqual(['two']);
});

it('keeps a session that was taken over when its old socket goes', () => {
  const sockets = new SessionSockets<string>();
  sockets.bind('session', 'first');
  sockets.bind('session', 'second');
  sockets.drop('first');
  expect(sockets.socketOf('session')).toBe('second');
  sockets.drop('second');
  expect(sockets.connectedSessions()).toEqual([]);
});
