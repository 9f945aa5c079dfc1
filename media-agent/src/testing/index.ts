export { ADDRESSES, Conference, connection, connectionsOf } from '../rooms/testing.ts';
export { FakeApi } from './fake-api.ts';
