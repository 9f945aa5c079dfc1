/** What back ends may ask the HTTP API for, one route each: what is not listed never reaches the function. */
export const httpRoutes = [
  'GET /v1/rooms',
  'POST /v1/rooms',
  'GET /v1/rooms/{room}',
  'PATCH /v1/rooms/{room}',
  'DELETE /v1/rooms/{room}',
  'GET /v1/rooms/{room}/participants',
  'POST /v1/rooms/{room}/participants',
  'GET /v1/rooms/{room}/participants/{participant}',
  'PATCH /v1/rooms/{room}/participants/{participant}',
  'DELETE /v1/rooms/{room}/participants/{participant}',
  'POST /v1/rooms/{room}/waiting/{participant}',
  'DELETE /v1/rooms/{room}/waiting/{participant}',
  'POST /v1/rooms/{room}/data',
] as const;
export type HttpRoute = (typeof httpRoutes)[number];
