import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { WebSocketApi, WebSocketStage } from 'aws-cdk-lib/aws-apigatewayv2';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createApp } from '../cdk-app.ts';
import { expectSound } from '../checks.testing.ts';
import { defaultSettings } from '../settings.ts';
import { WebStack } from './web-stack.ts';

let demoFolder: string;
let stack: WebStack;
let template: Template;

beforeAll(async () => {
  demoFolder = await mkdtemp(join(tmpdir(), 'hyperroom-demo-'));
  await writeFile(join(demoFolder, 'index.html'), '<!doctype html>');
  const app = createApp();
  const others = new Stack(app, 'Signalling');
  const api = new WebSocketApi(others, 'Api');
  const stage = new WebSocketStage(others, 'Stage', { webSocketApi: api, stageName: 'live', autoDeploy: true });
  const settings = { ...defaultSettings, domain: 'example.org', logRetentionDays: 7 } as const;
  stack = new WebStack(app, 'Web', { settings, signalling: { api, stage }, demoFolder });
  template = Template.fromStack(stack);
}, 60_000);
afterAll(() => rm(demoFolder, { recursive: true, force: true }));

describe('the call page on CloudFront', () => {
  test('has no finding that is not explained, and is what the schemas of AWS want', () => expectSound(stack));

  test('comes from a bucket that only CloudFront reads', () => {
    for (const { Properties } of Object.values(template.findResources('AWS::S3::Bucket'))) {
      expect(Properties).toMatchObject({
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          BlockPublicPolicy: true,
          IgnorePublicAcls: true,
          RestrictPublicBuckets: true,
        },
        BucketEncryption: { ServerSideEncryptionConfiguration: expect.anything() },
      });
      expect(Properties).not.toHaveProperty('WebsiteConfiguration');
    }
    template.hasResourceProperties('AWS::CloudFront::OriginAccessControl', {
      OriginAccessControlConfig: { SigningBehavior: 'always', SigningProtocol: 'sigv4' },
    });
    template.hasResourceProperties('AWS::S3::BucketPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Effect: 'Allow',
            Principal: { Service: 'cloudfront.amazonaws.com' },
            Condition: { StringEquals: { 'AWS:SourceArn': Match.anyValue() } },
          }),
        ]),
      },
    });
  });

  test('is kept from plain HTTP, frames and other origins', () => {
    template.hasResourceProperties('AWS::CloudFront::Distribution', {
      DistributionConfig: {
        DefaultCacheBehavior: { ViewerProtocolPolicy: 'redirect-to-https', ResponseHeadersPolicyId: Match.anyValue() },
        PriceClass: 'PriceClass_100',
        Logging: { Prefix: 'page/' },
      },
    });
    const [policy] = Object.values(template.findResources('AWS::CloudFront::ResponseHeadersPolicy'));
    const { SecurityHeadersConfig: headers, CustomHeadersConfig: others } =
      policy?.Properties.ResponseHeadersPolicyConfig ?? {};
    expect(headers).toMatchObject({
      StrictTransportSecurity: { AccessControlMaxAgeSec: 31_536_000, IncludeSubdomains: true, Override: true },
      FrameOptions: { FrameOption: 'DENY', Override: true },
      ContentTypeOptions: { Override: true },
    });
    const csp = JSON.stringify(headers.ContentSecurityPolicy.ContentSecurityPolicy);
    expect(csp).toContain("default-src 'none'; script-src 'self'");
    expect(csp).toMatch(/connect-src 'self' ",\{"Fn::GetStackOutput":[^;]*ApiEndpoint/);
    expect(csp).not.toMatch(/unsafe|\*/);
    expect(JSON.stringify(others)).toContain('camera=(self)');
  });

  test('is told where the API is', () => {
    const [deployment] = Object.values(template.findResources('Custom::CDKBucketDeployment'));
    const told = JSON.stringify(deployment?.Properties.SourceMarkers);
    expect(told).toMatch(/"Fn::GetStackOutput":.*RefApi/);
    expect(deployment?.Properties.SourceObjectKeys).toHaveLength(2);
    template.hasOutput('DemoUrl', {});
  });
});
