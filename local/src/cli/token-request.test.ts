import { describe, expect, it } from 'vitest';
import { DEVELOPMENT_SECRET } from '../token.ts';
import { HELP, tokenRequestOf } from './token-request.ts';

const of = (line: string) => tokenRequestOf(line.split(' '));

describe('npm run token', () => {
  it('makes a token for everything but moderation, for a day', () => {
    expect(of('--user Ada')).toEqual({
      token: {
        user: 'user://localhost/Ada',
        name: 'Ada',
        room: '*',
        create: true,
        publish: true,
        subscribe: true,
        data: true,
        moderate: false,
        metadata: {},
        role: 'participant',
        expiresIn: 86_400,
        secret: DEVELOPMENT_SECRET,
      },
      json: false,
    });
  });

  it('takes an option for every grant', () => {
    const line =
      '--user user://d/ada --room team-* --no-create --publish microphone,screen --no-subscribe --no-data --moderate ' +
      '--metadata team=red --metadata formula=a=b --role server --seconds 60 --secret s --json';
    expect(of(line)).toEqual({
      token: {
        user: 'user://d/ada',
        room: 'team-*',
        create: false,
        publish: ['microphone', 'screen'],
        subscribe: false,
        data: false,
        moderate: true,
        metadata: { team: 'red', formula: 'a=b' },
        role: 'server',
        expiresIn: 60,
        secret: 's',
      },
      json: true,
    });
  });

  it.each([
    ['--user Ada --publish none', { publish: false }],
    ['--user Ada --name Countess', { user: 'user://localhost/Ada', name: 'Countess' }],
    ['--user user://d/ada --name Ada', { user: 'user://d/ada', name: 'Ada' }],
  ])('understands %s', (line, token) => expect(of(line)?.token).toMatchObject(token));

  it.each([
    ['--room a', '--user'],
    ['--user a --publish speaker', '--publish'],
    ['--user a --role king', '--role'],
    ['--user a --metadata team', '--metadata'],
    ['--user a --colour red', '--colour'],
  ])('refuses %s, naming the option', (line, option) => expect(() => of(line)).toThrow(option));

  it('has a help that names every option', () => {
    expect(of('--help')).toBeUndefined();
    for (const option of ['user', 'name', 'room', 'no-create', 'publish', 'no-subscribe', 'no-data', 'moderate'])
      expect(HELP).toContain(`--${option} `);
    for (const option of ['metadata', 'role', 'seconds', 'secret', 'json', 'help'])
      expect(HELP).toContain(`--${option} `);
  });
});
