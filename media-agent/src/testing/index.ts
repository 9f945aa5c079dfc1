export { ADDRESSES, Conference, connection, connectionsOf, offerSdp } from '../rooms/testing.ts';
export { FakeApi } from './fake-api.ts';
