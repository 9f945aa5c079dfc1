/** What names an account, a profile or another endpoint to any AWS tool, whoever set it. */
const OF_AWS = /^(?:AWS_|AMAZON_|CDK_|LOCALSTACK_)/i;
/** What leads elsewhere than the address says. `npm_config_…` is npm's way of setting them. */
const OF_PROXIES = /^(?:npm_config_)?(?:https?|all|no|global_agent_https?)[-_]?proxy$|^NODE_USE_ENV_PROXY$/i;
/** How cdklocal is told of an emulator elsewhere. */
const OF_CDKLOCAL = ['EDGE_PORT', 'USE_SSL', 'BUCKET_MARKER_LOCAL', 'LAMBDA_MOUNT_CODE'];

export interface Harmless {
  /** The emulator's, an address of this machine. */
  readonly endpoint: string;
  readonly region: string;
  /** An empty folder: it is where tools look for ~/.aws, ~/.cdk.json and what they remember of accounts. */
  readonly home: string;
}

/** An environment in which no AWS tool can find an account of anybody's: what it does reach is the emulator. */
export function harmlessEnvironment(inherited: NodeJS.ProcessEnv, { endpoint, region, home }: Harmless) {
  const kept = Object.entries(inherited).filter(
    ([name]) => !OF_AWS.test(name) && !OF_PROXIES.test(name) && !OF_CDKLOCAL.includes(name),
  );
  const settings: Readonly<Record<`AWS_${string}`, string>> = {
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_ENDPOINT_URL: endpoint,
    // cdklocal wants it said; an address, not a name, is what has the bucket in the path.
    AWS_ENDPOINT_URL_S3: endpoint,
    // Our versions of the SDK are locked.
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  };
  return {
    ...Object.fromEntries(kept),
    ...settings,
    // cdklocal throws the others away, those that keep ~/.aws from being read among them.
    AWS_ENVAR_ALLOWLIST: Object.keys(settings).join(','),
    CDK_DISABLE_CLI_TELEMETRY: 'true',
    // Where the CDK remembers which account an access key is of: with `test`, that of the emulator before this one.
    CDK_HOME: home,
    HOME: home,
    USERPROFILE: home,
  };
}
