import { pagePolicy } from '@hyperroom/client/build';
import { Duration } from 'aws-cdk-lib';
import { HeadersFrameOption, HeadersReferrerPolicy, ResponseHeadersPolicy } from 'aws-cdk-lib/aws-cloudfront';
import type { Construct } from 'constructs';

/** What a call needs of a browser, for the page and for nobody that it might show. */
const PERMISSIONS = [
  'autoplay',
  'camera',
  'clipboard-write',
  'display-capture',
  'fullscreen',
  'microphone',
  'picture-in-picture',
  'screen-wake-lock',
  'speaker-selection',
];
const NO_PERMISSIONS = ['geolocation', 'midi', 'payment', 'usb'];

/** @param signalling origin of the WebSocket API */
export function createSecurityHeaders(scope: Construct, signalling: string): ResponseHeadersPolicy {
  return new ResponseHeadersPolicy(scope, 'SecurityHeaders', {
    comment: 'The call page of Hyperroom: itself and its API',
    securityHeadersBehavior: {
      contentSecurityPolicy: { contentSecurityPolicy: pagePolicy(signalling), override: true },
      strictTransportSecurity: { accessControlMaxAge: Duration.days(365), includeSubdomains: true, override: true },
      frameOptions: { frameOption: HeadersFrameOption.DENY, override: true },
      // An invitation has its room, and maybe a token, in the address.
      referrerPolicy: { referrerPolicy: HeadersReferrerPolicy.NO_REFERRER, override: true },
      contentTypeOptions: { override: true },
    },
    customHeadersBehavior: {
      customHeaders: [
        { header: 'Permissions-Policy', value: permissions(), override: true },
        { header: 'Cross-Origin-Opener-Policy', value: 'same-origin', override: true },
      ],
    },
  });
}

function permissions(): string {
  return [...PERMISSIONS.map((name) => `${name}=(self)`), ...NO_PERMISSIONS.map((name) => `${name}=()`)].join(', ');
}
