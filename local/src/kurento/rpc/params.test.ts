import { describe, expect, it } from 'vitest';
import { Parameters, requiredField } from './params.ts';

describe('Parameters', () => {
  it('turns scalars into strings, as Kurento does, and nothing else', () => {
    const given = new Parameters({ number: 5, truth: true, nothing: null, list: [] });
    expect([given.string('number'), given.string('truth'), given.string('nothing')]).toEqual(['5', 'true', '']);
    expect(() => given.string('list')).toThrow("'list' parameter should be a string");
    expect(() => given.string('absent')).toThrow("'absent' parameter should be a string");
  });

  it('wants numbers, truth values and objects to be such', () => {
    const given = new Parameters({ count: 2.9, text: '2', object: { a: 1 } });
    expect(given.integer('count')).toBe(2);
    expect(given.object('object')).toEqual({ a: 1 });
    expect(() => given.integer('text')).toThrow("'text' parameter should be a integer");
    expect(() => given.boolean('text')).toThrow("'text' parameter should be a boolean");
    expect(() => given.object('text')).toThrow("'text' parameter should be a object");
  });

  it('names the kind of an unknown constant', () => {
    const given = new Parameters({ mediaType: 'SMELL' });
    expect(() => given.oneOf('mediaType', 'MediaType', ['AUDIO', 'VIDEO'])).toThrow("Invalid value for 'MediaType'");
  });

  it('takes anything but an object for no parameters', () => {
    expect(new Parameters([1]).names).toEqual([]);
    expect(new Parameters(undefined).names).toEqual([]);
  });
});

describe('requiredField', () => {
  it('says what is missing', () => {
    expect(requiredField({ object: 'a' }, 'object')).toBe('a');
    expect(() => requiredField({}, 'object')).toThrow("'object' parameter is required");
  });
});
