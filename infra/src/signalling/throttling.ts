import type { ThrottleSettings } from 'aws-cdk-lib/aws-apigatewayv2';

/*
 * An account has 10 000 requests a second and a burst of 5 000 in a region, for all of its APIs and for posts to
 * connections alike. A message of a client's becomes a post to each of those it concerns, so the greater part is left to
 * the posts: were clients to use up everything, nobody would be answered.
 */

/** Connections and messages of clients and media nodes. */
export const webSocketThrottle: ThrottleSettings = { rateLimit: 3_000, burstLimit: 1_500 };

/** Requests of back ends. */
export const httpThrottle: ThrottleSettings = { rateLimit: 500, burstLimit: 250 };
