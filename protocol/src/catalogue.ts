/** What data objects name as their schemas. */
export const SCHEMAS = {
  connection: 'hyperty-catalogue://catalogue.hyperroom/.well-known/dataschema/Connection',
  communication: 'hyperty-catalogue://catalogue.hyperroom/.well-known/dataschema/Communication',
} as const;
