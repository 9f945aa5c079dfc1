import { buildDemo } from '@hyperroom/client/build';
import { createApp } from './cdk-app.ts';
import { demoFolder, functionsFolder, hostFolder } from './layout.ts';
import { bundleHost } from './media/bundle-host.ts';
import { settingsOf } from './settings.ts';
import { bundleFunctions } from './signalling/bundle-functions.ts';
import { addStacks } from './stacks.ts';

// The CDK CLI runs this file and says itself, through the environment, where the assembly goes.
const app = createApp(undefined, { isChecked: true });
const settings = settingsOf(app.node.getAllContext(), process.env);
await Promise.all([
  bundleFunctions(),
  settings.media && bundleHost(),
  settings.web && buildDemo({ outdir: demoFolder, minify: true }),
]);
addStacks(app, settings, { functionsFolder, hostFolder, demoFolder });
app.synth();
