import { expect, test } from 'vitest';
import { resolve, type Scope } from './intrinsics.ts';

const scope: Scope = {
  pseudoParameters: { 'AWS::Region': 'us-east-1', 'AWS::Partition': 'aws' },
  identify: (logicalId) =>
    logicalId === 'Table'
      ? { ref: 'the-table', attributes: { Arn: 'arn:table', 'Stream.Arn': 'arn:stream' } }
      : undefined,
};

test.each([
  ['plain values', { a: [1, true, null, 'x'] }, { a: [1, true, null, 'x'] }],
  ['Ref', { Ref: 'Table' }, 'the-table'],
  ['Ref to a pseudo parameter', { Ref: 'AWS::Region' }, 'us-east-1'],
  ['Fn::GetAtt', { 'Fn::GetAtt': ['Table', 'Arn'] }, 'arn:table'],
  ['Fn::GetAtt of a nested attribute', { 'Fn::GetAtt': ['Table', 'Stream.Arn'] }, 'arn:stream'],
  ['Fn::Join', { 'Fn::Join': ['/', ['a', { Ref: 'Table' }]] }, 'a/the-table'],
  [
    'Fn::Sub',
    { 'Fn::Sub': `\${AWS::Region}:\${Table}:\${Table.Arn}:\${!Literal}` },
    `us-east-1:the-table:arn:table:\${Literal}`,
  ],
  ['Fn::Sub with variables', { 'Fn::Sub': [`\${Name}`, { Name: { Ref: 'Table' } }] }, 'the-table'],
  [
    'Fn::Select of Fn::Split',
    { 'Fn::Select': ['1', { 'Fn::Split': [':', { 'Fn::GetAtt': ['Table', 'Arn'] }] }] },
    'table',
  ],
  ['a property without value', { kept: 1, left: { Ref: 'AWS::NoValue' } }, { kept: 1 }],
  ['intrinsics deep inside', { list: [{ deep: { Ref: 'Table' } }] }, { list: [{ deep: 'the-table' }] }],
])('%s', (_, value, expected) => {
  expect(resolve(value, scope)).toEqual(expected);
});

test.each([
  [{ 'Fn::ImportValue': 'elsewhere' }, 'unsupported intrinsic function Fn::ImportValue'],
  [{ 'Fn::If': ['c', 1, 2] }, 'unsupported intrinsic function Fn::If'],
  [{ Ref: 'Unknown' }, 'Ref to unknown Unknown'],
  [{ 'Fn::GetAtt': ['Table', 'Name'] }, 'Fn::GetAtt of unknown Table.Name'],
  [{ 'Fn::Join': [',', 'not a list'] }, 'Fn::Join expects a list'],
  [{ 'Fn::Select': [3, ['only']] }, 'Fn::Select out of range'],
])('%j is refused', (value, message) => {
  expect(() => resolve(value, scope)).toThrow(expect.objectContaining({ code: 'template-unsupported', message }));
});
