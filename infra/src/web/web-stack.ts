import { Aws, CfnOutput, Duration, RemovalPolicy, Stack, type StackProps, Validations } from 'aws-cdk-lib';
import { Distribution, HttpVersion, PriceClass, ViewerProtocolPolicy } from 'aws-cdk-lib/aws-cloudfront';
import { S3BucketOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type BucketProps,
  type CfnBucket,
  type IBucket,
  ObjectOwnership,
} from 'aws-cdk-lib/aws-s3';
import { BucketDeployment, CacheControl, Source } from 'aws-cdk-lib/aws-s3-deployment';
import type { Construct } from 'constructs';
import type { Settings } from '../settings.ts';
import { createSecurityHeaders } from './security-headers.ts';

/** The WebSocket API that the page connects to. */
export interface SignallingUrls {
  readonly stage: { readonly url: string };
  readonly api: { readonly apiEndpoint: string };
}

export interface WebStackProps extends StackProps {
  readonly settings: Settings;
  readonly signalling: SignallingUrls;
  /** Folder of the built call page. */
  readonly demoFolder: string;
}

/** The call page: files in a private bucket behind CloudFront, beside them the config.json that says where the API is. */
export class WebStack extends Stack {
  readonly distribution: Distribution;

  constructor(scope: Construct, id: string, props: WebStackProps) {
    super(scope, id, props);
    const { settings, signalling, demoFolder } = props;
    const logs = this.#createLogs(settings);
    const bucket = createBucket(this, 'Files', { serverAccessLogsBucket: logs, serverAccessLogsPrefix: 'files/' });
    this.distribution = this.#createDistribution(bucket, logs, signalling);
    new BucketDeployment(this, 'Page', {
      sources: [
        Source.asset(demoFolder),
        Source.jsonData('config.json', { signalling: signalling.stage.url, domain: settings.domain }),
      ],
      destinationBucket: bucket,
      distribution: this.distribution,
      // Its files keep their names from one version to the next.
      cacheControl: [CacheControl.noCache()],
      memoryLimit: 256,
    });
    this.#acknowledgeDeployment(bucket);
    new CfnOutput(this, 'DemoUrl', {
      value: `https://${this.distribution.domainName}/`,
      description: 'Open this in two tabs',
    });
  }

  #createLogs({ logRetentionDays }: Settings): IBucket {
    const logs = createBucket(this, 'Logs', {
      // CloudFront's standard logs come by ACL.
      objectOwnership: ObjectOwnership.OBJECT_WRITER,
      lifecycleRules: [{ expiration: Duration.days(logRetentionDays) }],
    });
    Validations.of(logs).acknowledge({ id: 'AwsSolutions-S1', reason: 'These are the logs.' });
    return logs;
  }

  #createDistribution(bucket: IBucket, logs: IBucket, { api }: SignallingUrls): Distribution {
    const distribution = new Distribution(this, 'Distribution', {
      comment: 'The call page of Hyperroom',
      defaultRootObject: 'index.html',
      httpVersion: HttpVersion.HTTP2_AND_3,
      // North America and Europe: the cheapest. Calls do not pass here, only the page does.
      priceClass: PriceClass.PRICE_CLASS_100,
      logBucket: logs,
      logFilePrefix: 'page/',
      defaultBehavior: {
        origin: S3BucketOrigin.withOriginAccessControl(bucket),
        viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
        compress: true,
        responseHeadersPolicy: createSecurityHeaders(this, api.apiEndpoint),
      },
    });
    Validations.of(distribution).acknowledge(
      { id: 'AwsSolutions-CFR1', reason: 'A call page is for whoever is invited, wherever that is.' },
      {
        id: 'AwsSolutions-CFR2',
        reason: 'Four static files from a cache; what they speak to is throttled by the API itself.',
      },
      {
        id: 'AwsSolutions-CFR4',
        reason:
          "Under CloudFront's own name its certificate decides: browsers of today speak TLS 1.3 there, and HSTS holds them to TLS. A minimum of 1.2 wants a certificate and a name of yours: docs/operations.md.",
      },
    );
    return distribution;
  }

  /** CDK's own function, of which a stack has one: it copies the files while the stack is deployed, and runs at no other time. */
  #acknowledgeDeployment(bucket: IBucket): void {
    const copier = this.node.children.find(({ node }) => node.id.startsWith('Custom::CDKBucketDeployment'));
    if (copier === undefined) throw new Error('CDK deploys the files of the page in another way: see what nag says');
    const reason = "CDK's own function, which copies the page while the stack is deployed";
    const files = this.getLogicalId(bucket.node.defaultChild as CfnBucket);
    const assets = `arn:<AWS::Partition>:s3:::cdk-hnb659fds-assets-<AWS::AccountId>-${this.region === Aws.REGION ? '<AWS::Region>' : this.region}`;
    const ids = [
      'L1',
      'IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]',
      ...['GetBucket', 'GetObject', 'List', 'Abort', 'DeleteObject'].map((verb) => `IAM5[Action::s3:${verb}*]`),
      ...[`${assets}/*`, `<${files}.Arn>/*`, '*'].map((resource) => `IAM5[Resource::${resource}]`),
    ];
    Validations.of(copier).acknowledge(...ids.map((id) => ({ id: `AwsSolutions-${id}`, reason })));
  }
}

function createBucket(scope: Construct, id: string, props: BucketProps): IBucket {
  const bucket = new Bucket(scope, id, {
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    encryption: BucketEncryption.S3_MANAGED,
    enforceSSL: true,
    // They hold nothing that a deployment does not write anew, or that anybody would miss with the page.
    removalPolicy: RemovalPolicy.DESTROY,
    autoDeleteObjects: true,
    ...props,
  });
  // CDK's types do not know of exactOptionalPropertyTypes.
  return bucket as IBucket;
}
