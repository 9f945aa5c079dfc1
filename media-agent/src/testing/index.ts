export { ADDRESSES, Conference, connection, connectionsOf, joinOffers, offerSdp } from '../rooms/testing.ts';
export { FakeApi } from './fake-api.ts';
