import { expect, test } from 'vitest';
import { harmlessEnvironment } from './harmless.ts';

const harmless = { endpoint: 'http://127.0.0.1:4566', region: 'us-east-1', home: '/tmp/nobody' };

const hostile = {
  PATH: '/usr/bin',
  HOME: '/home/ada',
  AWS_PROFILE: 'production',
  AWS_DEFAULT_PROFILE: 'production',
  AWS_ACCESS_KEY_ID: 'AKIAREAL',
  AWS_SECRET_ACCESS_KEY: 'real',
  AWS_SESSION_TOKEN: 'real',
  AWS_SECURITY_TOKEN: 'real',
  AWS_ROLE_ARN: 'arn:aws:iam::1:role/admin',
  AWS_WEB_IDENTITY_TOKEN_FILE: '/token',
  AWS_CONTAINER_CREDENTIALS_FULL_URI: 'http://169.254.170.2/',
  AWS_CONFIG_FILE: '/home/ada/.aws/config',
  AWS_SHARED_CREDENTIALS_FILE: '/home/ada/.aws/credentials',
  AWS_ENDPOINT_URL: 'https://sts.amazonaws.com',
  AWS_ENDPOINT_URL_CLOUDFORMATION: 'https://cloudformation.us-east-1.amazonaws.com',
  AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true',
  AWS_ENVAR_ALLOWLIST: 'AWS_PROFILE',
  CDK_DEFAULT_ACCOUNT: '123456789012',
  LOCALSTACK_HOSTNAME: 'emulator.example.com',
  EDGE_PORT: '443',
  USE_SSL: '1',
  HTTPS_PROXY: 'http://proxy.example.com',
  http_proxy: 'http://proxy.example.com',
  npm_config_https_proxy: 'http://proxy.example.com',
  NODE_USE_ENV_PROXY: '1',
};

test('whatever the environment says, no account, no profile and no other endpoint is left', () => {
  const environment = harmlessEnvironment(hostile, harmless);
  const { AWS_ENVAR_ALLOWLIST: allowed, ...others } = environment;
  expect(others).toEqual({
    PATH: '/usr/bin',
    HOME: '/tmp/nobody',
    USERPROFILE: '/tmp/nobody',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_REGION: 'us-east-1',
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_ENDPOINT_URL: 'http://127.0.0.1:4566',
    AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:4566',
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    CDK_DISABLE_CLI_TELEMETRY: 'true',
    CDK_HOME: '/tmp/nobody',
  });
  expect(allowed.split(',')).toEqual(Object.keys(others).filter((name) => name.startsWith('AWS_')));
});
