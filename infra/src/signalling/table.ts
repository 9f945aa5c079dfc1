import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, BillingMode, ProjectionType, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import { type IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';

interface Index {
  readonly name: string;
  readonly key: string;
  readonly projection: ProjectionType;
}

const indexes: readonly Index[] = [
  { name: 'byConnection', key: 'connectionId', projection: ProjectionType.ALL },
  // By what the domain registry is searched.
  ...['User', 'Guid', 'Name', 'Reporter'].map((key) => ({
    name: `by${key}`,
    key: `registered${key}`,
    projection: ProjectionType.KEYS_ONLY,
  })),
  // Sparse: only room items have the attribute.
  { name: 'byListing', key: 'listed', projection: ProjectionType.KEYS_ONLY },
  // Sparse likewise: the rooms of a media node.
  { name: 'byNode', key: 'node', projection: ProjectionType.KEYS_ONLY },
];

export function createTable(scope: Construct, removalPolicy: RemovalPolicy): Table {
  // Table, not TableV2: that one becomes a GlobalTable, which emulators of AWS mishandle.
  const table = new Table(scope, 'Table', {
    partitionKey: { name: 'pk', type: AttributeType.STRING },
    billingMode: BillingMode.PAY_PER_REQUEST,
    timeToLiveAttribute: 'ttl',
    encryption: TableEncryption.AWS_MANAGED,
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    deletionProtection: removalPolicy === RemovalPolicy.RETAIN,
    removalPolicy,
  });
  for (const { name, key, projection } of indexes) {
    table.addGlobalSecondaryIndex({
      indexName: name,
      partitionKey: { name: key, type: AttributeType.STRING },
      projectionType: projection,
    });
  }
  return table;
}

/** What is done with single items. No Scan: nothing in the signalling path may read the whole table. */
export type ItemAction = 'BatchGetItem' | 'DeleteItem' | 'GetItem' | 'PutItem' | 'UpdateItem';

/** Lets somebody do this with items. */
export function grantItems({ tableArn }: Table, grantee: IGrantable, actions: readonly ItemAction[]): void {
  grantee.grantPrincipal.addToPrincipalPolicy(
    new PolicyStatement({ actions: actions.map((action) => `dynamodb:${action}`), resources: [tableArn] }),
  );
}

/** The same, and lets them query the indexes. */
export function grantTable(table: Table, grantee: IGrantable, actions: readonly ItemAction[]): void {
  grantItems(table, grantee, actions);
  grantee.grantPrincipal.addToPrincipalPolicy(
    new PolicyStatement({
      actions: ['dynamodb:Query'],
      resources: indexes.map(({ name }) => `${table.tableArn}/index/${name}`),
    }),
  );
}
